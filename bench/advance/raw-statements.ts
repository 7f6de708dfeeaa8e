import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'

const batchSize = 500
const day = 86_400_000

/**
 * The same writes by hand on tables of the same shape: for each contact the enrolment moves on, a message row and its queue row are
 * inserted, by prepared statements in transactions of 500 with `synchronous = full`. Nothing is read or decided.
 */
export const rawStatements = (file: string, contacts: number): { readonly round: () => number; readonly close: () => void } => {
  const db = new Database(file)
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = full')
  const columnsOf = (table: string): readonly string[] =>
    db
      .prepare<[], { name: string }>(`select name from pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => name)
  const insertInto = (table: string, columns: readonly string[]) =>
    db.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map((name) => `@${name}`).join(', ')})`)
  const [enrolmentColumns, messageColumns, queueColumns] = ['tobiishi_enrolment', 'tobiishi_message', 'tobiishi_send_queue'].map(
    columnsOf,
  )
  const insertEnrolment = insertInto('tobiishi_enrolment', enrolmentColumns ?? [])
  const insertMessage = insertInto('tobiishi_message', messageColumns ?? [])
  const insertQueue = insertInto('tobiishi_send_queue', queueColumns ?? [])
  const changed = (enrolmentColumns ?? []).filter((name) => name !== 'id')
  const update = db.prepare(
    `update tobiishi_enrolment set ${changed.map((name) => `${name} = @${name}`).join(', ')} where id = @id`,
  )
  const finish = db.prepare(`update tobiishi_message set state = 'sent' where state = 'queued'`)
  const empty = db.prepare('delete from tobiishi_send_queue')

  const newId = () => randomBytes(12).toString('base64url')
  const ids = Array.from({ length: contacts }, newId)
  const enrolment = (index: number, round: number) => ({
    ...Object.fromEntries((enrolmentColumns ?? []).map((name) => [name, null])),
    ...{ id: ids[index], scenario: 'steps', version: 1, contact_id: `c_${index}`, entry_key: 'once', state: 'active' },
    ...{ step_id: `wait-${round}`, step_seq: round * 3, rev: 0, wake_at: round * day, wake_spec: wakeSpec(round) },
    ...{ anchor_at: round * day, last_send_at: round * day, event: '{}', entered_at: 0, memory: '{}', pauses_seen: 0, depth: 0 },
  })
  const message = (index: number, round: number) => ({
    ...Object.fromEntries((messageColumns ?? []).map((name) => [name, null])),
    ...{ id: `202601${newId()}`, bucket: 202_601, idem_key: `${ids[index]}:${round * 3}`, contact_id: `c_${index}` },
    ...{ template: 'for-pros', purpose: 'marketing', topic: 'news', is_html: 0, props: '{}', scenario: 'steps' },
    ...{ scenario_version: 1, step_id: `pro-${round}`, enrolment_id: ids[index], state: 'queued' },
    ...{ planned_at: round * day, created_at: round * day, clicks: 0, human_clicks: 0 },
  })
  const queued = (index: number, { id, bucket }: { readonly id: string; readonly bucket: number }, round: number) => ({
    ...Object.fromEntries((queueColumns ?? []).map((name) => [name, null])),
    ...{ message_id: id, bucket, contact_id: `c_${index}`, enrolment_id: ids[index], enrolment_rev: 0, scenario: 'steps' },
    ...{ class: 1, route: 'other', lane: index % 64, run_at: round * day, expires_at: (round + 1) * day },
    ...{ lease_until: 0, token: 0, phase: 0, attempt: 0 },
  })
  db.transaction(() => {
    for (const index of ids.keys()) insertEnrolment.run(enrolment(index, 0))
  })()

  let rounds = 0
  const batch = db.transaction((from: number, round: number) => {
    for (let index = from; index < Math.min(contacts, from + batchSize); index += 1) {
      update.run(enrolment(index, round))
      const row = message(index, round)
      insertMessage.run(row)
      insertQueue.run(queued(index, row, round))
    }
  })
  return {
    round: () => {
      rounds += 1
      const started = performance.now()
      for (let from = 0; from < contacts; from += batchSize) batch.immediate(from, rounds)
      const seconds = (performance.now() - started) / 1_000
      finish.run()
      empty.run()
      return (3 * contacts) / seconds
    },
    close: () => db.close(),
  }
}

const wakeSpec = (round: number): string =>
  JSON.stringify({
    wait: { kind: 'calendar', months: 0, weeks: 0, days: 1, at: '10:00' },
    anchorAt: round * day,
    from: { kind: 'previous' },
    arrivedAt: round * day,
    endsAt: (round + 1) * day,
  })
