import type { Effect, Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { TransitionInput } from '../../domain/scenario/transition.ts'
import type { InboxRow, Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import { type Entry, isUnstarted, laterExit } from './entries.ts'
import type { ScenarioBook } from './scenario-book.ts'

/** One enrolment in the hands of a batch: what is to be fed to the reducer, and what came out so far. */
export interface Task {
  readonly definition: ScenarioDefinition
  /** False where its steps must wait; exits apply all the same. */
  readonly canRun: boolean
  enrolment: Enrolment
  readonly inputs: TransitionInput[]
  readonly effects: Effect[]
  /** Steps of the reducer taken in this batch. */
  taken: number
  isChanged: boolean
}

/**
 * Lines up the enrolments of a batch with their inputs in the order of each contact's life: exits of an event reach what was
 * entered before it, and an entry comes before the exits that follow it. Waking comes last and is found when running.
 */
export function* lineUp(
  batch: Batch,
  active: readonly Enrolment[],
  fresh: readonly InboxRow[],
  entries: readonly Entry[],
  book: ScenarioBook,
): Step<readonly Task[]> {
  const tasks = active.flatMap((enrolment) => {
    const definition = book.of(enrolment)
    if (definition === null) return []
    const task = taskOf(enrolment, definition, book)
    if (task.canRun && batch.moved.has(enrolment.contactId)) task.inputs.push({ kind: 'wake' })
    return [task]
  })
  const byContact = Map.groupBy(tasks, ({ enrolment }) => enrolment.contactId)
  const byRow = Map.groupBy(entries, ({ row }) => row)
  const isFresh = new Set(fresh)
  for (const row of batch.inbox) {
    const own = byContact.get(row.contactId) ?? []
    if (row.kind === 'track' && isFresh.has(row)) feed(own, row)
    for (const entry of byRow.get(row) ?? []) {
      const task = taskOf(entry.enrolment, entry.definition, book)
      tasks.push(task)
      byContact.set(row.contactId, [...(byContact.get(row.contactId) ?? []), task])
    }
  }
  yield* feedEarlierExits(batch, tasks, entries)
  return tasks
}

/** Commits come out of order: the event that ends an enrolment may have been worked in before the one that starts it. */
function* feedEarlierExits(batch: Batch, tasks: readonly Task[], entries: readonly Entry[]): Step<void> {
  const byId = new Map(tasks.map((task) => [task.enrolment.id, task]))
  for (const entry of entries) {
    const task = byId.get(entry.enrolment.id)
    if (task === undefined || task.inputs.some(({ kind }) => kind === 'event')) continue
    const exit = yield* laterExit(batch, entry)
    if (exit !== null) task.inputs.push({ kind: 'event', event: exit.name, occurredAt: exit.occurredAt })
  }
}

const taskOf = (enrolment: Enrolment, definition: ScenarioDefinition, book: ScenarioBook): Task => {
  const canRun = book.canRun(definition)
  const inputs: TransitionInput[] = canRun && isUnstarted(enrolment) ? [{ kind: 'enter' }] : []
  return { definition, canRun, enrolment, inputs, effects: [], taken: 0, isChanged: false }
}

/** Events from before the entry end nothing. */
const feed = (tasks: readonly Task[], row: InboxRow) => {
  for (const { enrolment, definition, inputs } of tasks) {
    if (definition.exitOn.includes(row.name) && row.occurredAt >= enrolment.enteredAt)
      inputs.push({ kind: 'event', event: row.name, occurredAt: row.occurredAt })
  }
}
