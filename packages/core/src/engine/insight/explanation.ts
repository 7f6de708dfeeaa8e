import type { SendWindow } from '../../domain/scenario/scenario-definition.ts'
import type { Instant, LocalDate, Milliseconds } from '../../domain/time/instant.ts'

/** Why a contact got a mail, or did not, and when the next comes. Holds no address and nothing that a server or a handler said. */
export interface Explanation {
  readonly contactId: string
  /** What decides now, for everything that the contact may get. */
  readonly contact: { readonly exists: boolean; readonly hasAddress: boolean; readonly timeZone: string }
  /** In the order of time; then what has none, and how it may enter. */
  readonly findings: readonly ExplainFinding[]
  /** When something happens next for this contact here; null: nothing is planned. */
  readonly nextAt: Instant | null
}

/** What every finding tells. */
export interface FindingFacts {
  readonly at: Instant | null
  readonly step: string | null
  /** A code: why mail was left out or waits, an enrolment ended, or a contact did not enter. Of several the first that decides. */
  readonly reason: string | null
  /** Law or setting that blocks. */
  readonly rule: string | null
  readonly messageId: string | null
  /** The same as a sentence; times are of the contact's zone. */
  readonly text: string
}

/** One thing that happened, is waited for, or keeps a contact or a mail back; told apart by `kind`. */
export type ExplainFinding = FindingFacts & FindingDetail

export type FindingDetail =
  /** `version` is the one that it is in now, `enteredVersion` the one that it entered. */
  | { readonly kind: 'entered'; readonly version: number; readonly enteredVersion: number }
  /** `at` is when it is over; null: not known. */
  | { readonly kind: 'waiting'; readonly waitsFor: WaitsFor | null }
  /** `at` is when it goes out as things are, `holds` all that keeps it back until then, the first of them as `reason`. */
  | { readonly kind: 'queued'; readonly holds: readonly MailHold[]; readonly expiresAt: Instant | null }
  /** `cap`: the frequency cap by whose name it was `capped`. */
  | { readonly kind: 'skipped'; readonly cap: CapHold | null }
  /** A call to the app that nobody waits for any more, or never did; `reason` is `waiting` or `dead`. */
  | { readonly kind: 'call'; readonly call: ExplainedCall }
  | { readonly kind: 'sent' | 'failed' | 'unknown' | 'ended' | 'not-entered' | 'blocked' }
  /** Of a segment, and of each of its conditions. */
  | { readonly kind: 'member' | 'not-member' | 'true' | 'false' }

/** What an enrolment waits for at its step. */
export type WaitsFor =
  | {
      readonly kind: 'time'
      /** What it counts from; `name` of the attribute or event. `at` null: there is none yet, and the wait has no end. */
      readonly from: { readonly kind: 'previous' | 'entry' | 'attribute' | 'event'; readonly name: string | null }
      readonly countsFrom: Instant | null
      readonly until: Instant | null
    }
  | {
      readonly kind: 'first-of'
      readonly arms: readonly ExplainedArm[]
      /** Events before it do not count. */
      readonly eventsSince: Instant
      /** The time-out. */
      readonly until: Instant | null
    }
  /** The result of a call. Null: it has ended, and the result is being worked in. */
  | { readonly kind: 'call'; readonly call: ExplainedCall | null }
  /** All steps are done, its last mail is still to go out. */
  | { readonly kind: 'last-mail' }

export type ExplainedArm =
  | { readonly kind: 'event'; readonly event: string }
  | { readonly kind: 'segment'; readonly segment: string }
  | {
      readonly kind: 'mail'
      readonly step: string
      readonly fate: 'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced'
      readonly link: string | number | null
    }

/** A call to a function of the app. */
export interface ExplainedCall {
  readonly idemKey: string
  readonly handler: string
  /** `dead`: given up after the last try. */
  readonly state: 'waiting' | 'dead'
  /** Tries so far, of at most `attempts`. */
  readonly tries: number
  readonly attempts: number
  /** The next try, due or under way where it has passed; null: given up. */
  readonly nextAt: Instant | null
}

/** What keeps a queued mail back. */
export type MailHold =
  /** Its scenario is paused. */
  | { readonly reason: 'paused' }
  /** Its enrolment is being ended: it will be left out. */
  | { readonly reason: 'stopped' | 'replaced' }
  /** It is with the mail server now. */
  | { readonly reason: 'handed-over' }
  /** Nothing: it goes out when a worker looks next. */
  | { readonly reason: 'due' }
  /** The server could not be reached or asked to wait; `code` is the last answer (`421`), null without one. */
  | {
      readonly reason: 'retry'
      readonly tries: number
      /** Most tries; null: as many as fit in before it expires. */
      readonly attempts: number | null
      readonly code: string | null
      readonly until: Instant
    }
  | CapHold
  /** An earlier mail of the same enrolment has not gone out. */
  | { readonly reason: 'earlier-mail'; readonly messageId: string; readonly until: Instant }
  /** The mail before went out late, and `minGap` keeps them apart. */
  | { readonly reason: 'min-gap'; readonly messageId: string; readonly gap: Milliseconds; readonly until: Instant }
  /** The scenario sends on weekdays or business days only, and this date is none. */
  | { readonly reason: 'closed-day'; readonly date: LocalDate; readonly days: SendWindow['days']; readonly until: Instant }
  /** The scenario sends at certain times of day only. */
  | { readonly reason: 'window'; readonly from: string; readonly to: string; readonly until: Instant }
  | { readonly reason: 'quiet-hours'; readonly from: string; readonly to: string; readonly until: Instant }
  /** A pause that was resumed with `shift` moved it. */
  | { readonly reason: 'moved'; readonly until: Instant }
  /** The calendar says nothing about a day that the window needs: it waits until the calendar does. */
  | { readonly reason: 'no-calendar' }

/** A frequency cap that has no place for a mail. */
export interface CapHold {
  readonly reason: 'cap'
  /** Its name. */
  readonly cap: string
  /** True: its places are taken. False: they are kept for mail that goes first, by priority or planned time. */
  readonly isFull: boolean
  /** Scenario of the mail for which the place is kept; null: of a broadcast, or the cap is full. */
  readonly keptFor: string | null
  /** When there is room, as far as is known; null: by the cap's policy the mail is left out, or was. */
  readonly until: Instant | null
}
