import type { Json, JsonObject } from '@tobiishi/core'

/** A line of the consent ledger. */
export interface Said {
  readonly kind: 'grant' | 'withdraw'
  /** Null: all topics. */
  readonly topic: string | null
  readonly at: number
}

/** A contact as the reference knows it. */
export interface Person {
  readonly id: string
  address: string | null
  zone: string | null
  attributes: { readonly [name: string]: Json }
  said: readonly Said[]
}

/** An event that has been taken in. */
export interface Happened {
  readonly name: string
  readonly id: string
  readonly payload: JsonObject
  readonly occurredAt: number
}

/** What waits to be worked in for a contact. */
export type Waiting =
  | ({ readonly kind: 'event'; readonly order: number } & Happened)
  | {
      readonly kind: 'enrol'
      readonly order: number
      readonly occurredAt: number
      readonly scenario: string
      readonly key: string
      readonly payload: JsonObject
      readonly at: string | null
    }
  | { readonly kind: 'look'; readonly order: number; readonly occurredAt: number; readonly starts: boolean }

export type SkipReason = 'late' | 'past' | 'no-anchor' | 'paused' | 'holdout'

/** A mail that an enrolment planned. */
export interface PlannedMail {
  readonly step: string
  readonly template: string
  /** That planned it; its window counts. */
  readonly version: number
  plannedAt: number
  /** Before window and quiet hours. */
  dueAt: number
  /** When the step was taken. */
  readonly madeAt: number
  readonly sendWithin: number
  /** Why it was written down as skipped at once; null: it was queued. */
  readonly skipped: SkipReason | null
  /** Why it may have been dropped from the queue since, and when. */
  dropped: { readonly reasons: readonly string[]; readonly at: number; readonly isSure: boolean } | null
  /** What the world saw become of it; null while it is queued. */
  end: 'sent' | 'failed' | 'skipped' | 'unknown' | null
  /** When a person first opened it or clicked in it. */
  openedAt: number | null
}

/** What a waiting enrolment waits at. */
export interface Stop {
  /** What the wait counts from; null: nothing. */
  readonly anchorAt: number | null
  /** What kind of anchor that is; `call`: it waits for the app. */
  readonly from: 'previous' | 'entry' | 'attribute' | 'event' | 'call'
  readonly arrivedAt: number
  /** The attribute as it was. */
  readonly value: string | null
  /** When the wait is over by itself. */
  readonly endsAt: number | null
}

/** One contact's run through a scenario, as the rules have it. */
export interface Course {
  readonly scenario: string
  version: number
  contact: string
  /** Whose it was when it was first seen; null: it has not been seen yet. */
  seenAs: string | null
  readonly key: string
  readonly enteredAt: number
  readonly payload: JsonObject
  state: 'active' | 'completed' | 'exited' | 'failed'
  reason: string | null
  endedAt: number | null
  /** Null: after the last one. */
  step: string | null
  hasStarted: boolean
  /** Planned time of the mail before, at first the entry. */
  anchorAt: number
  /** What the next step counts from, and when the enrolment came there by its own time. */
  at: number
  reachedAt: number
  /** Nothing was sent or waited for since something happened. */
  isFresh: boolean
  stop: Stop | null
  holdout: { readonly until: string | null } | null
  skipping: 'past' | 'no-anchor' | null
  skipBefore: number | null
  shiftedBy: number
  readonly sentBefore: Set<string>
  readonly mails: PlannedMail[]
  /** The latest mail that was queued, while the wait after it is not over. */
  lastMail: PlannedMail | null
  /** Nothing has disturbed it: no outage, pause or new version, and there are no caps. Then every instant is foreseeable. */
  isPunctual: boolean
  /** It came with a merge, or events of somebody else did. */
  isMerged: boolean
}

export const newCourse = (
  entry: Pick<Course, 'scenario' | 'version' | 'contact' | 'key' | 'enteredAt' | 'payload' | 'step'>,
): Course => ({
  ...entry,
  seenAs: null,
  state: 'active',
  reason: null,
  endedAt: null,
  hasStarted: false,
  anchorAt: entry.enteredAt,
  at: entry.enteredAt,
  reachedAt: entry.enteredAt,
  isFresh: true,
  stop: null,
  holdout: null,
  skipping: null,
  skipBefore: null,
  shiftedBy: 0,
  sentBefore: new Set(),
  mails: [],
  lastMail: null,
  isPunctual: true,
  isMerged: false,
})

/** Ends it from inside or outside; mail that waits goes with it. */
export const leave = (course: Course, reason: string, at: number, dropped: readonly string[] = ['exited'], now = at): void => {
  course.state = 'exited'
  course.reason = reason
  course.endedAt = at
  course.step = null
  course.stop = null
  dropMail(course, dropped, now)
}

/** Mail that still waits is dropped, for one of these reasons. */
export const dropMail = (
  course: Course,
  reasons: readonly string[],
  at: number,
  { isMeant = () => true, isSure = true }: { readonly isMeant?: (mail: PlannedMail) => boolean; readonly isSure?: boolean } = {},
): void => {
  for (const mail of course.mails) if (waits(mail) && isMeant(mail)) mail.dropped = { reasons, at, isSure }
}

/** Whether a mail waits in the queue, for all the reference knows. */
export const waits = ({ skipped, dropped, end }: PlannedMail): boolean => skipped === null && dropped === null && end === null
