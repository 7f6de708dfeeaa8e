import { type Instant, type Milliseconds, minute } from '../time/instant.ts'
import { exitEnrolment } from './end-enrolment.ts'
import type { DueMemory, Effect, Enrolment, WakeSpec } from './enrolment.ts'
import { remember } from './memory.ts'
import type { World } from './transition-contract.ts'

/** Where a walk is. */
export interface Walk {
  readonly enrolment: Enrolment
  /** What the next step counts from: end of the wait before it, planned time of the send before it, or the entry. */
  readonly dueAt: Instant
  /** When the enrolment comes here by its own time, not the worker's. Later than `dueAt` only behind a wait whose time had passed. */
  readonly reachedAt: Instant
  /**
   * Nothing has been sent or waited for since an event: the next mail is planned for now. Where that waited longer than
   * `maxEventAge` (a paused scenario) it is planned for its own time instead, so that `late` decides.
   */
  readonly isFresh: boolean
  /** Steps taken since the last wait of a minute or more: too many are a loop. */
  readonly taken: number
  readonly effects: readonly Effect[]
}

/** `on`: at the next step. `stop`: it waits there, looked at again at `wakeAt` and when one of `watched` segments may change. `done`: as it is. */
export type Progress =
  | { readonly kind: 'on'; readonly walk: Walk }
  | { readonly kind: 'stop'; readonly walk: Walk; readonly wakeAt: Instant | null; readonly watched: readonly string[] }
  | { readonly kind: 'done'; readonly enrolment: Enrolment; readonly effects: readonly Effect[] }

type Changes = Partial<Pick<Walk, 'dueAt' | 'reachedAt' | 'isFresh' | 'taken'>> & { readonly effect?: Effect }

/** The step is taken: the walk at the step after it. */
export const leave = (walk: Walk, next: string | null, { effect, ...changes }: Changes = {}): Progress => {
  const { enrolment, effects } = walk
  const after: Enrolment = { ...enrolment, stepSeq: enrolment.stepSeq + 1, stepId: next, wakeSpec: null, wakeAt: null }
  return {
    kind: 'on',
    walk: {
      ...walk,
      taken: walk.taken + 1,
      ...changes,
      enrolment: after,
      effects: effect === undefined ? effects : [...effects, effect],
    },
  }
}

/** Steps that count towards a loop behind a wait: only a minute or more by the enrolment's own time ends the count, as a round of milliseconds would go on for ever. */
export const takenBehind = (taken: number, passed: Milliseconds): number => (passed >= minute ? 0 : taken)

/** A wait is over: what a cap says about the mail before it concerns nobody any more. Where a minute has passed it is no loop, nor one through other scenarios. */
export const leaveWait = (walk: Walk, next: string | null, changes: Changes = {}): Progress => {
  const enrolment = remember(walk.enrolment, { lastSendSeq: undefined })
  const passed = (changes.reachedAt ?? walk.reachedAt) - walk.reachedAt
  if (passed < minute) return leave({ ...walk, enrolment }, next, changes)
  return leave({ ...walk, enrolment: { ...enrolment, depth: 0 } }, next, { ...changes, taken: 0 })
}

/** Stops between two steps; the next run goes on at once. */
export const pauseHere = ({ enrolment, effects, dueAt, reachedAt, isFresh, taken }: Walk, { now }: World): Progress => {
  const due: DueMemory = { at: dueAt, reachedAt, isFresh, taken }
  return { kind: 'done', enrolment: { ...remember(enrolment, { due }), wakeAt: now }, effects }
}

/** Waits at the step it stands at, `isSure`: until its end, whatever happens. */
export const waitHere = (
  walk: Walk,
  wakeSpec: WakeSpec,
  { watched = [], isSure = false }: { readonly watched?: readonly string[]; readonly isSure?: boolean } = {},
): Progress => {
  const { arrivedAt, endsAt } = wakeSpec
  const isLong = isSure && endsAt !== null && endsAt - arrivedAt >= minute
  const taken = isLong || walk.taken === 0 ? undefined : walk.taken
  return {
    kind: 'stop',
    walk: { ...walk, enrolment: { ...remember(walk.enrolment, { taken }), wakeSpec } },
    wakeAt: endsAt,
    watched,
  }
}

/** Leaves the scenario; what this run queued is dropped with the rest. */
export const exitHere = ({ enrolment, effects }: Walk, reason: string, { now }: World): Progress => ({
  kind: 'done',
  enrolment: exitEnrolment(enrolment, reason, now),
  effects: [...effects, { kind: 'dropQueued' }],
})
