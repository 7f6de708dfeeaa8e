import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { takeDeferred } from '../../domain/scenario/inputs/take-deferred.ts'
import { takeResumed } from '../../domain/scenario/inputs/take-resumed.ts'
import { endingReason } from '../../domain/scenario/level-conditions.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { InboxRow } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import { isWatching, partsOf } from './definition-parts.ts'
import type { Replanned } from './reconsider-mail.ts'
import type { ScenarioBook } from './scenario-book.ts'
import type { Start } from './start.ts'
import { lookLater, type Task, taskOf } from './task.ts'

/** What a batch has to line up. */
export interface LineUp {
  readonly active: readonly Enrolment[]
  /** Mail of theirs that goes out at another time, because the contact has moved. */
  readonly replanned: Replanned
  /** Events that are new. */
  readonly fresh: readonly InboxRow[]
  readonly entries: readonly Start[]
}

/**
 * Lines up the enrolments of a batch with their inputs in the order of each contact's life: what an event ends was entered before
 * it, and an entry comes before what follows it. Then those that watch something look again, if anything happened to the
 * contact. Waking comes last and is found when running.
 */
export const lineUp = (batch: Batch, { active, replanned, fresh, entries }: LineUp, book: ScenarioBook): readonly Task[] => {
  const tasks = active.flatMap((enrolment) => {
    const definition = book.of(enrolment)
    return definition === null ? [] : [taskOf(enrolment, definition, book)]
  })
  for (const task of tasks) replan(batch, task, replanned)
  const before = [...tasks]
  const byContact = Map.groupBy(tasks, ({ enrolment }) => enrolment.contactId)
  const byRow = Map.groupBy(entries, ({ row }) => row)
  const add = ({ enrolment, definition }: Start) => {
    const task = taskOf(enrolment, definition, book)
    tasks.push(task)
    byContact.set(enrolment.contactId, [...(byContact.get(enrolment.contactId) ?? []), task])
  }
  const isFresh = new Set(fresh)
  for (const row of batch.inbox) {
    const own = byContact.get(row.contactId) ?? []
    if (row.kind === 'track' && isFresh.has(row)) for (const task of own) tell(batch, task, row)
    if (row.kind === 'step') pass(batch, own, row)
    for (const entry of byRow.get(row) ?? []) add(entry)
  }
  for (const entry of byRow.get(null) ?? []) add(entry)
  lookAgain(batch, before)
  return tasks
}

/**
 * Where a late worker had put mail off, its planned time has passed: that one counts. An enrolment that is held takes no step, and
 * counts from the new time when it goes on.
 */
const replan = (batch: Batch, task: Task, replanned: Replanned): void => {
  const inputs = plannedFor(task, batch.now) > batch.now ? (replanned.get(task.enrolment.id) ?? []) : []
  if (task.hold === null) task.inputs.push(...inputs)
  if (task.hold === null || inputs.length === 0) return
  for (const input of inputs) task.enrolment = takeDeferred(task.enrolment, input, task.definition)
  task.isChanged = true
  lookLater(task, batch.now)
}

/** When its latest mail is planned for, once it has been told of the pauses that are over. */
const plannedFor = ({ enrolment, inputs }: Task, now: Instant): Instant =>
  inputs.reduce((told, input) => (input.kind === 'resumed' ? takeResumed(told, input, now) : told), enrolment).anchorAt

/** Tells an enrolment of an event. Events from before the entry end nothing. One that is held hears only what ends it. */
const tell = (batch: Batch, task: Task, row: InboxRow): void => {
  const { definition, enrolment, hold } = task
  const { ending, awaited } = partsOf(definition)
  if (row.occurredAt < enrolment.enteredAt || !(ending.has(row.name) || awaited.has(row.name))) return
  const event = { event: row.name, occurredAt: row.occurredAt, payload: row.payload }
  const timeZone = batch.contacts.get(row.contactId)?.timeZone ?? batch.runtime.settings.timeZone
  if (hold === null || endingReason(definition, enrolment, event, timeZone) !== null)
    task.inputs.push({ kind: 'event', ...event })
  if (hold !== null) lookLater(task, batch.now)
}

/** Hands over what became of a call or a capped mail. What only another process can go on with is left to it. */
const pass = (batch: Batch, own: readonly Task[], row: InboxRow): void => {
  const { enrolmentId, input } = row.meta ?? {}
  const task = own.find(({ enrolment }) => enrolment.id === enrolmentId)
  if (task === undefined || input === undefined) return
  if (task.hold === 'foreign' && input.kind !== 'exit') batch.kept.add(row.id)
  else task.inputs.push(input)
}

const lookAgain = (batch: Batch, tasks: readonly Task[]): void => {
  const happened = new Set(batch.inbox.filter(({ id }) => !batch.kept.has(id)).map(({ contactId }) => contactId))
  const merged = new Set(batch.inbox.filter(isMerge).map(({ contactId }) => contactId))
  for (const task of tasks) {
    const { contactId, wakeSpec } = task.enrolment
    const isResumed = task.inputs.some(({ kind }) => kind === 'resumed')
    const before = batch.before.get(contactId)
    const hasNewZone = before !== undefined && before.timeZone !== batch.contacts.get(contactId)?.timeZone
    const isMoved = wakeSpec !== null && (hasNewZone || merged.has(contactId))
    const isAffected = isResumed || (happened.has(contactId) && (isMoved || isWatching(task.definition, task.enrolment)))
    if (!isAffected) continue
    if (task.hold === null) task.inputs.push({ kind: 'look' })
    else lookLater(task, batch.now)
  }
}

/** An enrolment that came with another contact may be in another zone now. */
const isMerge = ({ kind, name }: InboxRow): boolean => kind === 'look' && name === 'merge'
