import { anEvent } from '@tobiishi/conformance'
import { expect, test } from 'vitest'
import { sqliteStorage } from '../src/index.ts'

// U+0000 cannot be in PostgreSQL text. It reaches us in payloads that apps take from forms and files.
test('an event whose text holds U+0000 or half a surrogate pair is stored, found again, and recognised as a duplicate', async () => {
  const storage = sqliteStorage({ database: ':memory:' })
  await storage.migrate()
  const event = anEvent({ id: 'o1', contactId: 'c1', payload: { note: 'a\u0000b', broken: '\ud83d' } })
  const record = () => storage.transaction((tx) => tx.events.record([event]))
  expect(await record()).toMatchObject({ inserted: [0] })
  expect(await record()).toMatchObject({ duplicate: [0] })
  const [stored] = await storage.read((reader) => reader.events.ofContact('c1', { limit: 1 }))
  expect(stored?.payload).toEqual({ note: 'a\ufffdb', broken: '\ufffd' })
  const query = {
    tree: {
      kind: 'event' as const,
      event: event.name,
      count: { operator: '>=' as const, value: 1 },
      where: { kind: 'attribute' as const, field: 'note', type: 'string' as const, operator: '=' as const, value: 'a\u0000b' },
    },
    now: 0,
    today: '2026-01-05',
  }
  await storage.transaction((tx) => tx.contacts.ensure([{ id: 'c1', hash: 1, lane: 1 }], 0))
  expect(await storage.read((reader) => reader.segments.count(query))).toBe(1)
  await storage.close()
})
