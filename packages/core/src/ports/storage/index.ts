export type { Assignment, AssignmentReader, AssignmentWriter } from './assignments.ts'
export type { Broadcast, BroadcastReader, BroadcastWriter } from './broadcasts.ts'
export type { Call, CallReader, CallWriter, ClaimedCall } from './calls.ts'
export type { ConsentReader, ConsentWriter, SuppressionReader, SuppressionWriter } from './consents.ts'
export type { ContactReader, ContactWriter } from './contacts.ts'
export type { EnrolmentReader, EnrolmentWriter } from './enrolments.ts'
export type { EventReader, EventRow, EventWriter } from './events.ts'
export type { InboxEntry, InboxMeta, InboxReader, InboxRow, InboxWriter } from './inbox.ts'
export type { Job, JobReader, JobWriter } from './jobs.ts'
export type {
  Conversion,
  DropTarget,
  Message,
  MessageFacts,
  MessageReader,
  MessageState,
  MessageWriter,
  QueueEntry,
  StepMail,
} from './messages.ts'
export type { CapUse, ClaimedMail, FinishRequest, MarkAnswer, MarkRequest, QueueReader, QueueWriter } from './queue.ts'
export type { LinkCounts, ReportCounts, ReportFilter, ReportReader } from './reports.ts'
export type {
  ScenarioReader,
  ScenarioRow,
  ScenarioVersionRow,
  ScenarioWriter,
  TemplateReader,
  TemplateVersionRow,
  TemplateWriter,
} from './scenarios.ts'
export type { InstallationStamp, OwnWork, SchemaWriter } from './schema.ts'
export type { SegmentReader } from './segments.ts'
export type { Step } from './step.ts'
export type { SchemaState, Storage, StorageReader, StorageTraits, StorageTransaction } from './storage.ts'
export type { Watch, WatchMember, WatchReader, WatchWriter } from './watches.ts'
