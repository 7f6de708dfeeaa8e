import type { Instant } from '../time/instant.ts'
import { mailTruth } from './mail-match.ts'
import { matchesPayload } from './match-event.ts'
import type { EventMatch, WaitForStep } from './scenario-definition.ts'
import type { PastEvent, World } from './transition-contract.ts'
import type { Walk } from './walk.ts'

type Arm = WaitForStep['arms'][number]

/** Whether somebody has to do something first. A segment, or a mail that went out, may be true at once. */
export const isAct = (on: Arm['on']): boolean =>
  on.kind === 'event' || (on.kind === 'mail' && (on.fate === 'opened' || on.fate === 'clicked'))

/** An arm that has come true: when, as far as that is known, and by which event. */
export interface TrueArm {
  readonly next: string | null
  readonly since: Instant | null
  readonly event: string | null
  /** Comes true by something that was done, each time anew. */
  readonly isAct: boolean
}

/** Later than this an event counts: it has not led on from here before. */
const heardUntil = (step: WaitForStep, event: string, { memory }: Walk['enrolment']): Instant | null => {
  const own = memory.heard?.[step.id]
  if (step.since === 'entry') return own?.event === event ? own.at : null
  const all = Object.values(memory.heard ?? {}).filter((one) => one.event === event)
  return all.length === 0 ? null : Math.max(...all.map(({ at }) => at))
}

/** The event that started the enrolment is not one that it waits for. */
const withoutEntry = (events: readonly PastEvent[], name: string, { enrolment }: Walk, { definition }: World) => {
  const { trigger } = definition
  if (trigger?.kind !== 'event' || trigger.event !== name) return events
  const entry = events.findIndex(({ occurredAt }) => occurredAt === enrolment.enteredAt)
  return entry === -1 ? events : events.toSpliced(entry, 1)
}

const earliestEvent = (step: WaitForStep, on: EventMatch, arrivedAt: Instant, walk: Walk, world: World): Instant | null => {
  const { enrolment } = walk
  const since = { entry: enrolment.enteredAt, previous: enrolment.anchorAt, step: arrivedAt }[step.since]
  const heard = heardUntil(step, on.event, enrolment)
  const times = withoutEntry(world.facts.events(on.event) ?? [], on.event, walk, world)
    .filter((event) => event.occurredAt >= since && (heard === null || event.occurredAt > heard))
    .filter((event) => matchesPayload(on, event, world.facts.timeZone))
    .map(({ occurredAt }) => occurredAt)
  return times.length === 0 ? null : Math.min(...times)
}

const trueArm = (step: WaitForStep, { on, next }: Arm, arrivedAt: Instant, walk: Walk, world: World): TrueArm | null => {
  switch (on.kind) {
    case 'segment':
      return world.facts.matches(on.segment) === true ? { next, since: null, event: null, isAct: false } : null
    case 'mail': {
      const truth = mailTruth(on, walk, world)
      return truth.holds ? { next, since: truth.since, event: null, isAct: isAct(on) } : null
    }
    case 'event': {
      const since = earliestEvent(step, on, arrivedAt, walk, world)
      return since === null ? null : { next, since, event: on.event, isAct: isAct(on) }
    }
  }
}

/**
 * The arm that came true first, before the time-out at `endsAt`; of several at one instant the first in the list. Decided by
 * when things happened, so that it is the same whether they were known before the enrolment came here or after. What has no
 * time of its own (segments, being sent, one of several links) counts as of now, also where a worker comes after the time-out.
 */
export const firstTrueArm = (
  step: WaitForStep,
  { arrivedAt, endsAt }: { readonly arrivedAt: Instant; readonly endsAt: Instant },
  walk: Walk,
  world: World,
): TrueArm | null => {
  const timeOf = ({ since }: TrueArm) => since ?? world.now
  const arms = step.arms
    .map((arm) => trueArm(step, arm, arrivedAt, walk, world))
    .filter((arm) => arm !== null)
    .filter(({ since }) => since === null || since < endsAt)
  return arms.reduce<TrueArm | null>((best, arm) => (best === null || timeOf(arm) < timeOf(best) ? arm : best), null)
}
