export type { Condition } from './condition.ts'
export type { Fragment, Piece, Slot, Syntax, Tag } from './content.ts'
export { each, when } from './content.ts'
export type { DeclaredModel, DeclaredScenario, DeclaredSegment, DeclaredTemplate, DeclaredTopic } from './declared.ts'
export type { FragmentData, FragmentPart } from './fragment.ts'
export { defineModel, type Model, type ModelTypesOf } from './model.ts'
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
export type { Scenario, ScenarioOptions } from './scenario.ts'
export type { Fill, SendArguments, SendOptions, Step, StepBuilder } from './scenario-builder.ts'
export type { EventOptions, FieldCondition, Segment, SegmentBuilder } from './segment-builder.ts'
export type { MailOptions } from './segment-builder-mail.ts'
export type { CalendarWait, ClockTime, ElapsedSpan, WaitSpan } from './span.ts'
export type { BodyContext, LineContext, Template, TemplateDefinition, TextContext } from './template.ts'
