import { aContact, anInboxEntry, start, storageSuite } from '@tobiishi/conformance'
import { describe, expect, it } from 'vitest'
import { memoryStorage } from './memory-storage.ts'

describe('storage in memory', () => {
  storageSuite({
    describe,
    it,
    expect,
    create: async () => {
      const storage = memoryStorage()
      // Its own second connection: the cases about races then show that one after the other is right too.
      return { storage, close: () => storage.close(), second: async () => storage }
    },
    numRuns: 100,
  })

  it('keeps what it was given even if the caller changes it afterwards', async () => {
    const storage = memoryStorage()
    const payload = { total: 1, items: ['a'] }
    await storage.append([anInboxEntry({ contactId: 'c1', payload })])
    payload.total = 2
    payload.items.push('b')
    const [row] = await storage.transaction((tx) => tx.inbox.load(['c1'], 1))
    expect(row?.payload).toEqual({ total: 1, items: ['a'] })
    expect(Object.isFrozen(row?.payload.items)).toBe(true)
  })

  it('keeps its rows when it is closed, so that a test can restart its app', async () => {
    const storage = memoryStorage()
    await storage.append([anInboxEntry({ contactId: 'c1' })])
    await storage.close()
    expect(await storage.read((reader) => reader.inbox.waiting({ limit: 1 }))).toEqual(['c1'])
  })

  it("refuses the app's transaction, and a transaction inside a transaction", async () => {
    const storage = memoryStorage()
    const options = { tx: {} as never }
    await expect(storage.append([anInboxEntry({ contactId: 'c1' })], options)).rejects.toMatchObject({
      code: 'storage.transaction_foreign',
    })
    const inner: Promise<unknown>[] = []
    await storage.transaction(function* (tx) {
      yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
      inner.push(
        storage.transaction((again) => again.contacts.ensure([aContact({ id: 'c2' })], start)).catch((error) => error.code),
      )
    })
    expect(await Promise.all(inner)).toEqual(['storage.failed'])
    expect(await storage.read((reader) => reader.contacts.count())).toBe(1)
  })
})
