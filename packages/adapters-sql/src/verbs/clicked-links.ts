import type { MailFate, Step, TemplateLink } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { parseJson } from '../json-text.ts'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

export interface ClickedMessage {
  readonly id: string
  readonly template_hash: string | null
}
interface ClickRow {
  readonly message_id: string
  readonly link: number
  readonly url: string | null
}

type Links = MailFate['links']

/** The links that people clicked in these messages, each once; the address is the click's own, else that of the template version. */
export const clickedLinksVerb = (b: SqlBuilder): ((messages: readonly ClickedMessage[]) => Step<ReadonlyMap<string, Links>>) => {
  const read = b.statement<{ ids: unknown }>(
    (p) => sql`select distinct message_id, link, url from ${b.table('delivery_event')}
      where ${b.isOneOf('message_id', p.ids)} and kind = 'clicked' and actor = 'human' and link is not null
      order by message_id, link, url`,
  )
  const templates = b.statement<{ hashes: unknown }>(
    (p) => sql`select hash, links from ${b.table('template_version')} where ${b.isOneOf('hash', p.hashes)}`,
  )

  function* addressesIn(hashes: readonly (string | null | undefined)[]): Step<ReadonlyMap<string, readonly TemplateLink[]>> {
    const known = [...new Set(hashes.flatMap((hash) => hash ?? []))]
    if (known.length === 0) return new Map()
    const found = yield* rows<{ hash: string; links: string }>(templates({ hashes: b.list(known) }))
    return new Map(found.map(({ hash, links }) => [hash, parseJson(links)]))
  }

  return function* clickedLinks(messages) {
    if (messages.length === 0) return new Map()
    const hashOf = new Map(messages.map((message) => [message.id, message.template_hash]))
    const clicks = yield* rows<ClickRow>(read({ ids: b.list([...hashOf.keys()]) }))
    const addresses = yield* addressesIn(clicks.filter(({ url }) => url === null).map((row) => hashOf.get(row.message_id)))
    const addressOf = ({ message_id, link, url }: ClickRow): string | null => {
      const known = addresses.get(hashOf.get(message_id) ?? '')
      return url ?? known?.find(({ index }) => index === link)?.url ?? null
    }
    const ofMessages = Map.groupBy(clicks, (row) => row.message_id)
    return new Map(
      [...ofMessages].map(([id, group]) => [id, once(group.map((row) => ({ link: row.link, url: addressOf(row) })))]),
    )
  }
}

const once = (links: Links): Links => [...new Map(links.map((one) => [JSON.stringify([one.link, one.url]), one])).values()]
