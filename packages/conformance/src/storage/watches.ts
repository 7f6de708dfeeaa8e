import { aWatch, aWatchMember, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

export const watchCases: Capability = ({ test, expect }) => {
  test('a watch is added once, keeps its place while it fills, and is given back as it was saved', async ({ run, read }) => {
    const watch = aWatch({ key: 'date:1', spec: { attribute: 'birthday', days: -3 }, state: 'filling' })
    await run((tx) => tx.watches.add([watch, aWatch()]))
    await run((tx) => tx.watches.add([{ ...watch, spec: {}, state: 'ready' }]))
    const all = async () => (await read((reader) => reader.watches.all())).toSorted((a, b) => (a.key < b.key ? -1 : 1))
    expect(await all()).toEqual([watch, aWatch()])
    await run((tx) => tx.watches.save({ ...watch, cursor: '😀' }))
    expect(await all()).toEqual([{ ...watch, cursor: '😀' }, aWatch()])
    expect(await run((tx) => tx.watches.lock('date:1', { skipLocked: true }))).toEqual({ ...watch, cursor: '😀' })
    expect(await run((tx) => tx.watches.lock('date:2', { skipLocked: false }))).toBe(null)
  })

  test('who is in is written down by watch and contact, and replaced', async ({ run, read }) => {
    const other = aWatchMember({ contactId: 'c1', key: 'date:1', isMember: false, nextAt: start + 5 })
    await run((tx) => tx.watches.add([aWatch(), aWatch({ key: 'date:1' })]))
    await run((tx) => tx.watches.put([aWatchMember({ contactId: 'c1' }), aWatchMember({ contactId: 'c2' }), other]))
    const left = aWatchMember({ contactId: 'c1', isMember: false, changedAt: start + 9, nextAt: start + 99 })
    await run((tx) => tx.watches.put([left]))
    const members = (keys: readonly string[], contactIds: readonly string[]) =>
      read((reader) => reader.watches.members(keys, contactIds))
    expect(await members(['segment:1'], ['c1', 'nobody'])).toEqual([left])
    const all = await members(['date:1', 'segment:1'], ['c1', 'c2'])
    expect(all.map((row) => `${row.key} ${row.contactId}`).toSorted()).toEqual(['date:1 c1', 'segment:1 c1', 'segment:1 c2'])
    expect(all.find((row) => row.key === 'date:1')).toEqual(other)
    expect(await members([], ['c1'])).toEqual([])
    expect(await members(['segment:1'], [])).toEqual([])
  })

  test('due are contacts under these keys whose time has come, the earliest first, each once', async ({ run, read }) => {
    const member = (contactId: string, key: string, at: number | null) =>
      aWatchMember({ contactId, key, nextAt: at === null ? null : start + at })
    await run((tx) => tx.watches.add(['a', 'b', 'c'].map((key) => aWatch({ key }))))
    await run((tx) =>
      tx.watches.put([
        member('c1', 'a', 30),
        member('c2', 'a', 10),
        member('c1', 'b', 5),
        member('c3', 'a', 31),
        member('c4', 'a', null),
        member('c5', 'c', 0),
      ]),
    )
    const due = (now: number, keys: readonly string[], limit = 9) =>
      read((reader) => reader.watches.due({ now: start + now, limit, keys }))
    expect(await due(30, ['a', 'b'])).toEqual(['c1', 'c2'])
    expect(await due(30, ['b', 'a'])).toEqual(['c1', 'c2'])
    expect(await due(30, ['a'])).toEqual(['c2', 'c1'])
    expect(await due(31, ['a', 'b'])).toEqual(['c1', 'c2', 'c3'])
    expect(await due(31, ['a', 'b'], 1)).toEqual(['c1'])
    expect(await due(9, ['a'])).toEqual([])
    expect(await due(99, [])).toEqual([])
  })

  test('the rows of a contact can be deleted, and a watch with its rows', async ({ run, read }) => {
    const keys = ['a', 'b']
    await run((tx) => tx.watches.add(keys.map((key) => aWatch({ key }))))
    await run((tx) =>
      tx.watches.put(keys.flatMap((key) => ['c1', 'c2'].map((contactId) => aWatchMember({ key, contactId, nextAt: start })))),
    )
    const left = async () =>
      (await read((reader) => reader.watches.members(keys, ['c1', 'c2']))).map((row) => `${row.key} ${row.contactId}`).toSorted()
    await run((tx) => tx.watches.erase('c1'))
    expect(await left()).toEqual(['a c2', 'b c2'])
    await run((tx) => tx.watches.remove('a'))
    expect(await left()).toEqual(['b c2'])
    expect((await read((reader) => reader.watches.all())).map((row) => row.key)).toEqual(['b'])
    expect(await read((reader) => reader.watches.due({ now: start, limit: 9, keys }))).toEqual(['c2'])
  })
}
