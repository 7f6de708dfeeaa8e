import type { Purpose, SkipReason } from '../../domain/consent/consent.ts'
import type { Route } from '../../domain/contact/contact.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { MailFate } from '../../domain/scenario/transition-contract.ts'
import type { Instant, Milliseconds } from '../../domain/time/instant.ts'
import type { BounceClass, DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import type { Step } from './step.ts'

export type MessageState = 'queued' | 'sent' | 'failed' | 'skipped' | 'unknown'

/** The cold ledger row: one mail to one contact, for ever. */
export interface Message {
  /** Opaque, unguessable; begins with its bucket (`YYYYMM`), so that one partition is asked. */
  readonly id: string
  /** Fixed by the idempotency key (month of the enrolment's entry, of the broadcast's start), so that a repeat finds it. */
  readonly bucket: number
  /** `enrolment:stepSeq` or `broadcast:contact`. Unique. */
  readonly idemKey: string
  readonly contactId: string
  readonly template: string
  readonly purpose: Purpose
  readonly topic: string | null
  readonly isHtml: boolean
  readonly props: JsonObject
  readonly scenario: string | null
  readonly scenarioVersion: number | null
  readonly stepId: string | null
  readonly enrolmentId: string | null
  readonly broadcastId: string | null
  readonly state: MessageState
  /** For skipped, failed and unknown. */
  readonly reason: SkipReason | string | null
  readonly plannedAt: Instant
  readonly createdAt: Instant
  /** When it left the queue for good: sent, failed, skipped, unknown. Send date of all its figures. */
  readonly finishedAt: Instant | null
  readonly templateHash: string | null
  readonly providerId: string | null
  /**
   * What the other side answered last. Of mail that a frequency cap left out or put off the engine's note about it (`CapNote`).
   */
  readonly answer: JsonObject | null
  /** Token of the call that became `unknown`; only its late finish may still decide. */
  readonly unknownToken: number | null
  /** Why it passes windows, quiet hours and caps; null: it does not. */
  readonly urgent: string | null
}

/** First times and counts of what happened to a message; opens and clicks of machines apart. */
export interface MessageFacts {
  readonly messageId: string
  readonly deliveredAt: Instant | null
  readonly bouncedAt: Instant | null
  readonly bounceClass: BounceClass | null
  readonly openedAt: Instant | null
  readonly humanOpenedAt: Instant | null
  readonly clickedAt: Instant | null
  readonly humanClickedAt: Instant | null
  readonly lastHumanClickAt: Instant | null
  readonly clicks: number
  readonly humanClicks: number
  readonly complainedAt: Instant | null
  readonly unsubscribedAt: Instant | null
}

/** The hot row beside a queued message; deleted when it is done. */
export interface QueueEntry {
  readonly messageId: string
  readonly contactId: string
  readonly enrolmentId: string | null
  readonly enrolmentRev: number
  readonly scenario: string | null
  readonly broadcastId: string | null
  /** 0 transactional, 1 scenario, 2 broadcast. */
  readonly class: 0 | 1 | 2
  readonly route: Route
  readonly lane: number
  readonly runAt: Instant
  readonly expiresAt: Instant
}

export interface Conversion {
  /** Event name and id: one conversion an event. */
  readonly event: string
  readonly eventId: string
  readonly contactId: string
  readonly messageId: string
  readonly occurredAt: Instant
  readonly value: number | null
}

/** Which queued mail: of enrolments (of some of their steps), of a broadcast, of a contact, or of a scenario with `runAt` before an instant, of enrolments of versions below one where given. */
export type DropTarget =
  | { readonly enrolmentIds: readonly string[]; readonly stepIds?: readonly string[] }
  | { readonly broadcastId: string }
  | { readonly contactId: string }
  | { readonly scenario: string; readonly before: Instant; readonly below?: number }

/** A mail of an enrolment, for the order in which its mail goes out. */
export interface StepMail extends Pick<Message, 'idemKey' | 'purpose' | 'plannedAt'> {
  readonly messageId: string
  readonly enrolmentId: string
  /** While it is in the queue, waiting or marked; null: it has left it. */
  readonly runAt: Instant | null
  /** End of the lease of whoever has claimed or marked it; null: nobody has, or it has left the queue. */
  readonly leaseUntil: Instant | null
  readonly finishedAt: Instant | null
}

export interface MessageReader {
  get(ids: readonly string[]): Step<(Message & { readonly facts: MessageFacts })[]>
  /** Newest first. */
  ofContact(contactId: string, options: { readonly limit: number }): Step<(Message & { readonly facts: MessageFacts })[]>
  /** For each asked, in that order: the sent message of the contact with the latest human click (or open) in `[from, to]`, whatever came after `to`; null if none. */
  attributable(
    asked: readonly { readonly contactId: string; readonly from: Instant; readonly to: Instant }[],
    by: 'click' | 'open',
  ): Step<(string | null)[]>
  /** What became of the latest mail (createdAt, id) of these steps of these enrolments; a step without a message is left out. Addresses of links as the click or the template version tells them; clicks without a number are left out. */
  fates(
    keys: readonly { readonly enrolmentId: string; readonly stepId: string }[],
  ): Step<{ readonly enrolmentId: string; readonly stepId: string; readonly fate: MailFate }[]>
  /** Steps of these enrolments that have a message, skipped ones too, each once: the state of the latest, and whether one still waits unmarked in the queue. */
  stepsOf(
    enrolmentIds: readonly string[],
  ): Step<{ readonly enrolmentId: string; readonly stepId: string; readonly state: MessageState; readonly isWaiting: boolean }[]>
  /** Mail of these enrolments that is in the queue, went out or may have gone out (sent, unknown), each once, in no order. */
  ofEnrolments(enrolmentIds: readonly string[]): Step<StepMail[]>
  /** Mail of these contacts that waits in the queue unmarked, claimed or not: for caps and priorities, and to be explained. */
  waitingOf(contactIds: readonly string[]): Step<
    {
      readonly messageId: string
      readonly contactId: string
      readonly purpose: Purpose
      readonly topic: string | null
      readonly scenario: string | null
      readonly scenarioVersion: number | null
      readonly plannedAt: Instant
      readonly runAt: Instant
      readonly expiresAt: Instant
      /** Tries so far. */
      readonly attempt: number
    }[]
  >
  /** Queued messages of a scenario by id, after `after`: for forecasts. */
  queuedOf(
    scenario: string,
    options: { readonly after: string | null; readonly limit: number },
  ): Step<{ readonly messageId: string; readonly stepId: string | null; readonly runAt: Instant }[]>
  /** Earlier clicks and opens of one message for scoring, newest first. */
  recentEvents(messageId: string, options: { readonly since: Instant; readonly limit: number }): Step<DeliveryEvent[]>
}
export interface MessageWriter extends MessageReader {
  /** Inserts message and queue row together; an `idemKey` that is there is left alone with its queue row. A message that is not `queued` gets no queue row. Answers how many are new. */
  enqueue(rows: readonly { readonly message: Message; readonly queue: QueueEntry | null }[]): Step<number>
  /** Queued and unmarked mail of these enrolments or this broadcast becomes `skipped` with `reason`; marked mail is left to finish. Answers how many. */
  dropQueued(target: DropTarget, reason: SkipReason, now: Instant): Step<number>
  /** Moves queued and unmarked mail of a scenario by `by`: `runAt`, `expiresAt` and `plannedAt`. Claims of it are given back. Answers how many. */
  shiftQueued(scenario: string, by: Milliseconds): Step<number>
  /**
   * Mail of scenarios to these contacts that waits unmarked for a later time, without having been tried, is due at `now`: the next claim
   * decides by the contact's zone when it goes out. Claims of it are given back.
   */
  reconsider(contactIds: readonly string[], now: Instant): Step<void>
  /**
   * Gives messages, queue rows, delivery events, conversions and taken places of caps of `from` to `into`, with its lane. Claims of
   * unmarked mail are given back; marked mail is left to finish.
   */
  move(from: string, into: { readonly id: string; readonly lane: number }): Step<void>
  /**
   * What is kept of the messages of an erased contact: its id becomes `alias`, props, answers, places in caps and what delivery events
   * hold of the person (`raw`, `url`) go; `idemKey`, which may hold its id, becomes `erased:` and the message's id. Queued and unmarked
   * mail becomes `skipped` with `contact-erased`; marked rows stay to be finished, under the alias.
   */
  erase(contactId: string, alias: string, now: Instant): Step<void>
  /**
   * Appends delivery events, each key once, and folds the new ones into the message's facts: first times by `occurredAt`, the
   * class of the earliest bounce, counts. The order of arrival does not matter. Answers the new keys.
   */
  recordDelivery(events: readonly DeliveryEvent[]): Step<string[]>
  /** One conversion an event: those that are there, and a second one among these, are left out. Answers how many are new. */
  recordConversions(rows: readonly Conversion[]): Step<number>
}
