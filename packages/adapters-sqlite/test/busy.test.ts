import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteStorage } from '../src/index.ts'
import { entry, waitingKeys } from './entries.ts'
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts'

let app: TemporaryDatabase

beforeEach(async () => {
  app = await temporaryDatabase()
})

afterEach(() => app.remove())

test('while the app holds its write transaction, ours waits without stopping the event loop, then gets through', async () => {
  const storage = sqliteStorage({ database: app.database })
  await storage.migrate()
  app.database.exec('begin immediate')
  let hasWritten = false
  const written = storage.append([entry('o1')]).then(() => {
    hasWritten = true
  })
  // The event loop turns, so the app can go on with its transaction, while ours is tried again and again.
  for (let turns = 0; turns < 1_000; turns++) await turn()
  expect(hasWritten).toBe(false)
  app.database.prepare('insert into users values (?)').run('u1')
  app.database.exec('commit')
  await written
  expect(await waitingKeys(storage)).toEqual(['o1'])
  await storage.close()
})

test('reading goes on while the app writes, and sees only what is committed', async () => {
  const storage = sqliteStorage({ database: app.database })
  await storage.migrate()
  app.database.exec('begin immediate')
  await storage.append([entry('o1')], { tx: app.database })
  expect(await storage.read((reader) => reader.inbox.waiting({ limit: 10 }))).toEqual([])
  app.database.exec('commit')
  expect(await storage.read((reader) => reader.inbox.waiting({ limit: 10 }))).toEqual(['c1'])
  await storage.close()
})

test('when nobody lets go, it gives up with an error that names the way out', async () => {
  const storage = sqliteStorage({ database: app.database, busyTimeout: 20 })
  await storage.migrate()
  app.database.exec('begin immediate')
  await expect(storage.append([entry('o1')])).rejects.toMatchObject({
    code: 'storage.busy',
    isRetryable: true,
    message: expect.stringContaining('pass it as `tx`'),
  })
  app.database.exec('rollback')
  await storage.append([entry('o2')])
  expect(await waitingKeys(storage)).toEqual(['o2'])
  await storage.close()
})

test('an error of the work itself takes everything back and comes out unchanged', async () => {
  const storage = sqliteStorage({ database: app.file })
  await storage.migrate()
  const thrown = new RangeError('no such step')
  const failing = storage.transaction(function* (tx) {
    yield* tx.inbox.append([entry('o1')])
    throw thrown
  })
  await expect(failing).rejects.toBe(thrown)
  expect(await waitingKeys(storage)).toEqual([])
  await storage.close()
})
