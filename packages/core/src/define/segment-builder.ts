import type * as z from 'zod'
import { requireSegmentNode } from '../domain/segment/parse-segment-node.ts'
import type { EventNode, SegmentNode } from '../domain/segment/segment-node.ts'
import { type Condition, type ContactScope, conditionData, createCondition } from './condition.ts'
import type { DeclaredSegment } from './declared.ts'
import { createFieldNode } from './field-condition.ts'
import type { FieldName, OperandOf, OperatorOf } from './field-operator.ts'
import { invalidDefinition, mustBe, requireName } from './invalid-definition.ts'
import { createMessageNode, type MailOptions, readCount, type UncheckedMailOptions } from './segment-builder-mail.ts'
import { type ElapsedSpan, readElapsedSpan } from './span.ts'
import type { ObjectType } from './value-type.ts'

type Shape = z.core.$ZodShape
type Events = { readonly [name: string]: z.ZodObject }

/** A segment as the app holds it: a name and a tree. */
export interface Segment extends DeclaredSegment {}

/** Asks about one field; its schema decides the operators, the operator the operand. */
export type FieldCondition<S extends Shape, Of extends string> = <K extends FieldName<S>, Op extends OperatorOf<S[K]>>(
  field: K,
  operator: Op,
  ...operand: OperandOf<S[K], Op>
) => Condition<Of>

export interface EventOptions<S extends Shape, Of extends string> {
  /** In the time up to now; a day is 24 hours. Default ever. */
  readonly within?: ElapsedSpan
  /** How often. Default `['>=', 1]`. */
  readonly count?: readonly [operator: '>=' | '=' | '<=', times: number]
  /** Only events whose payload fits. */
  readonly where?: (payload: FieldCondition<S, Of>) => Condition<Of>
}

/** What a segment is built from. */
export interface SegmentBuilder<A extends Shape, E extends Events> {
  readonly attribute: FieldCondition<A, ContactScope>
  /** Contacts that did this. For those who never did: `not(did(…))` or `count: ['=', 0]`. */
  did<K extends keyof E & string>(event: K, options?: EventOptions<E[K]['shape'], `event:${K}`>): Condition<ContactScope>
  /** Contacts that a mail was sent to. */
  received(options?: MailOptions): Condition<ContactScope>
  /** Contacts that opened a mail (people, not scanners; a click is an open). For those who did not: `not(opened(…))`. */
  opened(options?: MailOptions): Condition<ContactScope>
  /** Contacts that clicked in a mail (people, not scanners). */
  clicked(options?: MailOptions): Condition<ContactScope>
  all<Of extends string = never>(...conditions: Condition<Of>[]): Condition<Of>
  any<Of extends string = never>(...conditions: Condition<Of>[]): Condition<Of>
  not<Of extends string>(condition: Condition<Of>): Condition<Of>
  everyone(): Condition<ContactScope>
}

/** What the builder checks against. */
export interface SegmentVocabulary {
  readonly contact: ObjectType
  readonly events: { readonly [name: string]: ObjectType }
}

/** Builds and checks a segment. Throws `definition.unknown_attribute`, `definition.unknown_event`, `segment.invalid`. */
export const createSegment = (vocabulary: SegmentVocabulary, name: string, build: (builder: object) => unknown): Segment => {
  const owner = `segment "${requireName('segment', name)}"`
  const tree = readCondition(owner, build(createBuilder(owner, vocabulary)), 'contact')
  return Object.freeze({ kind: 'segment', name, tree: requireSegmentNode(tree, owner) })
}

const createBuilder = (owner: string, vocabulary: SegmentVocabulary) => ({
  attribute: (field: string, operator: string, ...operand: unknown[]) =>
    createCondition(createFieldNode(owner, vocabulary.contact, field, operator, operand), 'contact'),
  did: (event: string, options: UncheckedEventOptions = {}) =>
    createCondition(createEventNode(owner, vocabulary, event, options), 'contact'),
  received: (options: UncheckedMailOptions = {}) =>
    createCondition(createMessageNode(`${owner}, received`, 'sent', options), 'contact'),
  opened: (options: UncheckedMailOptions = {}) =>
    createCondition(createMessageNode(`${owner}, opened`, 'opened', options), 'contact'),
  clicked: (options: UncheckedMailOptions = {}) =>
    createCondition(createMessageNode(`${owner}, clicked`, 'clicked', options), 'contact'),
  all: (...conditions: unknown[]) => combine(owner, 'all', conditions),
  any: (...conditions: unknown[]) => combine(owner, 'any', conditions),
  not: (condition: unknown) => {
    const { node, of } = requireCondition(`${owner}, not`, condition)
    return createCondition({ kind: 'not', of: node }, of)
  },
  everyone: () => createCondition({ kind: 'everyone' }, 'contact'),
})

interface UncheckedEventOptions {
  readonly within?: unknown
  readonly count?: unknown
  readonly where?: unknown
}

const createEventNode = (
  owner: string,
  vocabulary: SegmentVocabulary,
  event: string,
  { within, count = ['>=', 1], where }: UncheckedEventOptions,
): EventNode => {
  const path = `${owner}, did("${event}")`
  const payload = Object.hasOwn(vocabulary.events, event) ? vocabulary.events[event] : undefined
  if (payload === undefined) throw invalidDefinition(path, 'the model has no such event.', 'definition.unknown_event')
  return {
    kind: 'event',
    event,
    ...(within === undefined ? {} : { within: readElapsedSpan(`${path}, within`, within) }),
    count: readCount(`${path}, count`, count),
    ...(where === undefined ? {} : { where: readWhere(path, payload, event, where) }),
  }
}

const readWhere = (path: string, payload: ObjectType, event: string, where: unknown): SegmentNode => {
  if (typeof where !== 'function')
    throw mustBe(`${path}, where`, 'a function such as (order) => order(…)', where, 'segment.invalid')
  const of = `event:${event}`
  const field = (name: string, operator: string, ...operand: unknown[]) =>
    createCondition(createFieldNode(path, payload, name, operator, operand), of)
  return readCondition(`${path}, where`, where(field), of)
}

const combine = (owner: string, kind: 'all' | 'any', conditions: readonly unknown[]): Condition => {
  const data = conditions.map((condition, index) => requireCondition(`${owner}, ${kind}[${index}]`, condition))
  const scopes = new Set(data.flatMap(({ of }) => (of === null ? [] : [of])))
  if (scopes.size > 1) {
    throw invalidDefinition(
      `${owner}, ${kind}`,
      'mixes conditions over the contact with conditions over a payload.',
      'segment.invalid',
    )
  }
  const [of] = scopes
  return createCondition({ kind, of: data.map(({ node }) => node) }, of ?? null)
}

const readCondition = (path: string, condition: unknown, scope: string): SegmentNode => {
  const { node, of } = requireCondition(path, condition)
  if (of === null || of === scope) return node
  throw invalidDefinition(
    path,
    `needs a condition over ${scope === 'contact' ? 'the contact' : 'the payload'}.`,
    'segment.invalid',
  )
}

const requireCondition = (path: string, value: unknown): { readonly node: SegmentNode; readonly of: string | null } => {
  const data = conditionData(value)
  if (data !== null) return data
  throw invalidDefinition(
    path,
    'is not a condition. Return attribute(…), did(…), received(…), opened(…), clicked(…), all(…), any(…), not(…) or everyone().',
    'segment.invalid',
  )
}
