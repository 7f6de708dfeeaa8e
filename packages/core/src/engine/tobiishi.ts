import type { DeclaredScenario, DeclaredSegment, DeclaredTemplate } from '../define/declared.ts'
import type { ConsentBasis, ConsentEntry, ConsentEvidence, SkipReason } from '../domain/consent/consent.ts'
import type { Contact, ContactName } from '../domain/contact/contact.ts'
import type { JsonObject } from '../domain/json.ts'
import type { LinkReport, Report } from '../domain/metrics/report.ts'
import type { Enrolment } from '../domain/scenario/enrolment.ts'
import type { Instant, Milliseconds } from '../domain/time/instant.ts'
import type { InstantInput } from '../domain/time/parse-instant.ts'
import type { BounceClass } from '../domain/tracking/delivery-event.ts'
import type { Broadcast, Message, MessageFacts, ReportFilter } from '../ports/storage/index.ts'

export type { InstantInput }

export interface ConsentInput {
  readonly basis: ConsentBasis
  /** Default: all topics. */
  readonly topics?: readonly string[]
  readonly evidence: ConsentEvidence
  readonly occurredAt?: InstantInput
}

/** Changed parts only; an absent part stays, `null` clears it. */
export interface Profile<A> {
  readonly email?: string | null
  readonly name?: ContactName
  readonly locale?: string | null
  readonly timeZone?: string | null
  readonly attributes?: { readonly [K in keyof A]?: A[K] | null }
  /** Grants written with the contact, in the same transaction. */
  readonly consent?: readonly ConsentInput[]
  /** Withdrawals, as a file's しない column: applied after the grants, so that the refusal wins. */
  readonly withdraw?: readonly {
    readonly topics?: readonly string[]
    readonly evidence: ConsentEvidence
    readonly occurredAt?: InstantInput
  }[]
}

export interface WriteOptions<Tx> {
  /** The app's own transaction. */
  readonly tx?: Tx | undefined
  /** Default now. */
  readonly occurredAt?: InstantInput
  /** Default true; false for history. */
  readonly startScenarios?: boolean
}

export interface LongOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number | null }) => void
}

export interface Audience {
  /** Contacts in the segment. */
  readonly inSegment: number
  readonly willReceive: number
  readonly leftOut: { readonly [reason in SkipReason]?: number }
}

export interface TickReport {
  readonly advanced: number
  readonly sent: number
  readonly failed: number
  readonly skipped: number
  readonly retried: number
  readonly unknown: number
  /** When work is due next; null if nothing waits. */
  readonly nextDueAt: Instant | null
}

/** What the outside tells of a message: from a webhook, a DSN, or by hand. */
export interface IncomingDeliveryEvent {
  readonly messageId: string
  readonly kind: 'delivered' | 'opened' | 'clicked' | 'bounced' | 'delayed' | 'complained' | 'unsubscribed'
  /** Dedupe key of the provider; made from the rest if absent. */
  readonly key?: string
  readonly occurredAt?: InstantInput
  readonly link?: number
  readonly url?: string
  readonly bounceClass?: BounceClass
  /** For opens and clicks: the request, for scoring. */
  readonly userAgent?: string
  readonly method?: string
  readonly ip?: string
  readonly raw?: JsonObject
}
export interface IngestReport {
  readonly recorded: number
  readonly duplicates: number
  readonly unknownMessages: number
}

export interface WithdrawInput {
  /** Default: all topics. */
  readonly topics?: readonly string[]
  readonly evidence: ConsentEvidence
  readonly occurredAt?: InstantInput
  readonly messageId?: string
}

/** The types a model fixes: attributes and event payloads, as written by callers. */
export interface ModelTypes {
  readonly attributes: object
  readonly events: { readonly [name: string]: object }
}

