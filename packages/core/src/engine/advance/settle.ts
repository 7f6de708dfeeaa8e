import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { TransitionFacts, TransitionInput } from '../../domain/scenario/transition.ts'
import { transition } from '../../domain/scenario/transition.ts'
import type { SegmentNode } from '../../domain/segment/segment-node.ts'
import { today } from '../../domain/time/local-date.ts'
import type { Step } from '../../ports/storage/index.ts'
import { type Batch, reasonOf } from './batch.ts'
import { failedEnrolment } from './set-aside.ts'
import type { Task } from './task.ts'

/** Loops in a definition end here; the rest goes on in the next round (design §5). */
const mostTransitions = 100

/** Who is in which segment, as far as it has been asked: members by tree. */
type Known = Map<string, ReadonlySet<string>>

/**
 * Runs every task until nothing is left to feed to it. Where the reducer asks for segments, they are read for all contacts
 * of the batch in one request a tree, and the reducer is asked again. An enrolment whose step throws becomes `failed` with its
 * reason and takes nobody with it.
 */
export function* settle(batch: Batch, tasks: readonly Task[]): Step<void> {
  const known: Known = new Map()
  let open = tasks
  while (open.length > 0) {
    const asked = new Map<string, SegmentNode>()
    const unsettled: Task[] = []
    for (const task of open) {
      const needs = advanceTask(batch, task, known)
      if (needs.length > 0) unsettled.push(task)
      for (const tree of needs) asked.set(keyOf(tree), tree)
    }
    yield* ask(batch, asked, known, tasks)
    open = unsettled
  }
}

/** Asks for all contacts of the batch at once, so that a tree is read at most once a batch. */
function* ask(batch: Batch, asked: ReadonlyMap<string, SegmentNode>, known: Known, tasks: readonly Task[]): Step<void> {
  const everyone = [...new Set(tasks.map(({ enrolment }) => enrolment.contactId))]
  const { timeZone } = batch.runtime.settings
  for (const [key, tree] of asked) {
    const query = { tree, now: batch.now, today: today(batch.now, timeZone) }
    known.set(key, new Set(yield* batch.tx.segments.matching(query, everyone)))
  }
}

/** Feeds a task until it is done or needs segments, which are answered. */
const advanceTask = (batch: Batch, task: Task, known: Known): readonly SegmentNode[] => {
  try {
    for (let input = nextInput(batch, task); input !== null; input = nextInput(batch, task)) {
      const facts = factsOf(batch, task, known)
      const result = transition(task.definition, task.enrolment, input, facts, batch.now)
      if (result.kind === 'needs') return missingTrees(task.definition, result.segments, known)
      if (input === task.inputs[0]) task.inputs.shift()
      const before = task.enrolment
      task.enrolment = result.enrolment
      task.effects.push(...result.effects)
      task.taken += 1
      task.isChanged ||= result.enrolment !== before || result.effects.length > 0
      if (result.enrolment.state === 'failed') reportFailure(batch, result.enrolment)
    }
  } catch (error) {
    failTask(batch, task, error)
  }
  return []
}

const nextInput = (batch: Batch, { inputs, enrolment, canRun, taken }: Task): TransitionInput | null => {
  if (enrolment.state !== 'active' || taken >= mostTransitions) return null
  const first = inputs[0]
  if (first !== undefined) return first
  const isDue = canRun && enrolment.wakeAt !== null && enrolment.wakeAt <= batch.now
  return isDue ? { kind: 'wake' } : null
}

const factsOf = (batch: Batch, { definition, enrolment }: Task, known: Known): TransitionFacts => {
  const contact = batch.contacts.get(enrolment.contactId)
  const { settings } = batch.runtime
  return {
    timeZone: contact?.timeZone ?? settings.timeZone,
    isHoliday: settings.isHoliday,
    matches: (segment) => known.get(keyOf(treeOf(definition, segment)))?.has(enrolment.contactId),
  }
}

const missingTrees = (definition: ScenarioDefinition, segments: readonly string[], known: Known): readonly SegmentNode[] => {
  const trees = segments.map((segment) => treeOf(definition, segment)).filter((tree) => !known.has(keyOf(tree)))
  if (trees.length === 0) throw new Error(`scenario ${definition.name} asks again for segments that it has been told`)
  return trees
}

const treeOf = (definition: ScenarioDefinition, segment: string): SegmentNode => {
  const tree = definition.segments[segment]
  if (tree === undefined) throw new Error(`scenario ${definition.name} has no tree for segment ${segment}`)
  return tree
}

const keys = new WeakMap<SegmentNode, string>()
const keyOf = (tree: SegmentNode): string => {
  const key = keys.get(tree) ?? JSON.stringify(tree)
  keys.set(tree, key)
  return key
}

/** What it queued in this batch is not sent: the effects of a run that failed are not carried out, but mail from before is dropped. */
const failTask = (batch: Batch, task: Task, error: unknown) => {
  const reason = reasonOf(error)
  task.enrolment = failedEnrolment(task.enrolment, batch.now, reason)
  task.effects.splice(0, task.effects.length, { kind: 'dropQueued' })
  task.isChanged = true
  reportFailure(batch, task.enrolment)
}

const reportFailure = (batch: Batch, { id, scenario, contactId, endReason }: Enrolment) => {
  const fields = { enrolmentId: id, scenario, contactId, reason: endReason }
  batch.notes.push({ level: 'error', event: 'enrolment.failed', fields })
}
