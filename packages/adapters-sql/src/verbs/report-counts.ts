import type { Message, ReportCounts, ReportFilter, ReportReader } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import { firstRow, type Query, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { isSent, messageFilter } from './report-filter.ts'

/** Messages of one state, reason, form and bounce class; few groups whatever the number of messages. */
interface GroupRow {
  readonly state: Message['state']
  readonly reason: string | null
  readonly is_html: boolean | number
  readonly has_bounced: boolean | number
  readonly bounce_class: string | null
  readonly messages: number
  readonly openers: number
  readonly human_openers: number
  readonly clickers: number
  readonly human_clickers: number
  readonly clicks: number
  readonly human_clicks: number
  readonly complained: number
  readonly unsubscribed: number
}
interface ContactCounts {
  readonly left_contacts: number
  readonly registered_contacts: number
}
interface ConversionCounts {
  readonly converters: number
  readonly amount: number | null
}

/** Three statements whatever is asked: groups of messages, distinct contacts, conversions. */
export const countsVerb = (b: SqlBuilder): ReportReader['counts'] =>
  function* counts(filter) {
    const groups = yield* rows<GroupRow>(groupQuery(b, filter))
    const contacts = yield* firstRow<ContactCounts>(contactQuery(b, filter))
    const conversions = yield* firstRow<ConversionCounts>(conversionQuery(b, filter))
    return {
      ...foldGroups(groups),
      leftContacts: contacts?.left_contacts ?? 0,
      registeredContacts: contacts?.registered_contacts ?? 0,
      converters: conversions?.converters ?? 0,
      conversionValue: conversions?.amount ?? 0,
    }
  }

const groupQuery = (b: SqlBuilder, filter: ReportFilter): Query =>
  b.query(
    sql`select m.state, m.reason, m.is_html, m.bounced_at is not null as has_bounced, m.bounce_class, count(*) as messages,
        ${countWhere(sql`m.opened_at is not null or m.clicked_at is not null`)} as openers,
        ${countWhere(sql`m.human_opened_at is not null or m.human_clicked_at is not null`)} as human_openers,
        count(m.clicked_at) as clickers, count(m.human_clicked_at) as human_clickers,
        cast(sum(m.clicks) as bigint) as clicks, cast(sum(m.human_clicks) as bigint) as human_clicks,
        count(m.complained_at) as complained, count(m.unsubscribed_at) as unsubscribed
      from ${b.table('message')} m where ${messageFilter(filter)}
      group by m.state, m.reason, m.is_html, m.bounced_at is not null, m.bounce_class`,
  )

/** Marketing that left by way of a call or a failure of ours was allowed when it was decided: its contact had consented. */
const contactQuery = (b: SqlBuilder, filter: ReportFilter): Query =>
  b.query(
    sql`select count(distinct case when m.unsubscribed_at is not null and ${isSent} then m.contact_id end) as left_contacts,
        count(distinct case when m.purpose = 'marketing' and m.state in ('sent', 'failed', 'unknown') then m.contact_id end)
          as registered_contacts
      from ${b.table('message')} m where ${messageFilter(filter)}`,
  )

const conversionQuery = (b: SqlBuilder, filter: ReportFilter): Query =>
  b.query(
    sql`select count(distinct m.id) as converters, sum(v.amount) as amount
      from ${b.table('message')} m join ${b.table('conversion')} v on v.message_id = m.id
      where ${isSent} and ${messageFilter(filter)}`,
  )

const countWhere = (condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`count(case when ${condition} then 1 end)`

type FoldedCounts = Omit<ReportCounts, 'leftContacts' | 'registeredContacts' | 'converters' | 'conversionValue'>

const foldGroups = (groups: readonly GroupRow[]): FoldedCounts => {
  const isRejected = (row: GroupRow): boolean => row.state === 'failed' && row.reason === 'rejected'
  const sent = groups.filter((row) => row.state === 'sent' || isRejected(row))
  const html = sent.filter((row) => row.is_html)
  const bounced = sent.filter((row) => isRejected(row) || row.has_bounced)
  return {
    sent: total(sent, 'messages'),
    sentHtml: total(html, 'messages'),
    bounced: total(bounced, 'messages'),
    bouncedHtml: total(
      bounced.filter((row) => row.is_html),
      'messages',
    ),
    bouncedByClass: tally(bounced, (row) => row.bounce_class ?? 'undetermined'),
    failed: total(
      groups.filter((row) => row.state === 'failed' && !isRejected(row)),
      'messages',
    ),
    unknown: total(inState(groups, 'unknown'), 'messages'),
    queued: total(inState(groups, 'queued'), 'messages'),
    skippedByReason: tally(inState(groups, 'skipped'), (row) => row.reason ?? 'unknown'),
    openers: total(html, 'openers'),
    humanOpeners: total(html, 'human_openers'),
    clickers: total(sent, 'clickers'),
    humanClickers: total(sent, 'human_clickers'),
    htmlClickers: total(html, 'clickers'),
    clicks: total(sent, 'clicks'),
    humanClicks: total(sent, 'human_clicks'),
    complained: total(sent, 'complained'),
    unsubscribed: total(sent, 'unsubscribed'),
  }
}

type CountColumn = { [K in keyof GroupRow]: GroupRow[K] extends number ? K : never }[keyof GroupRow]

const inState = (groups: readonly GroupRow[], state: Message['state']): GroupRow[] => groups.filter((row) => row.state === state)

const total = (groups: readonly GroupRow[], column: CountColumn): number => groups.reduce((sum, row) => sum + row[column], 0)

const tally = (groups: readonly GroupRow[], wordOf: (row: GroupRow) => string): { readonly [word: string]: number } => {
  const counts = new Map<string, number>()
  for (const row of groups) counts.set(wordOf(row), (counts.get(wordOf(row)) ?? 0) + row.messages)
  return Object.fromEntries(counts)
}