/** Everything an app does with its mail. Made by `createTobiishi`. */
export interface Tobiishi<M extends ModelTypes = ModelTypes, Tx = never> {
  readonly contacts: {
    /** Adds or changes a contact. Without `tx` it is worked in before the promise resolves, unless the contact is held elsewhere. */
    identify(id: string, profile: Profile<M['attributes']>, options?: WriteOptions<Tx>): Promise<void>
    /** Many at once; starts no scenarios unless told to. A bad row is answered, never thrown, and the others are taken. */
    identifyMany(
      rows: Iterable<{ readonly id: string; readonly profile: Profile<M['attributes']>; readonly occurredAt?: InstantInput }>,
      options?: LongOptions & { readonly startScenarios?: boolean },
    ): Promise<{
      readonly taken: number
      readonly refused: readonly { readonly index: number; readonly code: string; readonly message: string }[]
    }>
    get(id: string): Promise<Contact | null>
    findByEmail(email: string): Promise<Contact | null>
  }
  /** Records that a contact did something; (name, id) is taken once. Without `id` one is made, and nothing is deduped. */
  track<K extends keyof M['events'] & string>(
    contactId: string,
    event: K,
    payload: M['events'][K],
    options?: WriteOptions<Tx> & { readonly id?: string },
  ): Promise<void>
  trackMany(
    rows: Iterable<{
      readonly contactId: string
      readonly event: string
      readonly payload: JsonObject
      readonly id?: string
      readonly occurredAt?: InstantInput
    }>,
    options?: LongOptions & { readonly startScenarios?: boolean },
  ): Promise<{
    readonly taken: number
    readonly refused: readonly { readonly index: number; readonly code: string; readonly message: string }[]
  }>
  /** Starts a scenario by hand, for one contact or for everyone in a segment. Whoever is in it already is left alone. */
  enrol(
    who: string | DeclaredSegment,
    scenario: DeclaredScenario,
    options?: LongOptions & { readonly tx?: Tx | undefined; readonly event?: JsonObject; readonly key?: string },
  ): Promise<{ readonly enrolled: number }>
  readonly consent: {
    grant(contactId: string, grant: ConsentInput): Promise<void>
    /** Takes effect for every mail whose mark is not committed yet. */
    withdraw(contactId: string, withdrawal: WithdrawInput): Promise<void>
    ledger(contactId: string): Promise<ConsentEntry[]>
  }
  readonly suppressions: {
    add(
      target: { readonly email: string } | { readonly domain: string },
      options?: { readonly scope?: 'marketing' | 'all'; readonly note?: string },
    ): Promise<void>
    remove(target: { readonly email: string } | { readonly domain: string }): Promise<void>
    has(target: { readonly email: string } | { readonly domain: string }): Promise<boolean>
  }
  readonly segments: {
    count(segment: DeclaredSegment): Promise<number>
    members(segment: DeclaredSegment, options?: { readonly after?: string | null; readonly limit?: number }): Promise<string[]>
  }
  readonly scenarios: {
    pause(name: string): Promise<void>
    resume(name: string): Promise<void>
    enrolments(contactId: string): Promise<Enrolment[]>
  }
  readonly broadcasts: {
    /** Whom it would reach now, and why the others would not be. */
    preview(
      broadcast: { readonly template: DeclaredTemplate; readonly to: DeclaredSegment },
      options?: LongOptions,
    ): Promise<Audience>
    /**
     * Schedules it; the audience is frozen when it starts. The same `id` again changes nothing. An `at` that has passed is now.
     * Its mails expire 24 hours after `at`: where no worker ran until then, all are skipped, and `broadcast.startedTooLate` is
     * logged.
     */
    send(broadcast: {
      readonly id?: string
      readonly template: DeclaredTemplate
      readonly to: DeclaredSegment
      readonly at?: InstantInput
      readonly props?: JsonObject
    }): Promise<Broadcast>
    /** What is not marked yet is not sent. */
    cancel(id: string): Promise<{ readonly dropped: number }>
    get(id: string): Promise<Broadcast | null>
  }
  /** Prepares templates, checks stamp and schema, publishes versions. Called by `run`, `tick` and the tests; once is enough. */
  prepare(): Promise<void>
  /** Works until `signal` aborts; then finishes what is under way and resolves. Any number of processes. */
  run(options: { readonly signal: AbortSignal }): Promise<void>
  /** One pass: advances and delivers what is due, at most `limit` mails, and reports. For cron and serverless. */
  tick(options?: { readonly limit?: number; readonly signal?: AbortSignal }): Promise<TickReport>
  ingest(events: readonly IncomingDeliveryEvent[]): Promise<IngestReport>
  /** Renders for this contact and sends to `to`; never counted. */
  sendTest(template: DeclaredTemplate, contactId: string, to: string, options?: { readonly props?: JsonObject }): Promise<void>
  readonly messages: {
    ofContact(contactId: string, options?: { readonly limit?: number }): Promise<(Message & { readonly facts: MessageFacts })[]>
  }
  readonly reports: {
    /**
     * KPI of a scenario, a step, a broadcast or a span of send dates (facts §6). A scenario or step that is neither declared nor
     * stored rejects with `scenario.unknown` or `definition.unknown_reference`, here and in `links` and `clickers`.
     */
    kpi(filter: ReportFilter): Promise<Report>
    links(filter: ReportFilter): Promise<LinkReport[]>
    clickers(
      filter: ReportFilter,
      link: { readonly templateHash: string; readonly link: number },
      options?: { readonly after?: string | null; readonly limit?: number },
    ): Promise<string[]>
  }
  /** Serves pixel, clicks and unsubscribe (design §11). Bound. */
  readonly handler: (request: Request) => Promise<Response>
  /** Ends transport and storage. */
  close(): Promise<void>
  /** Longest a call to the transport may take. */
  readonly maxCallMs: Milliseconds
}
