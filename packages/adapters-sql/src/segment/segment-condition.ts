import type { EventNode, SegmentNode, SegmentQuery } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import type { SqlBuilder } from '../sql-builder.ts'
import { fieldCondition } from './field-condition.ts'

type Condition = RawBuilder<unknown>

/**
 * A segment as a condition over the contact `c`. Agrees with `evaluateSegment` of core on every tree: each leaf is two-valued,
 * so that `not` turns it exactly round.
 */
export const segmentCondition = (b: SqlBuilder, query: SegmentQuery): Condition =>
  nodeCondition(b, query.tree, { document: sql.raw('c.attributes'), now: query.now })

interface Context {
  /** The JSON document that field leaves look into. */
  readonly document: Condition
  readonly now: number
}

const nodeCondition = (b: SqlBuilder, node: SegmentNode, context: Context): Condition => {
  switch (node.kind) {
    case 'everyone':
      return sql`true`
    case 'all':
      return joined(b, node.of, context, { with: sql` and `, empty: sql`true` })
    case 'any':
      return joined(b, node.of, context, { with: sql` or `, empty: sql`false` })
    case 'not':
      return sql`not (${nodeCondition(b, node.of, context)})`
    case 'attribute':
      return fieldCondition(b, node, context.document)
    case 'event':
      return eventCondition(b, node, context)
  }
}

const joined = (
  b: SqlBuilder,
  nodes: readonly SegmentNode[],
  context: Context,
  words: { readonly with: Condition; readonly empty: Condition },
): Condition =>
  nodes.length === 0
    ? words.empty
    : sql`(${sql.join(
        nodes.map((node) => nodeCondition(b, node, context)),
        words.with,
      )})`

const eventCondition = (b: SqlBuilder, node: EventNode, context: Context): Condition => {
  const { within, where, count } = node
  const conditions = [
    sql`e.contact_id = c.id`,
    sql`e.name = ${node.event}`,
    ...(within === undefined ? [] : [sql`e.occurred_at > ${context.now - within}`, sql`e.occurred_at <= ${context.now}`]),
    ...(where === undefined ? [] : [nodeCondition(b, where, { ...context, document: sql.raw('e.payload') })]),
  ]
  const matching = sql`from ${b.table('event')} e where ${sql.join(conditions, sql` and `)}`
  if (count.operator === '>=' && count.value === 1) return sql`exists (select 1 ${matching})`
  return sql`(select count(*) ${matching}) ${sql.raw(count.operator)} cast(${count.value} as double precision)`
}
