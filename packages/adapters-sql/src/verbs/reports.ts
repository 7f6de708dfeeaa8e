import type { LinkCounts, ReportFilter, ReportReader } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { countsVerb } from './report-counts.ts'
import { isSent, messageFilter } from './report-filter.ts'

const hour = 3_600_000

export const reportVerbs = (b: SqlBuilder): ReportReader => {
  const clicks = (filter: ReportFilter): RawBuilder<unknown> =>
    sql`from ${b.table('message')} m join ${b.table('delivery_event')} d on d.message_id = m.id
      and d.kind = 'clicked' and d.link is not null where ${isSent} and ${messageFilter(filter)}`
  return {
    counts: countsVerb(b),
    *links(filter) {
      const query = b.query(
        sql`select m.template, coalesce(m.template_hash, '') as template_hash, d.link, count(*) as clicks,
            count(distinct m.id) as clickers, count(distinct case when d.actor = 'human' then m.id end) as human_clickers
          ${clicks(filter)} group by m.template, m.template_hash, d.link order by m.template, m.template_hash, d.link`,
      )
      return (yield* rows<LinkRow>(query)).map(toLinkCounts)
    },
    *clickers(filter, link, { after, limit }) {
      const query = b.query(
        sql`select distinct m.contact_id ${clicks(filter)} and m.template_hash = ${link.templateHash}
          and d.link = ${link.link} and m.contact_id > ${after ?? ''} order by m.contact_id limit ${limit}`,
      )
      return (yield* rows<{ contact_id: string }>(query)).map((row) => row.contact_id)
    },
    *sentByHour(filter) {
      const query = b.query(
        sql`select hours.hour_at, count(*) as sent from (
            select m.finished_at - m.finished_at % ${sql.lit(hour)} as hour_at from ${b.table('message')} m
            where ${isSent} and m.finished_at is not null and ${messageFilter(filter)}
          ) hours group by hours.hour_at order by hours.hour_at`,
      )
      return (yield* rows<{ hour_at: number; sent: number }>(query)).map((row) => ({ hour: row.hour_at, sent: row.sent }))
    },
  }
}

interface LinkRow {
  readonly template: string
  readonly template_hash: string
  readonly link: number
  readonly clicks: number
  readonly clickers: number
  readonly human_clickers: number
}

const toLinkCounts = (row: LinkRow): LinkCounts => ({
  template: row.template,
  templateHash: row.template_hash,
  link: row.link,
  clicks: row.clicks,
  clickers: row.clickers,
  humanClickers: row.human_clickers,
})
