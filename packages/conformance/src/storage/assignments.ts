import { anAssignment, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { onTwo } from './on-two.ts'

export const assignmentCases: Capability = ({ test, expect }) => {
  test('a variant is written down once: the first stays', async ({ run, read }) => {
    const first = anAssignment({ contactId: 'c1' })
    await run((tx) => tx.assignments.put([first, anAssignment({ contactId: 'c1', variant: 'b' })]))
    await run((tx) => tx.assignments.put([anAssignment({ contactId: 'c1', variant: 'c', assignedAt: start + 1 })]))
    await run((tx) => tx.assignments.put([anAssignment({ contactId: 'c1', experiment: 'hour', variant: 'c' })]))
    expect(await read((reader) => reader.assignments.get(['subject'], ['c1', 'c2']))).toEqual([first])
    const both = await read((reader) => reader.assignments.get(['subject', 'hour'], ['c1']))
    expect(both.map((row) => row.variant).toSorted()).toEqual(['a', 'c'])
    expect(await read((reader) => reader.assignments.get([], ['c1']))).toEqual([])
  })

  test('contacts are counted by variant', async ({ run, read }) => {
    const row = (contactId: string, variant: string, experiment = 'subject') => anAssignment({ contactId, variant, experiment })
    await run((tx) => tx.assignments.put([row('c1', 'a'), row('c2', 'b'), row('c3', 'a'), row('c1', 'b', 'hour')]))
    const counts = await read((reader) => reader.assignments.count('subject'))
    expect(counts.toSorted((x, y) => (x.variant < y.variant ? -1 : 1))).toEqual([
      { variant: 'a', contacts: 2 },
      { variant: 'b', contacts: 1 },
    ])
    expect(await read((reader) => reader.assignments.count('unknown'))).toEqual([])
  })

  test('of two contacts that become one, what the one that stays had goes first', async ({ run, read }) => {
    await run((tx) =>
      tx.assignments.put([
        anAssignment({ contactId: 'c1', variant: 'a' }),
        anAssignment({ contactId: 'c2', variant: 'b' }),
        anAssignment({ contactId: 'c1', experiment: 'hour', variant: 'c' }),
      ]),
    )
    await run((tx) => tx.assignments.move('c1', 'c2'))
    const variants = async (contactId: string) =>
      (await read((reader) => reader.assignments.get(['subject', 'hour'], [contactId]))).map((row) => row.variant).toSorted()
    expect([await variants('c1'), await variants('c2')]).toEqual([[], ['b', 'c']])
    expect(await read((reader) => reader.assignments.count('subject'))).toEqual([{ variant: 'b', contacts: 1 }])
    await run((tx) => tx.assignments.move('c2', null))
    expect(await variants('c2')).toEqual([])
  })

  onTwo(test)('two that assign the same contact at once read the same variant afterwards', async ({ storage, run }, second) => {
    const connections = [storage, second]
    const put = (n: number) =>
      connections[n]?.transaction((tx) => tx.assignments.put([anAssignment({ contactId: 'c1', variant: `v${n}` })]))
    await Promise.all([put(0), put(1)])
    const rows = await run((tx) => tx.assignments.get(['subject'], ['c1']))
    expect(rows.length).toBe(1)
  })
}
