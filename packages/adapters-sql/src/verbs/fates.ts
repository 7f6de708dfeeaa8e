import type { MailFate, MessageReader } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type ClickedMessage, clickedLinksVerb } from './clicked-links.ts'

interface FateRow extends ClickedMessage {
  readonly enrolment_id: string
  readonly step_id: string
  readonly state: MailFate['state']
  readonly delivered_at: number | null
  readonly human_opened_at: number | null
  readonly human_clicked_at: number | null
  readonly bounced_at: number | null
}

/** One statement a batch; the links are asked for only where a person clicked. */
export const fatesVerb = (b: SqlBuilder): MessageReader['fates'] => {
  const read = b.statement<{ ids: unknown; steps: unknown }>(
    (p) => sql`select id, enrolment_id, step_id, template_hash, state, delivered_at, human_opened_at, human_clicked_at, bounced_at
      from ${b.table('message')} where ${b.isOneOf('enrolment_id', p.ids)} and ${b.isOneOf('step_id', p.steps)}
      order by created_at, id`,
  )
  const clickedLinks = clickedLinksVerb(b)

  return function* fates(keys) {
    if (keys.length === 0) return []
    const ids = b.list([...new Set(keys.map((key) => key.enrolmentId))])
    const steps = b.list([...new Set(keys.map((key) => key.stepId))])
    const found = yield* rows<FateRow>(read({ ids, steps }))
    // Oldest first: the last of a key is the latest.
    const latest = new Map(found.map((row) => [keyOf({ enrolmentId: row.enrolment_id, stepId: row.step_id }), row]))
    const asked = keys.flatMap((key) => latest.get(keyOf(key)) ?? [])
    const links = yield* clickedLinks(asked.filter((row) => row.human_clicked_at !== null))
    return keys.flatMap(({ enrolmentId, stepId }) => {
      const row = latest.get(keyOf({ enrolmentId, stepId }))
      return row === undefined ? [] : [{ enrolmentId, stepId, fate: fateOf(row, links.get(row.id) ?? []) }]
    })
  }
}

const keyOf = (key: { readonly enrolmentId: string; readonly stepId: string }): string => `${key.enrolmentId}\n${key.stepId}`

const fateOf = (row: FateRow, links: MailFate['links']): MailFate => ({
  state: row.state,
  deliveredAt: row.delivered_at,
  openedAt: row.human_opened_at,
  clickedAt: row.human_clicked_at,
  bouncedAt: row.bounced_at,
  links,
})
