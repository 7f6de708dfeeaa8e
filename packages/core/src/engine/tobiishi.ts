import type { DeclaredScenario, DeclaredSegment, DeclaredTemplate } from '../define/declared.ts'
import type { ConsentBasis, ConsentEntry, ConsentEvidence, SkipReason } from '../domain/consent/consent.ts'
import type { Contact, ContactName } from '../domain/contact/contact.ts'
import type { JsonObject } from '../domain/json.ts'
import type { LinkReport, Report } from '../domain/metrics/report.ts'
import type { Enrolment } from '../domain/scenario/enrolment.ts'
import type { Forecast } from '../domain/scenario/forecast.ts'
import type { Instant, Milliseconds } from '../domain/time/instant.ts'
import type { InstantInput } from '../domain/time/parse-instant.ts'
import type { BounceClass } from '../domain/tracking/delivery-event.ts'
import type { Broadcast, Call, Job, Message, MessageFacts, ReportFilter, ScenarioRow } from '../ports/storage/index.ts'
import type { Explanation } from './insight/explanation.ts'

export type { Explanation } from './insight/explanation.ts'
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
  /** Calls to the app's handlers that ended, well or not. Absent where there are no handlers. */
  readonly calls?: number
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

export interface EnrolSettings {
  /** What the steps read as `event`. */
  readonly event?: JsonObject
  /** Tells entries apart where several are allowed. Default: one by hand. */
  readonly key?: string
  /** Start at this step (moving in from another system). Default: the first. */
  readonly at?: string
  /** When it entered there; waits count from it. Default now. */
  readonly enteredAt?: InstantInput
}

/** A call to the app's own code by a step of a scenario. */
export interface HandlerCall {
  /** The same for every try of this call: do the work once a key. */
  readonly idemKey: string
  readonly contactId: string
  readonly scenario: string
  readonly step: string
  readonly payload: JsonObject
  /** Which try this is: 1 at first. After `retryCall` it starts again at 1. */
  readonly attempt: number
  /** Aborts at the step's time-out, and 30 seconds after the worker was told to stop. */
  readonly signal: AbortSignal
}
/** Done when it resolves; tried again, with growing pauses, when it throws. */
export type Handler = (call: HandlerCall) => Promise<void> | void

/**
 * At most `limit` mails a contact in a local day, week (from Monday) or month. Marketing mail only. `skip` leaves the mail out,
 * `defer` moves it to the next bucket with room before it expires (else skips), `advance` leaves it out and goes on to the next step
 * without the wait after it. Where more mails want places than are left, the higher `priority` of their scenario goes first, then
 * the earlier planned; mail that is still to come the same day counts too. A broadcast has the priority -1.
 */
export interface FrequencyCap {
  readonly name: string
  readonly per: 'day' | 'week' | 'month'
  readonly limit: number
  /** Only mail of this topic. Default: all marketing mail. */
  readonly topic?: string
  /** Default `defer`. */
  readonly policy?: 'skip' | 'defer' | 'advance'
}

export type ScenarioState = ScenarioRow['state']

/** A scenario as it stands in the database. */
export interface ScenarioInfo {
  readonly name: string
  readonly state: ScenarioState
  readonly origin: ScenarioRow['origin']
  readonly version: number
  readonly draftVersion: number | null
  readonly pausedAt: Instant | null
  /** Enrolments of all versions by their state: a contact that entered twice counts twice. */
  readonly active: number
  readonly completed: number
  readonly exited: number
  readonly failed: number
  /** Newest first. `tally` is that of a backfill; null for other jobs. */
  readonly jobs: readonly (Job & { readonly tally: BackfillTally | null })[]
}

/** What publishing a version would do to those who are in older ones. */
export interface InFlightPreview {
  readonly inFlight: 'pin' | 'migrate' | 'exit'
  /**
   * One line an older version and step: how many active enrolments stand there (`contacts`; one that is in it several times counts
   * each time), and where they go (null: the end, `exited`: they leave). `fromStep` is null of those who are at the end and whose last
   * mail waits: that goes out (`moves`), but of a step that is gone it is dropped, and they complete (`completes` where that is so
   * of every mail that may be the last). Together they are all that are active in older
   * versions, and the `total` of the job that publishing starts.
   */
  readonly moves: readonly {
    readonly fromVersion: number
    readonly fromStep: string | null
    readonly to: string | null
    readonly outcome: 'stays' | 'moves' | 'completes' | 'exits' | 'refused'
    readonly contacts: number
  }[]
  /** Steps with contacts that the new version lacks and that have no successor: publishing is refused. */
  readonly refused: readonly string[]
}

export interface BackfillSettings {
  /** Enter as of now, or as of the original event: steps whose time has passed are then left out. Default `now`. */
  readonly as?: 'now' | 'original'
  /** Only events, or members, since then. Default: all. */
  readonly since?: InstantInput
  /** Most contacts an hour. Default: no limit. */
  readonly perHour?: number
}
/**
 * The contacts that a backfill has met, each counted once: `matching` = `entered` + `alreadyIn` + `endedSince`. The job's `done` is all
 * that it looked at, those too whom the trigger does not mean.
 */
