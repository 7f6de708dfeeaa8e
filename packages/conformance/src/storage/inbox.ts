import { anInboxEntry, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

export const inboxCases: Capability = ({ test, expect }) => {
  test("a contact's entries come in the order of its life, however they arrived", async ({ storage, run }) => {
    const entry = (key: string, occurredAt: number, receivedAt: number, contactId = 'c1') =>
      anInboxEntry({ contactId, key, occurredAt: start + occurredAt, receivedAt: start + receivedAt })
    await storage.append([entry('third', 5, 9), entry('second', 5, 8), entry('last', 7, 7)])
    await storage.append([entry('first', 1, 20), entry('fourth', 5, 9), entry('other', 0, 0, 'c0')])
    const rows = await run((tx) => tx.inbox.load(['c1', 'c0', 'missing'], 10))
    expect(rows.map((row) => row.key)).toEqual(['other', 'first', 'second', 'third', 'fourth', 'last'])
  })

  test('an entry is given back as it was appended', async ({ storage, run }) => {
    const entry = anInboxEntry({
      contactId: 'c1',
      kind: 'enrol',
      name: 'welcome',
      key: 'once',
      payload: { brochure: 'A「①」', deep: { list: [1, null, '😀'] } },
      startScenarios: false,
    })
    await storage.append([entry])
    const [row] = await run((tx) => tx.inbox.load(['c1'], 1))
    expect(row).toEqual({ ...entry, id: row?.id })
    expect(typeof row?.id).toBe('number')
  })

  test('every kind of entry comes back with what is not payload', async ({ storage, run }) => {
    const entries = [
      anInboxEntry({ contactId: 'c1', kind: 'identify', name: '', key: '1' }),
      anInboxEntry({ contactId: 'c1', kind: 'enrol', key: '2', meta: { depth: 20, at: 'settle', isBackfill: true } }),
      anInboxEntry({ contactId: 'c1', kind: 'look', name: '', key: '3', meta: { depth: 1 } }),
      anInboxEntry({
        contactId: 'c1',
        kind: 'step',
        key: '4',
        meta: { enrolmentId: 'e1', input: { kind: 'deferred', stepSeq: 3, plannedAt: start + 1 } },
      }),
      anInboxEntry({ contactId: 'c1', key: '5', meta: {} }),
    ]
    await storage.append(entries)
    const rows = await run((tx) => tx.inbox.load(['c1'], 10))
    const byKey = rows.toSorted((a, b) => Number(a.key) - Number(b.key))
    expect(byKey.slice(0, 4)).toEqual(entries.slice(0, 4).map((entry, n) => ({ ...entry, id: byKey[n]?.id })))
    expect(byKey[4]?.meta ?? {}).toEqual({})
    expect(Object.hasOwn(byKey[0] ?? {}, 'meta')).toBe(false)
  })

  test('what waits and what failed can be given to another contact, in the order of its life', async ({ storage, run, read }) => {
    const entry = (contactId: string, key: string, at: number) => anInboxEntry({ contactId, key, occurredAt: start + at })
    await storage.append([
      entry('c1', 'bad', 0),
      entry('c1', '1', 1),
      entry('c1', '3', 3),
      entry('c2', '2', 2),
      entry('c3', 'x', 0),
    ])
    await run(function* (tx) {
      yield* tx.inbox.fail(
        (yield* tx.inbox.load(['c1'], 1)).map((row) => row.id),
        'broken',
      )
      yield* tx.inbox.move('c1', 'c2')
    })
    expect((await run((tx) => tx.inbox.load(['c1', 'c2'], 9))).map((row) => row.key)).toEqual(['1', '2', '3'])
    expect((await read((reader) => reader.inbox.failed({ limit: 9 }))).map((row) => [row.contactId, row.key])).toEqual([
      ['c2', 'bad'],
    ])
    expect((await run((tx) => tx.inbox.load(['c3'], 9))).length).toBe(1)
  })

  test('what waits and what failed of a contact can be deleted', async ({ storage, run, read }) => {
    await storage.append([
      anInboxEntry({ contactId: 'c1', key: 'bad' }),
      anInboxEntry({ contactId: 'c1', key: 'good', occurredAt: start + 1 }),
      anInboxEntry({ contactId: 'c2' }),
    ])
    await run(function* (tx) {
      yield* tx.inbox.fail(
        (yield* tx.inbox.load(['c1'], 1)).map((row) => row.id),
        'broken',
      )
      yield* tx.inbox.erase('c1')
    })
    expect(await read((reader) => reader.inbox.waiting({ limit: 9 }))).toEqual(['c2'])
    expect(await read((reader) => reader.inbox.failed({ limit: 9 }))).toEqual([])
  })

  test('load takes at most the limit of each contact, the oldest first', async ({ storage, run }) => {
    const keys = ['1', '2', '3']
    await storage.append(
      ['c1', 'c2'].flatMap((contactId) =>
        keys.map((key) => anInboxEntry({ contactId, key: `${contactId}/${key}`, occurredAt: start + Number(key) })),
      ),
    )
    const rows = await run((tx) => tx.inbox.load(['c1', 'c2'], 2))
    expect(rows.map((row) => row.key)).toEqual(['c1/1', 'c1/2', 'c2/1', 'c2/2'])
  })

  test('who has waited longest is named first, each contact once', async ({ storage, read }) => {
    const entry = (contactId: string, key: string, receivedAt: number) =>
      anInboxEntry({ contactId, key, receivedAt: start + receivedAt })
    await storage.append([entry('c3', 'd', 9), entry('c1', 'a', 5), entry('c2', 'b', 1), entry('c1', 'c', 0)])
    expect(await read((reader) => reader.inbox.waiting({ limit: 10 }))).toEqual(['c1', 'c2', 'c3'])
    expect(await read((reader) => reader.inbox.waiting({ limit: 2 }))).toEqual(['c1', 'c2'])
    expect(await read((reader) => reader.inbox.waiting({ limit: 10, contactIds: ['c3', 'c2', 'x'] }))).toEqual(['c2', 'c3'])
    expect(await read((reader) => reader.inbox.waiting({ limit: 10, contactIds: [] }))).toEqual([])
  })

  test('what is removed is gone; what failed is set aside with its reason and waits no more', async ({ storage, run, read }) => {
    await storage.append([
      anInboxEntry({ contactId: 'c1', key: 'bad' }),
      anInboxEntry({ contactId: 'c1', key: 'good', occurredAt: start + 1 }),
      anInboxEntry({ contactId: 'c2', key: 'worse' }),
    ])
    await run(function* (tx) {
      const [bad, good] = yield* tx.inbox.load(['c1'], 10)
      const [worse] = yield* tx.inbox.load(['c2'], 10)
      yield* tx.inbox.fail(
        [bad, worse].flatMap((row) => row?.id ?? []),
        'event.unknown',
      )
      yield* tx.inbox.remove(good === undefined ? [] : [good.id])
    })
    expect(await read((reader) => reader.inbox.waiting({ limit: 10 }))).toEqual([])
    expect(await run((tx) => tx.inbox.load(['c1', 'c2'], 10))).toEqual([])
    const failed = await read((reader) => reader.inbox.failed({ limit: 10 }))
    expect(failed.map(({ contactId, key, error }) => ({ contactId, key, error })).toSorted(byContact)).toEqual([
      { contactId: 'c1', key: 'bad', error: 'event.unknown' },
      { contactId: 'c2', key: 'worse', error: 'event.unknown' },
    ])
    expect((await read((reader) => reader.inbox.failed({ limit: 1 }))).length).toBe(1)
  })

  test('an entry appended while its contact is being worked in is not lost with the work', async ({ storage, run, read }) => {
    await storage.append([anInboxEntry({ contactId: 'c1', key: 'a' })])
    const loaded = await run((tx) => tx.inbox.load(['c1'], 10))
    await storage.append([anInboxEntry({ contactId: 'c1', key: 'b', occurredAt: start - 1 })])
    await run((tx) => tx.inbox.remove(loaded.map((row) => row.id)))
    expect(await read((reader) => reader.inbox.waiting({ limit: 10 }))).toEqual(['c1'])
    expect((await run((tx) => tx.inbox.load(['c1'], 10))).map((row) => row.key)).toEqual(['b'])
  })

  test("an entry written in the app's transaction comes with its commit", async ({ storage, under, read, skip }) => {
    if (!storage.traits.sharesTransactions || under.hostTransaction === undefined)
      return skip('this storage shares no transactions')
    await under.hostTransaction((tx) => storage.append([anInboxEntry({ contactId: 'c1' })], { tx }))
    expect(await read((reader) => reader.inbox.waiting({ limit: 10 }))).toEqual(['c1'])
  })

  test("an entry written in the app's transaction goes with its rollback", async ({ storage, under, read, skip }) => {
    if (!storage.traits.sharesTransactions || under.hostTransaction === undefined)
      return skip('this storage shares no transactions')
    const outcome = await under
      .hostTransaction(async (tx) => {
        await storage.append([anInboxEntry({ contactId: 'c1' })], { tx })
        throw new Error('the app changed its mind')
      })
      .catch((error: Error) => error.message)
    expect(outcome).toBe('the app changed its mind')
    expect(await read((reader) => reader.inbox.waiting({ limit: 10 }))).toEqual([])
  })
}

const byContact = (a: { readonly contactId: string }, b: { readonly contactId: string }): number =>
  a.contactId < b.contactId ? -1 : 1
