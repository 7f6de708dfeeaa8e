import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { endingReason } from '../../domain/scenario/level-conditions.ts'
import type { PastEvent } from '../../domain/scenario/transition-contract.ts'
import type { Step } from '../../ports/storage/index.ts'
import { partsOf } from './definition-parts.ts'
import type { Known } from './known.ts'
import type { Task } from './task.ts'

/**
 * Commits come out of order: the event that ends an enrolment may have been worked in before the one that starts it. So each new
 * enrolment is told what ends it and happened after its entry, as far as it is known. So is one that is in its scenario again.
 */
export function* feedEarlier(tasks: readonly Task[], arrived: readonly Pick<Enrolment, 'id'>[], known: Known): Step<void> {
  const isNew = new Set(arrived.map(({ id }) => id))
  const entered = tasks.filter(({ enrolment, definition }) => isNew.has(enrolment.id) && partsOf(definition).ending.size > 0)
  const definitions = new Set(entered.map(({ definition }) => definition))
  yield* known.readEvents(
    [...definitions].flatMap((definition) => [...partsOf(definition).ending].map((event) => ({ definition, event }))),
  )
  for (const task of entered) feed(task, known)
}

/** One that is held hears only what really ends it, by its payload too. */
const feed = (task: Task, known: Known): void => {
  const { inputs, definition, enrolment, hold } = task
  const facts = known.factsOf(task)
  const told = inputs.filter((input) => input.kind === 'event')
  const isTold = new Set(told.map(({ event, occurredAt }) => `${event}\n${occurredAt}`))
  const missed = [...partsOf(definition).ending]
    .flatMap((event) => (facts.events(event) ?? []).map((one) => ({ kind: 'event', event, ...lifeOf(one) }) as const))
    .filter(({ event, occurredAt }) => occurredAt > enrolment.enteredAt && !isTold.has(`${event}\n${occurredAt}`))
    .filter((event) => hold === null || endingReason(definition, enrolment, event, facts.timeZone) !== null)
  if (missed.length === 0) return
  const others = inputs.filter(({ kind }) => kind !== 'event')
  const events = [...told, ...missed].toSorted((a, b) => a.occurredAt - b.occurredAt)
  inputs.splice(0, inputs.length, ...others, ...events)
}

const lifeOf = ({ occurredAt, payload }: PastEvent) => ({ occurredAt, payload })
