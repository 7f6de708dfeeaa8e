import { aContact, aMessage, aQueueEntry } from '@tobiishi/conformance'
import type { ClaimedMail, FinishRequest, MarkAnswer } from '@tobiishi/core/ports'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresStorage } from '../src/index.ts'
import { startTestServer, type TestDatabase, type TestServer } from './server.ts'

let server: TestServer
let database: TestDatabase
let storage: ReturnType<typeof postgresStorage>
let other: pg.Client

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  storage = postgresStorage({ connectionString: database.url })
  other = new pg.Client({ connectionString: database.url })
  await other.connect()
})

afterAll(async () => {
  await other.end()
  await storage.close()
  await database.drop()
  await server.stop()
})

const bucket = '2026-01-05'
const capsOf = (limit: number) => [
  { cap: 'daily', bucket, limit },
  { cap: 'weekly', bucket, limit: limit + 1 },
]

const queueMails = (ids: readonly { readonly id: string; readonly contactId: string }[]): Promise<number> =>
  storage.transaction(function* (tx) {
    yield* tx.contacts.ensure(
      ids.map(({ contactId }) => aContact({ id: contactId })),
      0,
    )
    const rows = ids.map((change) => {
      const message = aMessage(change)
      return { message, queue: aQueueEntry(message, { runAt: 0, expiresAt: 10_000_000 }) }
    })
    return yield* tx.messages.enqueue(rows)
  })

type Connection = Pick<typeof storage, 'transaction'>

const claim = (on: Connection, limit: number): Promise<ClaimedMail[]> =>
  on.transaction((tx) => tx.queue.claim({ now: 1, limit, leaseUntil: 1_000, owner: 'w' }))

const requestOf = ({ message, contact, token }: ClaimedMail, limit: number) => ({
  messageId: message.id,
  contactId: contact.id,
  token,
  consentRev: contact.consentRev,
  caps: capsOf(limit),
})

const ended = ({ message, token }: ClaimedMail, state: 'sent' | 'failed' | 'unknown'): FinishRequest => ({
  ...{ kind: 'done', messageId: message.id, token, state, reason: null },
  ...{ templateHash: null, providerId: null, answer: null },
})

const usedBy = async (contactId: string): Promise<number> => {
  const used = await storage.read((reader) => reader.queue.capsUsed([{ contactId, cap: 'daily', bucket }]))
  return used[0]?.used ?? 0
}

test('a place is given back while another worker is just taking one of the same contact', async () => {
  await queueMails([{ id: 'm1', contactId: 'c1' }])
  const [mail] = await claim(storage, 1)
  if (mail === undefined) throw new Error('Nothing to claim.')
  await storage.transaction((tx) => tx.queue.mark([requestOf(mail, 5)], { now: 1, leaseUntil: 1_000 }))
  await other.query('begin')
  await other.query(`update tobiishi.cap_counter set used = used + 1 where contact_id = 'c1'`)
  expect(await storage.transaction((tx) => tx.queue.finish([ended(mail, 'failed')], 1))).toEqual([true])
  expect(await usedBy('c1')).toBe(0)
  await other.query('commit')
  expect(await usedBy('c1')).toBe(1)
})

test('workers that mark some and give back for others never wait in a circle, and no cap is passed', async () => {
  const contacts = Array.from({ length: 8 }, (_, n) => `busy-${n}`)
  await queueMails(
    contacts.flatMap((contactId) => Array.from({ length: 30 }, (_, n) => ({ id: `${contactId}-${n}`, contactId }))),
  )
  const limit = 4
  let repeats = 0
  /** Marks first and writes down earlier calls then, as a delivery run does. */
  const work = async (seed: number): Promise<void> => {
    const own = postgresStorage({ connectionString: database.url })
    let writes: FinishRequest[] = []
    for (let round = 0; round < 25; round++) {
      const claims = await claim(own, 10)
      let runs = 0
      const answers: MarkAnswer[] = await own.transaction(function* (tx) {
        runs += 1
        const marks = yield* tx.queue.mark(
          claims.map((mail) => requestOf(mail, limit)),
          { now: 1, leaseUntil: 1_000 },
        )
        yield* tx.queue.finish(writes, 1)
        return marks
      })
      repeats += runs - 1
      writes = claims.flatMap((mail, n) =>
        answers[n] === 'marked' ? [ended(mail, (seed + round + n) % 4 === 0 ? 'sent' : 'failed')] : [],
      )
    }
    await own.transaction((tx) => tx.queue.finish(writes, 1))
    await own.close()
  }
  await Promise.all([0, 1, 2, 3].map(work))
  expect(repeats).toBe(0)
  const { rows } = await other.query<{ contact_id: string; sent: number }>(
    `select contact_id, count(*)::int as sent from tobiishi.message where state = 'sent' and contact_id like 'busy-%' group by 1`,
  )
  const sent = new Map(rows.map((row) => [row.contact_id, row.sent]))
  expect(Math.max(...sent.values())).toBe(limit)
  for (const contactId of contacts) expect(await usedBy(contactId)).toBe(sent.get(contactId) ?? 0)
})
