import type { Instant } from '../../domain/time/instant.ts'
import type { AssignmentReader, AssignmentWriter } from './assignments.ts'
import type { BroadcastReader, BroadcastWriter } from './broadcasts.ts'
import type { CallReader, CallWriter } from './calls.ts'
import type { ConsentReader, ConsentWriter, SuppressionReader, SuppressionWriter } from './consents.ts'
import type { ContactReader, ContactWriter } from './contacts.ts'
import type { EnrolmentReader, EnrolmentWriter } from './enrolments.ts'
import type { EventReader, EventWriter } from './events.ts'
import type { InboxEntry, InboxReader, InboxWriter } from './inbox.ts'
import type { JobReader, JobWriter } from './jobs.ts'
import type { MessageReader, MessageWriter } from './messages.ts'
import type { QueueReader, QueueWriter } from './queue.ts'
import type { ReportReader } from './reports.ts'
import type { ScenarioReader, ScenarioWriter, TemplateReader, TemplateWriter } from './scenarios.ts'
import type { SchemaWriter } from './schema.ts'
import type { SegmentReader } from './segments.ts'
import type { Step } from './step.ts'
import type { WatchReader, WatchWriter } from './watches.ts'

/** Differences between storages that the engine and the suites may ask about; never the storage's name. */
export interface StorageTraits {
  /** One worker at a time; a second `run()` waits for the lease. Default false. */
  readonly singleWorker: boolean
  /** Rows survive the process. */
  readonly durable: boolean
  /** `append` accepts the app's transaction. */
  readonly sharesTransactions: boolean
}

export interface StorageReader {
  readonly contacts: ContactReader
  readonly consents: ConsentReader
  readonly suppressions: SuppressionReader
  readonly inbox: InboxReader
  readonly events: EventReader
  readonly scenarios: ScenarioReader
  readonly templates: TemplateReader
  readonly enrolments: EnrolmentReader
  readonly messages: MessageReader
  readonly queue: QueueReader
  readonly watches: WatchReader
  readonly calls: CallReader
  readonly assignments: AssignmentReader
  readonly jobs: JobReader
  readonly broadcasts: BroadcastReader
  readonly segments: SegmentReader
  readonly reports: ReportReader
}

/** The verbs inside one transaction. One lock order: scenario, broadcast, job and watch before all; then contact (by id) → enrolment → send_queue → message → cap_counter. */
export interface StorageTransaction {
  readonly contacts: ContactWriter
  readonly consents: ConsentWriter
  readonly suppressions: SuppressionWriter
  readonly inbox: InboxWriter
  readonly events: EventWriter
  readonly scenarios: ScenarioWriter
  readonly templates: TemplateWriter
  readonly enrolments: EnrolmentWriter
  readonly messages: MessageWriter
  readonly queue: QueueWriter
  readonly watches: WatchWriter
  readonly calls: CallWriter
  readonly assignments: AssignmentWriter
  readonly jobs: JobWriter
  readonly broadcasts: BroadcastWriter
  readonly segments: SegmentReader
  readonly reports: ReportReader
  readonly schema: SchemaWriter
}

export type SchemaState = 'ready' | 'missing' | 'outdated' | 'too-new'

/**
 * Where the rows live. `Tx` is the app's own transaction as `append` accepts it; `never` where none can be shared.
 */
export interface Storage<Tx = never> {
  readonly traits: StorageTraits
  /** Brings the tables up to date. Safe to call from many processes at once; only adds. */
  migrate(): Promise<{ readonly from: number; readonly to: number }>
  /** The same as text, for those who run migrations themselves. */
  migrationSql(): string
  schemaState(): Promise<SchemaState>
  /** The database's clock, for the default clock of the engine; absent where the process's clock is as good. */
  databaseNow?(): Promise<Instant>
  /** Writes inbox entries: in the app's transaction when given (visible with its commit, gone with its rollback), else at once. Takes no other lock. */
  append(entries: readonly InboxEntry[], options?: { readonly tx?: Tx | undefined }): Promise<void>
  /** Runs `work` in one transaction: all of it is committed when the promise resolves, nothing when it rejects. Repeats `work` after a serialisation failure, a deadlock or a busy database. */
  transaction<T>(work: (tx: StorageTransaction) => Step<T>): Promise<T>
  /** Runs `work` on one consistent snapshot, without locks. */
  read<T>(work: (reader: StorageReader) => Step<T>): Promise<T>
  close(): Promise<void>
}
