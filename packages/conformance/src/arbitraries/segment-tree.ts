import type { EventNode, FieldNode, Json, MessageNode, SegmentNode, TimeLeaf } from '@tobiishi/core/ports'
import fc from 'fast-check'
import { dateText, instantMs, nastyJson, nastyNumber, nastyScalar, nastyText } from './nasty-values.ts'

const day = 86_400_000

/** Attributes and payload fields whose values mostly have their type; the names would break a JSON path or a query that quotes badly. */
export const typedFields = {
  string: 'plan',
  number: 'a.b',
  boolean: '0',
  date: "it's",
  instant: '会社 名',
  list: '[0]',
} as const satisfies Record<FieldNode['type'], string>
/** Fields with values of any type. */
export const anyFields = ['$', 'constructor'] as const
export const eventNames = ['order.placed', 'brochure.requested', "l'événement 😀"] as const
/** Scenarios and steps of the generated mails; `nothing` has sent none. */
export const scenarioNames = ['welcome', "L'accueil 飛"] as const
export const stepIds = ['hello', 'nudge'] as const
/** Spans of `within`; events of the generated contacts happened exactly at their borders too. */
export const spans = [1, 2, 1_000, day, 30 * day] as const

const operators = ['=', '!=', '<', '<=', '>', '>='] as const

const baseOf = (type: FieldNode['type']) => {
  const name: fc.Arbitrary<string> = fc.oneof(
    { weight: 6, arbitrary: fc.constant(typedFields[type]) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(typedFields), ...anyFields) },
  )
  return { kind: fc.constant('attribute' as const), field: name, type: fc.constant(type) }
}

const fieldOf = (
  type: FieldNode['type'],
  operand: fc.Arbitrary<Json>,
  compared: readonly FieldNode['operator'][],
): fc.Arbitrary<FieldNode> => {
  const base = baseOf(type)
  const isSet = fc.record({ ...base, operator: fc.constant('isSet' as const) })
  // Now and then an operand of another type: false everywhere, never an error. A number is an instant only within Date's range.
  const other = nastyJson.filter((json) => type !== 'instant' || typeof json !== 'number')
  const value = fc.oneof({ weight: 12, arbitrary: operand }, { weight: 1, arbitrary: other })
  const comparison = fc.record({ ...base, operator: fc.constantFrom(...compared), value })
  if (type === 'boolean') return fc.oneof({ weight: 4, arbitrary: comparison }, isSet)
  const membership = fc.record({ ...base, operator: fc.constant('in' as const), value: fc.array(value, { maxLength: 4 }) })
  return fc.oneof({ weight: 6, arbitrary: comparison }, { weight: 2, arbitrary: membership }, isSet)
}

/** What a list holds: few elements that are often there, and now and then what no list of scalars holds. */
const listField: fc.Arbitrary<FieldNode> = (() => {
  const base = baseOf('list')
  const element = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Json>('a', '1', '😀', 1, 0, 1.5, 1e21, true, false) },
    { weight: 4, arbitrary: nastyScalar },
    { weight: 1, arbitrary: nastyJson },
  )
  const elements = fc.oneof({ weight: 12, arbitrary: fc.array(element, { maxLength: 4 }) }, { weight: 1, arbitrary: nastyJson })
  return fc.oneof(
    { weight: 1, arbitrary: fc.record({ ...base, operator: fc.constantFrom('isSet' as const, 'isEmpty' as const) }) },
    { weight: 2, arbitrary: fc.record({ ...base, operator: fc.constant('has' as const), value: element }) },
    {
      weight: 3,
      arbitrary: fc.record({ ...base, operator: fc.constantFrom('hasAny' as const, 'hasAll' as const), value: elements }),
    },
  )
})()

const field: fc.Arbitrary<FieldNode> = fc.oneof(
  fieldOf('string', nastyText, operators),
  fieldOf('number', nastyNumber, operators),
  fieldOf('boolean', fc.boolean(), ['=', '!=']),
  fieldOf('date', dateText, operators),
  fieldOf('instant', instantMs, operators),
  listField,
)

const combined = (leaf: fc.Arbitrary<SegmentNode>, maxDepth: number): fc.Arbitrary<SegmentNode> =>
  fc.letrec<{ node: SegmentNode }>((tie) => ({
    node: fc.oneof(
      { maxDepth, depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      fc.record({ kind: fc.constant('all' as const), of: fc.array(tie('node'), { maxLength: 3, size: 'max' }) }),
      fc.record({ kind: fc.constant('any' as const), of: fc.array(tie('node'), { maxLength: 3, size: 'max' }) }),
      fc.record({ kind: fc.constant('not' as const), of: tie('node') }),
    ),
  })).node

const condition = combined(field, 2)

const within = fc.constantFrom(...spans)
const count = fc.record({ operator: fc.constantFrom('>=' as const, '=' as const, '<=' as const), value: fc.nat(3) })

const event: fc.Arbitrary<EventNode> = fc.record(
  {
    kind: fc.constant('event' as const),
    event: fc.constantFrom(...eventNames),
    within,
    count,
    where: condition,
  },
  { requiredKeys: ['kind', 'event', 'count'] },
)

const did = fc.constantFrom('sent' as const, 'opened' as const, 'clicked' as const)
const message: fc.Arbitrary<MessageNode> = fc.oneof(
  fc.record({ kind: fc.constant('message' as const), did, within, count }, { requiredKeys: ['kind', 'did', 'count'] }),
  fc.record(
    {
      kind: fc.constant('message' as const),
      did,
      within,
      count,
      scenario: fc.constantFrom(...scenarioNames, 'nothing'),
      step: fc.constantFrom(...stepIds, 'nothing'),
    },
    { requiredKeys: ['kind', 'did', 'count', 'scenario'] },
  ),
)

/** Leaves with a window of time. */
export const timeLeaf: fc.Arbitrary<TimeLeaf> = fc
  .tuple(fc.oneof(event, message), within)
  .map(([leaf, ms]) => ({ ...leaf, within: ms }))

/** Trees of every kind of node and every operator that a type has. */
export const segmentTree: fc.Arbitrary<SegmentNode> = combined(
  fc.oneof(
    { weight: 5, arbitrary: field },
    { weight: 3, arbitrary: event },
    { weight: 2, arbitrary: message },
    { weight: 1, arbitrary: fc.constant({ kind: 'everyone' as const }) },
  ),
  4,
)
