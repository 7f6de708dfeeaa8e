import fc from 'fast-check'
import type { Json, JsonObject } from '../../src/domain/json.ts'
import type { SegmentEvent, SegmentMessage } from '../../src/domain/segment/evaluate-segment.ts'
import type { FieldNode, SegmentNode } from '../../src/domain/segment/segment-node.ts'

export const now = Date.UTC(2026, 10, 21, 3, 4, 5, 678)
const hour = 3_600_000

const texts = fc.constantFrom('', 'a', 'A', 'b', '10', '9', '山', 'ﾊ', '😀', '\uE000', "'", '%', 'true', 'null', '2026-01-31')
const numbers = fc.oneof(fc.constantFrom(0, -0, 1, -1, 9, 10, 0.1 + 0.2, 2 ** 53, 1e300), fc.integer({ min: -3, max: 12 }))
const dates = fc.constantFrom('2025-12-31', '2026-01-31', '2026-11-21', '2028-02-29')
const instants = fc.integer({ min: -2, max: 2 }).map((hours) => now + hours * hour)
const fields = fc.constantFrom('s', 'n', 'b', 'd', 'i', 'l', 'missing')

/** Any JSON that a record may hold: of the right type, of a wrong one, null. */
const values: fc.Arbitrary<Json> = fc.oneof(
  texts,
  numbers,
  fc.boolean(),
  dates,
  instants.map((at) => new Date(at).toISOString()),
  fc.constant(null),
  fc.array(texts, { maxLength: 2 }),
)

export const records: fc.Arbitrary<JsonObject> = fc.dictionary(fields, values, { maxKeys: 6, noNullPrototype: true })

export const events: fc.Arbitrary<SegmentEvent[]> = fc.array(
  fc.record({ name: fc.constantFrom('order', 'visit'), payload: records, occurredAt: instants }),
  { maxLength: 6 },
)

const perhaps = fc.option(instants, { freq: 2 })
const origins = fc.constantFrom(
  { scenario: null, stepId: null },
  { scenario: 'welcome', stepId: 'hello' },
  { scenario: 'welcome', stepId: 'nudge' },
)

export const messages: fc.Arbitrary<SegmentMessage[]> = fc.array(
  fc
    .record({ origin: origins, sentAt: perhaps, openedAt: perhaps, clickedAt: perhaps })
    .map(({ origin, ...times }) => ({ ...origin, ...times })),
  { maxLength: 6 },
)

const scalar = <T extends Json>(type: FieldNode['type'], operators: readonly FieldNode['operator'][], operand: fc.Arbitrary<T>) =>
  fc.oneof(
    fc.record({
      kind: fc.constant('attribute' as const),
      field: fields,
      type: fc.constant(type),
      operator: fc.constantFrom(...operators),
      value: operand,
    }),
    fc.record({
      kind: fc.constant('attribute' as const),
      field: fields,
      type: fc.constant(type),
      operator: fc.constant('isSet' as const),
    }),
  )

const comparisons = ['=', '!=', '<', '<=', '>', '>='] as const
const inList = <T extends Json>(type: FieldNode['type'], operand: fc.Arbitrary<T>) =>
  fc.record({
    kind: fc.constant('attribute' as const),
    field: fields,
    type: fc.constant(type),
    operator: fc.constant('in' as const),
    value: fc.array(operand, { minLength: 1, maxLength: 3 }),
  })

const ofList = { kind: fc.constant('attribute' as const), field: fields, type: fc.constant('list' as const) }
const listNodes = [
  fc.record({ ...ofList, operator: fc.constantFrom('isSet' as const, 'isEmpty' as const) }),
  fc.record({ ...ofList, operator: fc.constant('has' as const), value: texts }),
  fc.record({
    ...ofList,
    operator: fc.constantFrom('hasAny' as const, 'hasAll' as const),
    value: fc.array(texts, { minLength: 1, maxLength: 3 }),
  }),
]

export const fieldNodes: fc.Arbitrary<FieldNode> = fc.oneof(
  scalar('string', comparisons, texts),
  scalar('number', comparisons, numbers),
  scalar('boolean', ['=', '!='], fc.boolean()),
  scalar('date', comparisons, dates),
  scalar('instant', comparisons, instants),
  inList('string', texts),
  inList('number', numbers),
  inList('instant', instants),
  ...listNodes,
)

const groupsOf = (leaf: fc.Arbitrary<SegmentNode>, depth: number): fc.Arbitrary<SegmentNode> =>
  depth <= 1
    ? leaf
    : fc.oneof(
        leaf,
        fc.record({
          kind: fc.constantFrom('all' as const, 'any' as const),
          of: fc.array(groupsOf(leaf, depth - 1), { maxLength: 3 }),
        }),
        fc.record({ kind: fc.constant('not' as const), of: groupsOf(leaf, depth - 1) }),
      )

const withins = fc.constantFrom(1, hour, 2 * hour)
const counts = fc.record({
  operator: fc.constantFrom('>=' as const, '=' as const, '<=' as const),
  value: fc.integer({ min: 0, max: 3 }),
})

const eventNodes: fc.Arbitrary<SegmentNode> = fc.record(
  {
    kind: fc.constant('event' as const),
    event: fc.constantFrom('order', 'visit', 'never'),
    within: withins,
    count: counts,
    where: groupsOf(fieldNodes, 2),
  },
  { requiredKeys: ['kind', 'event', 'count'] },
)

const messageNodes: fc.Arbitrary<SegmentNode> = fc
  .record({
    did: fc.constantFrom('sent' as const, 'opened' as const, 'clicked' as const),
    within: fc.option(withins, { nil: undefined }),
    count: counts,
    of: fc.constantFrom({}, { scenario: 'welcome' }, { scenario: 'welcome', step: 'hello' }),
  })
  .map(({ did, within, count, of }) => ({ kind: 'message', did, ...(within === undefined ? {} : { within }), count, ...of }))

/** Trees within the limits, over the same few fields as `records`. */
export const trees: fc.Arbitrary<SegmentNode> = groupsOf(
  fc.oneof(fieldNodes, eventNodes, messageNodes, fc.constant({ kind: 'everyone' as const })),
  4,
)
