import type { Contact } from '../../domain/contact/contact.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Message, QueueEntry } from './messages.ts'
import type { Step } from './step.ts'

/** A queue row that this process holds, with the facts that deciding and rendering need, read in the claim's transaction. */
export interface ClaimedMail {
  readonly queue: QueueEntry
  /** Grows with every claim; a finish with an older one is refused. */
  readonly token: number
  readonly attempt: number
  readonly message: Message
  readonly contact: Contact
  /** Other mail of its enrolment is in the queue, waiting or marked. */
  readonly hasSiblings: boolean
  /** When the latest mail of its enrolment that was (or may have been) handed over more than a minute after its planned time was; null: none was. */
  readonly lateSentAt: Instant | null
}

export interface MarkRequest {
  readonly messageId: string
  readonly contactId: string
  readonly token: number
  /** As read when the mail was decided and rendered. */
  readonly consentRev: number
  /** Frequency caps that the mail falls under. Absent: none. */
  readonly caps?: readonly CapUse[]
}

/** One place in a frequency cap: of the contact, in the bucket (local day, week or month) in which the mail goes out. */
export interface CapUse {
  readonly cap: string
  /** `2026-01-05` (day; a week is named by its Monday) or `2026-01` (month). */
  readonly bucket: string
  readonly limit: number
}

/**
 * `marked`: the call may start. `changed`: consent, enrolment, scenario or broadcast changed since; the row went back to be
 * decided again. `held`: the contact is locked by another; the row went back. `lost`: the claim is no longer ours: taken by
 * another, given back, finished, or its lease is over. `expired`: too late; the message is `skipped` with reason `expired`.
 * `capped`: one of its caps is full; the row went back, nothing is reserved. `ended`: its enrolment has left, or is to leave by a job
 * that runs; the message is `skipped` as `exited`, or with the reason of the job.
 */
export type MarkAnswer = 'marked' | 'changed' | 'held' | 'lost' | 'expired' | 'capped' | 'ended'

export type FinishRequest =
  | {
      readonly kind: 'done'
      readonly messageId: string
      readonly token: number
      readonly state: 'sent' | 'failed' | 'skipped' | 'unknown'
      readonly reason: string | null
      readonly templateHash: string | null
      readonly providerId: string | null
      readonly answer: JsonObject | null
    }
  | {
      readonly kind: 'retry'
      readonly messageId: string
      readonly token: number
      readonly runAt: Instant
      readonly answer: JsonObject | null
      /** True where nothing was tried and the mail only waits: it is not one more attempt. Default false. */
      readonly isHeld?: boolean
    }

export interface QueueReader {
  /** How many uses of these caps are reserved or kept; those without any are left out. */
  capsUsed(
    asked: readonly { readonly contactId: string; readonly cap: string; readonly bucket: string }[],
  ): Step<{ readonly contactId: string; readonly cap: string; readonly bucket: string; readonly used: number }[]>
  /** Queued mail by class, for gauges and tests. */
  depth(): Step<number>
}

/**
 * The hot queue. Phases: 0 waiting or claimed, 1 marked. Order of locks: contact → send_queue → message.
 */
export interface QueueWriter extends QueueReader {
  /**
   * Takes up to `limit` rows in phase 0 with `runAt <= now` whose lease is free or over, by (class, route, lane, runAt, id); of
   * two claimers each row goes to one (SKIP LOCKED). Sets the lease and raises the token. Rows of paused scenarios are left alone.
   */
  claim(options: {
    readonly now: Instant
    readonly limit: number
    readonly leaseUntil: Instant
    readonly owner: string
  }): Step<ClaimedMail[]>
  /**
   * The committed mark. Locks the contacts FOR SHARE SKIP LOCKED in id order, then re-checks in a later statement: token and
   * phase, expiry, consentRev, the enrolment's rev and state (active or completed), scenario not paused, broadcast not cancelled, no running job that ends such enrolments (`exit`, of all versions or those below one). What passes goes to
   * phase 1 with `leaseUntil`, one use of each of its caps reserved: all of them or none, in the order asked where two want the last place. Answers in the order asked. The caller starts a call only after the commit.
   * Of a scenario being paused and a job being made that ends enrolments, this sees all that committed before the mark commits.
   */
  mark(requests: readonly MarkRequest[], options: { readonly now: Instant; readonly leaseUntil: Instant }): Step<MarkAnswer[]>
  /**
   * Ends or returns calls. `done` deletes the queue row and writes the message; `retry` puts it back to phase 0 at `runAt` with
   * one more attempt (unless `isHeld`) and keeps the `answer` on the message. A request whose token is not the row's, or whose row was given
   * back since (retried, released, changed), changes nothing; but a `done` for a message that the reaper made `unknown` with
   * this token wins. `done` as `unknown` keeps the token too. What the mark reserved of caps
   * is kept by `sent` and `unknown`, given back by `failed`, `skipped` and `retry`, a late `failed` or `skipped` after `unknown` too. A
   * `retry` whose contact has been erased ends the mail as `skipped` with `contact-erased`. The answer to a mail of an erased contact is not kept: it may hold the
   * address. Answers true where it took effect.
   */
  finish(requests: readonly FinishRequest[], now: Instant): Step<boolean[]>
  /** Gives claims back unworked: phase 0 rows of these tokens lose their lease. */
  release(claims: readonly { readonly messageId: string; readonly token: number }[]): Step<void>
  /**
   * Deletes up to `limit` counters of caps by day or week (`before` is a date) or by month (`before` is a month), of buckets with an
   * earlier name, and answers how many. Another process may do the same at once. A place of such a bucket that is given back
   * later is no place any more.
   */
  purgeCaps(options: { readonly before: string; readonly limit: number }): Step<number>
  /** Phase 1 past its lease: deletes the row, the message becomes `unknown` (reason `lease-over`) keeping the token. Answers the messages. */
  reap(options: { readonly now: Instant; readonly limit: number }): Step<Message[]>
}