export interface BackfillTally {
  /** Contacts that the trigger means, since `since`. */
  readonly matching: number
  /** That were handed on to enter. One that an `exitWhen` or a goal's segment ends at once has entered too. */
  readonly entered: number
  /** That re-entry keeps out: they are in it, or were. */
  readonly alreadyIn: number
  /** To whom an exit or the goal happened after what would have started it. */
  readonly endedSince: number
  /** Entries of those who entered; more than they where `reentry` is `every-event`. */
  readonly entries: number
}
/** What a backfill would come to now: `matching` = `wouldEnter` + `alreadyIn` + `endedSince`. See `BackfillTally`. */
export interface BackfillPreview extends Omit<BackfillTally, 'entered'> {
  readonly wouldEnter: number
  /** How long it takes at `perHour` until the last has entered; null without. */
  readonly duration: Milliseconds | null
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
    /**
     * Makes two contacts one: `into` gets the events, mail, consent and enrolments of `from`, and keeps its own profile where both
     * have a value; of consent the stricter holds. Starts nothing. `from` is gone afterwards. Rejects with
     * `contact.unknown`, and with `config.invalid` where both are the same.
     */
    merge(from: string, into: string): Promise<void>
    /**
     * Deletes a person: profile, events, props and answers of mail. Kept are counts under an opaque alias, the consent evidence that the law
     * asks for, and, unless `suppress` is false, a suppression of the address as a keyed hash. Mail under way is finished. Again changes nothing.
     */
    erase(id: string, options?: { readonly suppress?: boolean }): Promise<void>
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
  /**
   * Starts a scenario by hand, for one contact or for everyone in a segment. Whoever is in it already is left alone. A scenario that
   * was saved as JSON is given by its name. `enrolled` + `alreadyIn` are all contacts that were looked at: `alreadyIn` are those whom
   * re-entry keeps out. With `tx` re-entry decides after the commit, and `enrolled` is 1 whatever it says.
   */
  enrol(
    who: string | DeclaredSegment,
    scenario: DeclaredScenario | string,
    options?: LongOptions & EnrolSettings & { readonly tx?: Tx | undefined },
  ): Promise<{ readonly enrolled: number; readonly alreadyIn: number }>
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
    list(options?: { readonly archived?: boolean }): Promise<ScenarioInfo[]>
    get(name: string): Promise<ScenarioInfo | null>
    /**
     * Saves a scenario that was made outside of code (`parseScenario` of its JSON) as a draft; a draft of the same version is
     * replaced, a published one refused (`scenario.changed`). Refused are also unknown templates, handlers and attributes.
     */
    save(json: unknown): Promise<{ readonly name: string; readonly version: number }>
    /** The definition of a version as JSON; default the published one, else the draft. Rejects with `scenario.unknown`, `config.invalid`. */
    export(name: string, options?: { readonly version?: number }): Promise<JsonObject>
    /** Who would go where if this draft or declared version were published now. */
    previewPublish(name: string, options?: { readonly version?: number }): Promise<InFlightPreview>
    /**
     * Makes a draft the version that new enrolments get, and does what its `inFlight` says with the others. A stopped or archived
     * scenario takes entries again; without a draft it goes on with the version it had. Rejects with `scenario.in_flight`, `scenario.state`.
     */
    publish(name: string): Promise<{ readonly version: number }>
    pause(name: string): Promise<void>
    /**
     * Goes on. `continue` (default): lateness decides about what was due meanwhile, as after an outage. `skip`: mail that was due
     * meanwhile is left out. `shift`: everything moves by the length of the pause.
     */
    resume(name: string, options?: { readonly missed?: 'continue' | 'skip' | 'shift' }): Promise<void>
    /** Nobody enters any more. Those who are in it finish, or exit now with all their queued mail. */
    stop(name: string, options: { readonly inFlight: 'finish' | 'exit' }): Promise<void>
    /** Puts a stopped scenario that nobody is in out of sight. Rejects with `scenario.state` otherwise. */
    archive(name: string): Promise<void>
    previewBackfill(name: string, options?: BackfillSettings): Promise<BackfillPreview>
    /** Enters contacts who did what starts the scenario before it was there. The workers do it, at the given rate; the answer is the job's id. */
    backfill(name: string, options?: BackfillSettings): Promise<{ readonly job: string }>
    cancelJob(id: string): Promise<void>
    /**
     * Mails a local day of the app from now on, by step, of those who are in it now and may be sent to: as if nobody opened, clicked
     * or did anything. Default 30 days, at most 366. Nothing while it is paused; caps are not looked at. Rejects with `scenario.unknown`.
     */
    forecast(name: string, options?: LongOptions & { readonly days?: number }): Promise<Forecast>
    /** Mermaid flowchart; with `counts` how many stand at each step and what it has sent. */
    diagram(name: string, options?: { readonly counts?: boolean; readonly language?: 'ja' | 'en' }): Promise<string>
    enrolments(contactId: string): Promise<Enrolment[]>
    /** Calls that were given up. */
    deadCalls(options?: { readonly limit?: number }): Promise<Call[]>
    /** Tries a dead call again. */
    retryCall(idemKey: string): Promise<void>
  }
  /**
   * Why a contact got, gets or does not get the mail of a scenario or broadcast, or is in a segment or not, and when it goes on: what a
   * queued mail is held by, what a step waits for, which cap left a mail out, how far calls have come. In Japanese or English (default). What still waits in the inbox is not seen. Rejects with `scenario.unknown`, `broadcast.unknown`.
   */
  explain(
    contactId: string,
    target: DeclaredScenario | DeclaredSegment | { readonly broadcast: string } | { readonly scenario: string },
    options?: { readonly language?: 'ja' | 'en' },
  ): Promise<Explanation>
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
  /** Ends transport and storage, when the process ends: after `run` has resolved and no request is under way any more. */
  close(): Promise<void>
  /** Longest a call to the transport may take. */
  readonly maxCallMs: Milliseconds
}
