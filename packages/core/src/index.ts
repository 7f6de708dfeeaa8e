export {
  type AnyEventCondition,
  type Arms,
  type AttributeChanges,
  type AwaitedArm,
  type BodyContext,
  type BusinessWait,
  type CalendarWait,
  type CallOptions,
  type CheckOptions,
  type ClockTime,
  type Condition,
  type ContactScript,
  type DateEntry,
  type DateFormat,
  type DeclaredModel,
  type DeclaredScenario,
  type DeclaredSegment,
  type DeclaredTemplate,
  type DeclaredTopic,
  defineModel,
  type ElapsedSpan,
  type EventCondition,
  type EventOptions,
  each,
  eq,
  type FieldCondition,
  type Fill,
  type Fragment,
  formatCurrency,
  formatDate,
  formatNumber,
  type HappeningScript,
  honorific,
  isSet,
  type Joiners,
  type LineContext,
  type MailCondition,
  type MailConditions,
  type MailOptions,
  type Model,
  type ModelTypesOf,
  not,
  or,
  type Payload,
  type Printable,
  type ReactionScript,
  type ReadScenario,
  type ReadScenarioOptions,
  type Recipient,
  type Ref,
  type Refs,
  type Scenario,
  type ScenarioOptions,
  type Segment,
  type SegmentBuilder,
  type SegmentEntry,
  type SendOptions,
  type SimulateOptions,
  type SplitOptions,
  type Step,
  type StepBuilder,
  type StoredScenario,
  type Tag,
  type Template,
  type TemplateDefinition,
  type TextContext,
  type WaitForOptions,
  type WaitInput,
  type WaitOptions,
  type WaitSpan,
  type Weekday,
  type WeekdayWait,
  when,
} from './define/index.ts'
export { dormantOn } from './domain/analysis/dormant-on.ts'
export type {
  Audience as AudienceKind,
  ConsentBasis,
  ConsentEntry,
  ConsentEvidence,
  ConsentState,
  Jurisdiction,
  Purpose,
  SkipReason,
} from './domain/consent/consent.ts'
export type { Contact, ContactName } from './domain/contact/contact.ts'
export { classifyBounce, type Refusal } from './domain/delivery/classify-bounce.ts'
export type { Json, JsonObject } from './domain/json.ts'
export type { Rate } from './domain/metrics/rate.ts'
export type { LinkReport, Report } from './domain/metrics/report.ts'
export type { Finding, FindingLevel } from './domain/scenario/check/finding.ts'
export type { Enrolment, EnrolmentState } from './domain/scenario/enrolment.ts'
export type { Forecast } from './domain/scenario/forecast.ts'
export {
  type DefinitionProblem,
  type DefinitionProblemCode,
  type ParsedScenario,
  type ParseScenarioOptions,
  parseScenario,
} from './domain/scenario/parse-scenario.ts'
export type { ScenarioDefinition, ScenarioStep } from './domain/scenario/scenario-definition.ts'
export { scenarioSchema } from './domain/scenario/scenario-json-schema.ts'
export type { Simulation } from './domain/scenario/simulate/script.ts'
export { type ScenarioDefinition1, upgradeDefinition } from './domain/scenario/upgrade-definition.ts'
export { evaluateSegment, type SegmentEvent, type SegmentMessage } from './domain/segment/evaluate-segment.ts'
export {
  type BusinessCalendar,
  type BusinessCalendarOptions,
  businessCalendar,
  type HolidayCalendar,
} from './domain/time/business-calendar.ts'
export { bucketOf, type Instant, type LocalDate, type Milliseconds } from './domain/time/instant.ts'
export type { BounceClass, DeliveryEvent, DeliveryEventKind } from './domain/tracking/delivery-event.ts'
export { createConsoleLogger, type LogLevel, silentLogger } from './engine/console-logger.ts'
export { createTobiishi } from './engine/create-tobiishi.ts'
export type {
  CapHold,
  ExplainedArm,
  ExplainedCall,
  ExplainFinding,
  MailHold,
  WaitsFor,
} from './engine/insight/explanation.ts'
export { createPollingWaker } from './engine/polling-waker.ts'
export type { TobiishiOptions, TypedModel, TypesOf } from './engine/settings/options.ts'
export { createSystemClock, type SystemClock } from './engine/system-clock.ts'
export type {
  Audience,
  BackfillPreview,
  BackfillSettings,
  BackfillTally,
  ConsentInput,
  EnrolSettings,
  Explanation,
  FrequencyCap,
  Handler,
  HandlerCall,
  IncomingDeliveryEvent,
  InFlightPreview,
  IngestReport,
  InstantInput,
  LongOptions,
  ModelTypes,
  Profile,
  ScenarioInfo,
  ScenarioState,
  TickReport,
  Tobiishi,
  WithdrawInput,
  WriteOptions,
} from './engine/tobiishi.ts'
export { type ErrorCode, errorCodes, TobiishiError, type TobiishiErrorOptions } from './errors/index.ts'
export { toNextHandler, toNodeHandler } from './http/index.ts'
export type { Secret } from './message/create-signer.ts'
export type { Sender } from './message/sender.ts'
export type { Broadcast, Call, Job, Message, MessageFacts, MessageState, ReportFilter } from './ports/storage/index.ts'
