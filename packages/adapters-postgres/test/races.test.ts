import { aContact, aMessage, aQueueEntry } from '@tobiishi/conformance'
import type { ClaimedMail, MarkAnswer } from '@tobiishi/core/ports'
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
  await other.query(`do $$ begin execute format('alter database %I set deadlock_timeout = 20', current_database()); end $$`)
})

afterAll(async () => {
  await other.end()
  await storage.close()
  await database.drop()
  await server.stop()
})

const queueMail = (contactId: string, id: string): Promise<number> => {
  const message = aMessage({ id, contactId })
  return storage.transaction(function* (tx) {
    yield* tx.contacts.ensure([aContact({ id: contactId })], 0)
    return yield* tx.messages.enqueue([{ message, queue: aQueueEntry(message, { runAt: 0, expiresAt: 10_000_000 }) }])
  })
}

const claim = async (now: number): Promise<ClaimedMail> => {
  const [mail] = await storage.transaction((tx) => tx.queue.claim({ now, limit: 1, leaseUntil: now + 1_000, owner: 'w' }))
  if (mail === undefined) throw new Error('Nothing to claim.')
  return mail
}

const mark = async ({ message, contact, token }: ClaimedMail, now: number): Promise<MarkAnswer | undefined> => {
  const request = { messageId: message.id, contactId: contact.id, token, consentRev: contact.consentRev }
  return (await storage.transaction((tx) => tx.queue.mark([request], { now, leaseUntil: now + 1_000 })))[0]
}

test('an unsubscribe that is under way holds the mark off; once committed, what was decided before it is not sent', async () => {
  await queueMail('c1', 'm1')
  await other.query('begin')
  await other.query("update tobiishi.contact set consent_rev = consent_rev + 1 where id = 'c1'")
  const before = await claim(1)
  expect(await mark(before, 1)).toBe('held')
  const again = await claim(2)
  expect(again.contact.consentRev).toBe(before.contact.consentRev)
  await other.query('commit')
  expect(await mark(again, 2)).toBe('changed')
  const after = await claim(3)
  expect(after.contact.consentRev).toBe(before.contact.consentRev + 1)
  expect(await mark(after, 3)).toBe('marked')
})

test('a mail queued after the snapshot of an unsubscribe is stopped too', async () => {
  await storage.transaction((tx) => tx.contacts.ensure([aContact({ id: 'c2' })], 0))
  await other.query('begin')
  await other.query("select consent_rev from tobiishi.contact where id = 'c2' for update")
  const seen = await storage.read((reader) => reader.contacts.get(['c2']))
  await queueMail('c2', 'm2')
  const mail = await claim(1)
  await other.query("update tobiishi.contact set consent_rev = consent_rev + 1 where id = 'c2'")
  await other.query('commit')
  expect(mail.contact.consentRev).toBe(seen[0]?.consentRev)
  expect(await mark(mail, 1)).toBe('changed')
  await storage.transaction((tx) => tx.messages.dropQueued({ broadcastId: 'none' }, 'cancelled', 2))
})

test('transactions that deadlock are run again until both are through', async () => {
  await storage.transaction((tx) =>
    tx.contacts.ensure(
      ['d1', 'd2'].map((id) => aContact({ id })),
      0,
    ),
  )
  let runs = 0
  const lockBoth = (ids: readonly [string, string]) =>
    storage.transaction(function* (tx) {
      runs += 1
      for (const id of ids) {
        const [contact] = yield* tx.contacts.lock([id], { skipLocked: false })
        if (contact !== undefined) yield* tx.contacts.save([{ ...contact, consentRev: contact.consentRev + 1 }])
      }
    })
  await Promise.all(Array.from({ length: 12 }, (_, n) => lockBoth(n % 2 === 0 ? ['d1', 'd2'] : ['d2', 'd1'])))
  const after = await storage.read((reader) => reader.contacts.get(['d1', 'd2']))
  expect(after.map((contact) => contact.consentRev)).toEqual([12, 12])
  expect(runs).toBeGreaterThan(12)
})

test('many processes migrate at once: one does it, the others find it done', async () => {
  const storages = Array.from({ length: 8 }, () => postgresStorage({ connectionString: database.url, schema: 'fresh "one"' }))
  const answers = await Promise.all(storages.map((one) => one.migrate()))
  expect(answers.filter(({ from }) => from === 0)).toHaveLength(1)
  expect(await storages[0]?.schemaState()).toBe('ready')
  await Promise.all(storages.map((one) => one.close()))
})

test('the migration as text does the same, and may be run again; before it, the state is missing', async () => {
  const one = postgresStorage({ connectionString: database.url, schema: 'by_hand' })
  expect(await one.schemaState()).toBe('missing')
  await expect(one.read((reader) => reader.contacts.count())).rejects.toMatchObject({ code: 'schema.not_migrated' })
  await other.query(one.migrationSql())
  await other.query(one.migrationSql())
  expect(await one.schemaState()).toBe('ready')
  expect(await one.migrate()).toEqual({ from: 2, to: 2 })
  await one.close()
})

test('a connection that the server ends fails its transaction and nothing else', async () => {
  await other.query('begin')
  await other.query("select 1 from tobiishi.contact where id = 'd1' for update")
  const waiting = storage.transaction((tx) => tx.contacts.lock(['d1'], { skipLocked: false }))
  const failed = expect(waiting).rejects.toMatchObject({ code: 'storage.failed', isRetryable: true })
  await expect
    .poll(async () => {
      await other.query('select pg_stat_clear_snapshot()')
      const blocked = await other.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`)
      return blocked.rowCount
    })
    .toBe(1)
  await failed
  await other.query('rollback')
  expect(await storage.transaction((tx) => tx.contacts.lock(['d1'], { skipLocked: false }))).toHaveLength(1)
})

test("an error tells the table and the constraint, never a row's values", async () => {
  await queueMail('secret@example.jp', 'm-dup')
  const message = aMessage({ id: 'm-dup', contactId: 'secret@example.jp', idemKey: 'another' })
  const failing = storage.transaction((tx) => tx.messages.enqueue([{ message, queue: null }]))
  const error = await failing.catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ code: 'storage.failed', details: { sqlState: '23505', table: 'message' } })
  expect(JSON.stringify([error, (error as Error).message, String((error as Error).cause)])).not.toMatch(/m-dup|secret/)
})

test("the database's clock is the server's, in milliseconds", async () => {
  const earlier = Date.now()
  const now = await storage.databaseNow?.()
  expect(Number.isInteger(now)).toBe(true)
  expect(Math.abs((now ?? 0) - earlier)).toBeLessThan(60_000)
})
