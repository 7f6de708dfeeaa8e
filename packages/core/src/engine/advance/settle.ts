import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { endingReason } from '../../domain/scenario/level-conditions.ts'
import { transition } from '../../domain/scenario/transition.ts'
import type { Need, TransitionFacts, TransitionInput } from '../../domain/scenario/transition-contract.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from '../../ports/storage/index.ts'
import { type Batch, reasonOf } from './batch.ts'
import type { Asked, Known } from './known.ts'
import { failedEnrolment } from './set-aside.ts'
import type { Task } from './task.ts'

/** Loops in a definition end here; the rest goes on in the next round (design §5). */
export const mostTransitions = 100

/**
 * Runs every task until nothing is left to feed to it. Where the reducer asks for facts, they are read for all of the batch that
 * will need them, and the reducer is asked again. An enrolment whose step throws becomes `failed` with its reason and takes nobody
 * with it.
 */
export function* settle(batch: Batch, tasks: readonly Task[], known: Known): Step<void> {
  let open = tasks
  while (open.length > 0) {
    const asked: Asked[] = []
    for (const task of open) {
      const needs = runTask(batch, task, known)
      if (needs.length > 0) asked.push({ task, needs })
    }
    if (asked.length > 0) yield* known.read(asked)
    open = asked.map(({ task }) => task)
  }
}

/** Feeds a task until it is done or needs facts, which are answered. */
const runTask = (batch: Batch, task: Task, known: Known): readonly Need[] => {
  try {
    task.facts ??= known.factsOf(task)
    for (let input = nextInput(batch, task); input !== null; input = nextInput(batch, task)) {
      const before = task.enrolment
      const result = transition(task.definition, before, input, factsUntilItEnds(task, task.facts), batch.now)
      if (result.kind === 'needs') return stillMissing(task, result.needs)
      if (input === task.inputs[0]) task.inputs.shift()
      task.asked = null
      task.enrolment = leftWhenItHappened(result.enrolment, input, batch.now)
      task.taken += 1
      for (const effect of result.effects) {
        task.effects.push(effect)
        if (effect.kind === 'update') task.isStopped = true
        if (effect.kind === 'assign') known.assign(effect.experiment, before.contactId, effect.variant)
      }
      task.isChanged ||= result.enrolment !== before || result.effects.length > 0
      if (result.enrolment.state === 'failed') reportFailure(batch, result.enrolment)
    }
  } catch (error) {
    failTask(batch, task, error)
  }
  return []
}

/**
 * Told together with an event that ends it, an enrolment hears nothing that happened from then on: it has left by then. So no
 * `wait-for` looks ahead.
 */
const factsUntilItEnds = ({ definition, enrolment, inputs }: Task, facts: TransitionFacts): TransitionFacts => {
  if (inputs.length < 2) return facts
  for (const input of inputs.slice(1)) {
    if (input.kind !== 'event' || endingReason(definition, enrolment, input, facts.timeZone) === null) continue
    return { ...facts, events: (name) => facts.events(name)?.filter(({ occurredAt }) => occurredAt < input.occurredAt) }
  }
  return facts
}

/** It left when the event happened, however late that is told: whoever comes back after it may enter again. */
const leftWhenItHappened = (enrolment: Enrolment, input: TransitionInput, now: Instant): Enrolment =>
  input.kind === 'event' && enrolment.state === 'exited' ? { ...enrolment, endedAt: Math.min(now, input.occurredAt) } : enrolment

/** After an update of attributes only what has happened is still told; the rest looks at the new values in the next round. */
const nextInput = (batch: Batch, task: Task): TransitionInput | null => {
  const { inputs, enrolment, hold, taken, isStopped } = task
  if (enrolment.state !== 'active' || taken >= mostTransitions) return null
  while (isStopped && (inputs[0]?.kind === 'look' || inputs[0]?.kind === 'wake')) inputs.shift()
  const isDue = hold === null && enrolment.wakeAt !== null && enrolment.wakeAt <= batch.now
  if (inputs[0]?.kind === 'look' && inputs.length === 1 && isDue) inputs.shift()
  const first = inputs[0]
  if (first !== undefined) return first
  return isDue && !isStopped ? { kind: 'wake' } : null
}

/** Facts that were read and are asked for again would go on for ever. */
const stillMissing = (task: Task, needs: readonly Need[]): readonly Need[] => {
  const asked = JSON.stringify(needs)
  if (asked === task.asked) throw new Error(`scenario ${task.definition.name} asks again for facts that it has been told`)
  task.asked = asked
  return needs
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
