import { anEvent, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

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
}
