import type { EventNode, MessageNode, SegmentNode, SegmentQuery } from '@tobiishi/core/ports'
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
    case 'message':
      return messageCondition(b, node, context)
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

const eventCondition = (b: SqlBuilder, node: EventNode, context: Context): Condition =>
  countCondition(
    node.count,
    sql`from ${b.table('event')} e where ${sql.join(
      [sql`e.contact_id = c.id`, countedEvents(b, node), ...windowCondition(sql`e.occurred_at`, node, context)],
      sql` and `,
    )}`,
  )

const messageCondition = (b: SqlBuilder, node: MessageNode, context: Context): Condition =>
  countCondition(
    node.count,
    sql`from ${b.table('message')} m where ${sql.join(
      [sql`m.contact_id = c.id`, countedMessages(node), ...windowCondition(messageTime(node), node, context)],
      sql` and `,
    )}`,
  )

/** `(now − within, now]`. */
const windowCondition = (at: Condition, { within }: EventNode | MessageNode, { now }: Context): readonly Condition[] =>
  within === undefined ? [] : [sql`${at} > ${now - within}`, sql`${at} <= ${now}`]

const countCondition = ({ operator, value }: EventNode['count'], matching: Condition): Condition =>
  operator === '>=' && value === 1
    ? sql`exists (select 1 ${matching})`
    : sql`(select count(*) ${matching}) ${sql.raw(operator)} cast(${value} as double precision)`

/** Rows of `event e` that the leaf counts, whenever they occurred. */
export const countedEvents = (b: SqlBuilder, { event, where }: EventNode): Condition =>
  where === undefined
    ? sql`e.name = ${event}`
    : sql`e.name = ${event} and ${nodeCondition(b, where, { document: sql.raw('e.payload'), now: 0 })}`

/** Rows of `message m` that the leaf counts, at `messageTime`. */
export const countedMessages = (node: MessageNode): Condition =>
  sql.join(
    [
      node.did === 'sent' ? sql`m.state = 'sent'` : sql`${messageTime(node)} is not null`,
      ...(node.scenario === undefined ? [] : [sql`m.scenario = ${node.scenario}`]),
      ...(node.step === undefined ? [] : [sql`m.step_id = ${node.step}`]),
    ],
    sql` and `,
  )

/** When a row of `message m` became what the leaf counts: a click is an open. */
export const messageTime = ({ did }: MessageNode): Condition =>
  sql.raw(
    {
      sent: 'm.finished_at',
      clicked: 'm.human_clicked_at',
      opened:
        '(case when m.human_clicked_at < m.human_opened_at then m.human_clicked_at else coalesce(m.human_opened_at, m.human_clicked_at) end)',
    }[did],
  )
