export { checkDefinitionAgainst, type DefinitionSurroundings } from './check-definition.ts'
export type { Condition } from './condition.ts'
export type { Fragment, Piece, Slot, Syntax, Tag } from './content.ts'
export { each, when } from './content.ts'
export type { DeclaredModel, DeclaredScenario, DeclaredSegment, DeclaredTemplate, DeclaredTopic } from './declared.ts'
export type { AnyEventCondition, EventCondition, Joiners } from './event-condition.ts'
export type { FragmentData, FragmentPart } from './fragment.ts'
export type { MailCondition, MailConditions } from './mail-condition.ts'
export { defineModel, type Model, type ModelTypesOf } from './model.ts'
export type { ReadScenario, ReadScenarioOptions, StoredScenario } from './read-scenario.ts'
export type { Recipient } from './recipient.ts'
export type { Printable, Ref, Refs, RefTo } from './reference.ts'
export {
  type DateFormat,
  eq,
  formatCurrency,
  formatDate,
  formatNumber,
  honorific,
  isSet,
  not,
  or,
} from './reference-functions.ts'
export type { Scenario } from './scenario.ts'
export type { StepBuilder } from './scenario-builder.ts'
export type { DateEntry, ScenarioOptions, SegmentEntry } from './scenario-options.ts'
export type { CheckOptions, ScenarioTools } from './scenario-tools.ts'
export type { EventOptions, FieldCondition, Segment, SegmentBuilder } from './segment-builder.ts'
export type { MailOptions } from './segment-builder-mail.ts'
export type { ContactScript, HappeningScript, ReactionScript, SimulateOptions } from './simulation-script.ts'
export type { ClockTime, ElapsedSpan, WaitSpan } from './span.ts'
export type { Step } from './step.ts'
export type {
  Arms,
  AttributeChanges,
  AwaitedArm,
  CallOptions,
  Fill,
  Payload,
  SendArguments,
  SendOptions,
  SplitOptions,
  WaitForOptions,
  WaitOptions,
} from './step-options.ts'
export type { BodyContext, LineContext, Template, TemplateDefinition, TextContext } from './template.ts'
export type { BusinessWait, CalendarWait, WaitInput, Weekday, WeekdayWait } from './wait-input.ts'
