import type { MailFate, MessageReader, Step, TemplateLink } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { parseJson } from '../json-text.ts'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

/** A message with one of the links that a person clicked in it; `link` is null where there is none. */
interface FateRow {
  readonly id: string
  readonly enrolment_id: string
  readonly step_id: string
  readonly template_hash: string | null
  readonly state: MailFate['state']
  readonly delivered_at: number | null
  readonly human_opened_at: number | null
  readonly human_clicked_at: number | null
  readonly bounced_at: number | null
  readonly link: number | null
  readonly url: string | null
}

type Addresses = ReadonlyMap<string, readonly TemplateLink[]>

/** One statement a batch; a second one for the links of templates, where a click does not tell its address. */
export const fatesVerb = (b: SqlBuilder): MessageReader['fates'] => {
  const read = b.statement<{ ids: unknown; steps: unknown }>(
    (p) => sql`select distinct m.created_at, m.id, m.enrolment_id, m.step_id, m.template_hash, m.state, m.delivered_at,
        m.human_opened_at, m.human_clicked_at, m.bounced_at, d.link, d.url
      from ${b.table('message')} m
      left join ${b.table('delivery_event')} d on d.message_id = m.id and d.kind = 'clicked' and d.actor = 'human'
        and d.link is not null
      where ${b.isOneOf('m.enrolment_id', p.ids)} and ${b.isOneOf('m.step_id', p.steps)}
      order by m.created_at, m.id, d.link, d.url`,
  )
  const templates = b.statement<{ hashes: unknown }>(
    (p) => sql`select hash, links from ${b.table('template_version')} where ${b.isOneOf('hash', p.hashes)}`,
  )

  function* addressesFor(found: readonly FateRow[]): Step<Addresses> {
    const unknown = found.filter((row) => row.link !== null && row.url === null)
    const hashes = [...new Set(unknown.flatMap((row) => row.template_hash ?? []))]
    if (hashes.length === 0) return new Map()
    const known = yield* rows<{ hash: string; links: string }>(templates({ hashes: b.list(hashes) }))
    return new Map(known.map(({ hash, links }) => [hash, parseJson(links)]))
  }

  return function* fates(keys) {
    if (keys.length === 0) return []
    const ids = b.list([...new Set(keys.map((key) => key.enrolmentId))])
    const steps = b.list([...new Set(keys.map((key) => key.stepId))])
    const found = yield* rows<FateRow>(read({ ids, steps }))
    const addresses = yield* addressesFor(found)
    const latest = new Map<string, FateRow[]>()
    for (const row of found) {
      const key = keyOf({ enrolmentId: row.enrolment_id, stepId: row.step_id })
      const seen = latest.get(key)
      if (seen?.[0]?.id === row.id) seen.push(row)
      else latest.set(key, [row])
    }
    return keys.flatMap(({ enrolmentId, stepId }) => {
      const fate = fateOf(latest.get(keyOf({ enrolmentId, stepId })) ?? [], addresses)
      return fate === null ? [] : [{ enrolmentId, stepId, fate }]
    })
  }
}

const keyOf = (key: { readonly enrolmentId: string; readonly stepId: string }): string => `${key.enrolmentId}\n${key.stepId}`

/** All rows are of one message, and each is another link. */
const fateOf = (found: readonly FateRow[], addresses: Addresses): MailFate | null => {
  const [first] = found
  if (first === undefined) return null
  return {
    state: first.state,
    deliveredAt: first.delivered_at,
    openedAt: first.human_opened_at,
    clickedAt: first.human_clicked_at,
    bouncedAt: first.bounced_at,
    links: linksOf(found, addresses.get(first.template_hash ?? '') ?? []),
  }
}

const linksOf = (found: readonly FateRow[], known: readonly TemplateLink[]): MailFate['links'] => {
  const links = found.flatMap(({ link, url }) =>
    link === null ? [] : [{ link, url: url ?? known.find(({ index }) => index === link)?.url ?? null }],
  )
  return [...new Map(links.map((one) => [JSON.stringify([one.link, one.url]), one])).values()]
}
