import type { JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'
import { evaluateField } from './evaluate-field.ts'
import type { EventNode, MessageNode, SegmentNode, SegmentQuery } from './segment-node.ts'

/** What an evaluation reads of an event. */
export interface SegmentEvent {
  readonly name: string
  readonly payload: JsonObject
  readonly occurredAt: Instant
}

/** What an evaluation reads of a mail to the contact. */
export interface SegmentMessage {
  /** Null: of a broadcast or sent singly. */
  readonly scenario: string | null
  readonly stepId: string | null
  /** When it was handed over; null where that did not happen or is not certain. */
  readonly sentAt: Instant | null
  /** First open and first click of a person. */
  readonly openedAt: Instant | null
  readonly clickedAt: Instant | null
}

/**
 * Whether a contact is in a segment. The reference of the three evaluators: the SQL ones agree with it on every tree.
 * Two-valued and total: a missing, null or wrongly typed value makes a comparison false, and `not` turns exactly that round,
 * so `count(P) + count(not P) = count(all)`. Without `within` events of any time count, those just ahead of `now` too.
 * `messages` are all mails to the contact, in any order; without them nothing was sent.
 */
export const evaluateSegment = (
  query: SegmentQuery,
  contact: { readonly attributes: JsonObject },
  events: Iterable<SegmentEvent>,
  messages: Iterable<SegmentMessage> = [],
): boolean =>
  evaluateNode(query.tree, {
    record: contact.attributes,
    events: Array.isArray(events) ? events : [...events],
    messages: Array.isArray(messages) ? messages : [...messages],
    now: query.now,
  })

interface Facts {
  readonly record: JsonObject
  readonly events: readonly SegmentEvent[]
  readonly messages: readonly SegmentMessage[]
  readonly now: Instant
}

const evaluateNode = (node: SegmentNode, facts: Facts): boolean => {
  switch (node.kind) {
    case 'everyone':
      return true
    case 'all':
      return node.of.every((child) => evaluateNode(child, facts))
    case 'any':
      return node.of.some((child) => evaluateNode(child, facts))
    case 'not':
      return !evaluateNode(node.of, facts)
    case 'attribute':
      return evaluateField(node, facts.record)
    case 'event':
      return evaluateEvents(node, facts)
    case 'message':
      return evaluateMessages(node, facts)
  }
}

const evaluateEvents = (node: EventNode, { events, now }: Facts): boolean =>
  holdsFor(events.filter((event) => countsEvent(node, event) && isWithin(event.occurredAt, node.within, now)).length, node.count)

/** Whether a leaf counts an event, whenever it occurred. */
export const countsEvent = ({ event, where }: EventNode, { name, payload }: SegmentEvent): boolean =>
  name === event && (where === undefined || evaluateNode(where, { record: payload, events: [], messages: [], now: 0 }))

const evaluateMessages = (node: MessageNode, { messages, now }: Facts): boolean => {
  const matches = messages.filter((message) => {
    const at = countsMessageAt(node, message)
    return at !== null && isWithin(at, node.within, now)
  })
  return holdsFor(matches.length, node.count)
}

/** When a mail became what a leaf counts; null: it is none of them. */
export const countsMessageAt = ({ did, scenario, step }: MessageNode, message: SegmentMessage): Instant | null => {
  if (scenario !== undefined && message.scenario !== scenario) return null
  if (step !== undefined && message.stepId !== step) return null
  const { sentAt, openedAt, clickedAt } = message
  if (did === 'sent') return sentAt
  if (did === 'clicked' || openedAt === null) return clickedAt
  return clickedAt === null ? openedAt : Math.min(openedAt, clickedAt)
}

/** In the half-open `(now − within, now]`. */
const isWithin = (at: Instant, within: number | undefined, now: Instant): boolean =>
  within === undefined || (at > now - within && at <= now)

const holdsFor = (matches: number, { operator, value }: EventNode['count']): boolean => {
  switch (operator) {
    case '>=':
      return matches >= value
    case '<=':
      return matches <= value
    case '=':
      return matches === value
  }
}
