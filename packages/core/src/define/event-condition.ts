import type * as z from 'zod'
import type { EventMatch } from '../domain/scenario/scenario-definition.ts'
import { requireSegmentNode } from '../domain/segment/parse-segment-node.ts'
import type { SegmentNode } from '../domain/segment/segment-node.ts'
import { type Condition, conditionData, createCondition } from './condition.ts'
import { createFieldNode } from './field-condition.ts'
import { invalidDefinition, mustBe, unknownName } from './invalid-definition.ts'
import { readOptions } from './options.ts'
import type { FieldCondition, SegmentBuilder, SegmentVocabulary } from './segment-builder.ts'

export type Events = { readonly [name: string]: z.ZodObject }

/** What conditions over a payload are joined with. */
export type Joiners = Pick<SegmentBuilder<z.core.$ZodShape, Events>, 'all' | 'any' | 'not'>

/** An event of the contact, if wanted only with a payload that fits. */
export interface EventCondition<E extends Events, K extends keyof E & string> {
  readonly event: K
  /** `(order) => order('total', '>=', 10_000)`; several with `(order, { all }) => all(…)`. Default: any payload. */
  readonly where?: (payload: FieldCondition<E[K]['shape'], `event:${K}`>, joiners: Joiners) => Condition<`event:${K}`>
}

/** A condition over any one event of the model; the event's name decides which payload `where` asks about. */
export type AnyEventCondition<E extends Events> = { [K in keyof E & string]: EventCondition<E, K> }[keyof E & string]

/** The name of an event that the model has. Throws `definition.unknown_event`. */
export const readEvent = (path: string, vocabulary: SegmentVocabulary, event: unknown): string => {
  if (typeof event === 'string' && Object.hasOwn(vocabulary.events, event)) return event
  throw invalidDefinition(path, `the model has no event ${unknownName(event, vocabulary.events)}.`, 'definition.unknown_event')
}

/** `{ event, where? }` as data. */
export const readEventMatch = (path: string, vocabulary: SegmentVocabulary, condition: unknown): EventMatch => {
  const { event, where } = readOptions(path, condition, ['event', 'where'])
  const name = readEvent(`${path}.event`, vocabulary, event)
  return { kind: 'event', event: name, where: where === undefined ? null : readWhere(`${path}.where`, vocabulary, name, where) }
}

const readWhere = (path: string, vocabulary: SegmentVocabulary, event: string, where: unknown): SegmentNode => {
  const payload = vocabulary.events[event]
  if (typeof where !== 'function' || payload === undefined)
    throw mustBe(path, 'a function such as (order) => order(…)', where, 'segment.invalid')
  const of = `event:${event}`
  const nodeOf = (condition: unknown): SegmentNode => {
    const data = conditionData(condition)
    if (data !== null && (data.of === null || data.of === of)) return data.node
    throw invalidDefinition(path, 'needs a condition over the payload.', 'segment.invalid')
  }
  const field = (name: string, operator: string, ...operand: unknown[]) =>
    createCondition(createFieldNode(path, payload, name, operator, operand), of)
  const joiners = {
    all: (...conditions: unknown[]) => createCondition({ kind: 'all', of: conditions.map(nodeOf) }, of),
    any: (...conditions: unknown[]) => createCondition({ kind: 'any', of: conditions.map(nodeOf) }, of),
    not: (condition: unknown) => createCondition({ kind: 'not', of: nodeOf(condition) }, of),
  }
  const node = nodeOf(where(field, joiners))
  requireSegmentNode({ kind: 'event', event, count: { operator: '>=', value: 1 }, where: node }, path)
  return node
}
