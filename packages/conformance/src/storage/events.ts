import { anEvent, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { allPages, codePointIds } from './pages.ts'

const day = 86_400_000

export const eventCases: Capability = ({ test, expect }) => {
  test('an event is recorded once; a repeat is a duplicate even if its keys stand in another order', async ({ run, read }) => {
    const first = anEvent({ contactId: 'c1', id: 'o1', payload: { total: 12_000, items: [{ sku: 'A', n: 1 }] } })
    const repeat = { ...first, payload: { items: [{ n: 1, sku: 'A' }], total: 12_000 }, receivedAt: start + 5 }
    expect(await run((tx) => tx.events.record([first]))).toEqual({ inserted: [0], duplicate: [], conflicting: [] })
    expect(await run((tx) => tx.events.record([repeat]))).toEqual({ inserted: [], duplicate: [0], conflicting: [] })
    expect(await read((reader) => reader.events.count())).toBe(1)
    expect(await read((reader) => reader.events.ofContact('c1', { limit: 10 }))).toEqual([first])
  })

  test('the same id with another payload, or of another contact, is a conflict: the first stays', async ({ run, read }) => {
    const first = anEvent({ contactId: 'c1', id: 'o1', payload: { total: 1 } })
    await run((tx) => tx.events.record([first]))
    const answer = await run((tx) =>
      tx.events.record([
        { ...first, payload: { total: 2 } },
        { ...first, contactId: 'c2' },
        { ...first, payload: { total: '1' } },
      ]),
    )
    expect(answer).toEqual({ inserted: [], duplicate: [], conflicting: [0, 1, 2] })
    expect(await read((reader) => reader.events.ofContact('c1', { limit: 10 }))).toEqual([first])
    expect(await read((reader) => reader.events.ofContact('c2', { limit: 10 }))).toEqual([])
  })

  test('within one call the first of an id counts, and answers are indexes into what was given', async ({ run, read }) => {
    const event = (id: string, total: number, name = 'order.placed') => anEvent({ contactId: 'c1', id, name, payload: { total } })
    const answer = await run((tx) =>
      tx.events.record([event('a', 1), event('b', 1), event('a', 1), event('b', 2), event('a', 9, 'order.returned')]),
    )
    expect(answer).toEqual({ inserted: [0, 1, 4], duplicate: [2], conflicting: [3] })
    expect(await read((reader) => reader.events.count())).toBe(3)
  })

  test('an id is unique within its name and the month of occurredAt, the partition it is kept in', async ({ run, read }) => {
    const first = anEvent({ contactId: 'c1', id: 'o1', occurredAt: Date.UTC(2026, 0, 31, 23, 59) })
    const february = { ...first, occurredAt: Date.UTC(2026, 1, 1) }
    expect(await run((tx) => tx.events.record([first, february, february]))).toEqual({
      ...{ inserted: [0, 1], duplicate: [2], conflicting: [] },
    })
    expect(await read((reader) => reader.events.count())).toBe(2)
  })

  test('the events of a contact are listed newest first, by name if asked', async ({ run, read }) => {
    const event = (id: string, daysAgo: number, name: string) =>
      anEvent({ contactId: 'c1', id, name, occurredAt: start - daysAgo * day })
    await run((tx) => tx.events.record([event('1', 2, 'a'), event('2', 400, 'b'), event('3', 1, 'b'), event('4', 3, 'c')]))
    const ids = async (names?: readonly string[], limit = 10) => {
      const options = names === undefined ? { limit } : { limit, names }
      return (await read((reader) => reader.events.ofContact('c1', options))).map((row) => row.id)
    }
    expect(await ids()).toEqual(['3', '1', '4', '2'])
    expect(await ids(['b', 'c'])).toEqual(['3', '4', '2'])
    expect(await ids(['b'], 1)).toEqual(['3'])
    expect(await ids([])).toEqual([])
  })

  test('events of several contacts are read at once: since an instant, newest first within a contact', async ({ run, read }) => {
    const event = (contactId: string, id: string, at: number, name = 'a') =>
      anEvent({ contactId, id, name, occurredAt: start + at })
    await run((tx) =>
      tx.events.record([
        event('c1', '1', 5),
        event('c1', '2', 9),
        event('c1', '3', 4),
        event('c1', '4', 7, 'b'),
        event('c1', '5', 8, 'c'),
        event('c2', '6', 5, 'b'),
        event('c3', '7', 9),
      ]),
    )
    const since = (names: readonly string[], contactIds: readonly string[]) =>
      read((reader) => reader.events.ofContacts(contactIds, { names, since: start + 5 }))
    const rows = await since(['a', 'b'], ['c2', 'c1', 'c1', 'nobody'])
    const of = (contactId: string) => rows.filter((row) => row.contactId === contactId).map((row) => row.id)
    expect([of('c1'), of('c2'), rows.length]).toEqual([['2', '4', '1'], ['6'], 4])
    expect(rows.find((row) => row.id === '6')).toEqual(event('c2', '6', 5, 'b'))
    expect(await since([], ['c1'])).toEqual([])
    expect(await since(['a'], [])).toEqual([])
  })

  test('the earliest of a name after an instant, of each contact that has one', async ({ run, read }) => {
    const event = (contactId: string, id: string, at: number, name = 'a') =>
      anEvent({ contactId, id, name, occurredAt: start + at })
    await run((tx) =>
      tx.events.record([
        event('c1', '1', 5),
        event('c1', '2', 9),
        event('c1', '3', 6, 'b'),
        event('c1', '4', 7),
        event('c2', '5', 5),
        event('c3', '6', 100 * day),
      ]),
    )
    const found = await read((reader) => reader.events.earliestAfter(['c3', 'c1', 'c2', 'nobody'], 'a', start + 5))
    expect(found.toSorted((a, b) => a.occurredAt - b.occurredAt)).toEqual([
      { contactId: 'c1', occurredAt: start + 7 },
      { contactId: 'c3', occurredAt: start + 100 * day },
    ])
  })

  test('events of a name are paged by contact, time and id, without a gap or a repeat', async ({ run, read }) => {
    const event = (contactId: string, id: string, at: number) => anEvent({ contactId, id, name: 'a', occurredAt: start + at })
    const wanted = codePointIds.flatMap((contactId) => [
      event(contactId, `${contactId}/B`, 1),
      event(contactId, `${contactId}/a`, 1),
      event(contactId, `${contactId}/0`, 40 * day),
    ])
    const others = [event('a', 'old', -1), anEvent({ contactId: 'a', id: 'other', name: 'b', occurredAt: start + 1 })]
    await run((tx) => tx.events.record([...wanted.toReversed(), ...others]))
    for (const limit of [1, 2, 7]) {
      const rows = await allPages(
        (after: (typeof wanted)[number] | null) =>
          read((reader) => reader.events.page({ name: 'a', since: start, after, limit })),
        (row) => row,
      )
      expect(rows.map((row) => row.id)).toEqual(wanted.map((row) => row.id))
    }
  })

  test('events can be given to another contact, and still count once', async ({ run, read }) => {
    const event = (contactId: string, id: string, at: number) => anEvent({ contactId, id, occurredAt: start + at })
    await run((tx) => tx.events.record([event('c1', '1', 1), event('c2', '2', 2), event('c1', '3', 3), event('c3', '4', 4)]))
    await run((tx) => tx.events.move('c1', 'c2'))
    const ids = async (contactId: string) =>
      (await read((reader) => reader.events.ofContact(contactId, { limit: 9 }))).map((row) => row.id)
    expect([await ids('c1'), await ids('c2'), await ids('c3')]).toEqual([[], ['3', '2', '1'], ['4']])
    expect(await run((tx) => tx.events.record([event('c2', '1', 1)]))).toMatchObject({ inserted: [], duplicate: [0] })
  })

  test('all events of a contact can be deleted', async ({ run, read }) => {
    const event = (contactId: string, id: string, at: number) => anEvent({ contactId, id, occurredAt: start + at })
    await run((tx) => tx.events.record([event('c1', '1', 1), event('c1', '2', -60 * day), event('c2', '3', 3)]))
    await run((tx) => tx.events.erase('c1'))
    expect(await read((reader) => reader.events.ofContact('c1', { limit: 9 }))).toEqual([])
    expect(await read((reader) => reader.events.count())).toBe(1)
  })
}
