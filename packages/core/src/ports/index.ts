export type {
  ConsentEntry,
  ConsentState,
  Purpose,
  SkipReason,
  Suppression,
} from '../domain/consent/consent.ts'
export type { Contact, ContactName, Route } from '../domain/contact/contact.ts'
export type { Json, JsonObject } from '../domain/json.ts'
export type { Enrolment } from '../domain/scenario/enrolment.ts'
export type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
export type { MailFate, TransitionInput } from '../domain/scenario/transition-contract.ts'
export type { TimeLeaf } from '../domain/segment/next-change.ts'
export type { EventNode, FieldNode, MessageNode, SegmentNode, SegmentQuery } from '../domain/segment/segment-node.ts'
export type { Instant, LocalDate, Milliseconds } from '../domain/time/instant.ts'
export type { BounceClass, DeliveryEvent } from '../domain/tracking/delivery-event.ts'
export type { TemplateLink } from '../domain/tracking/template-link.ts'
export type { Clock } from './clock.ts'
export type { Logger } from './logger.ts'
export type { Markup } from './markup.ts'
export type * from './storage/index.ts'
export type { OutgoingMail, RawAnswer, Transport, TransportResult } from './transport.ts'
export type { Waker } from './waker.ts'
