import { aSuppression, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

export const suppressionCases: Capability = ({ test, expect }) => {
  test('a suppression is found by its key until it is removed', async ({ run, read }) => {
    const address = aSuppression({ key: 'a:1', reason: 'complaint', details: { messageId: 'm1' } })
    const domain = aSuppression({ key: 'd:2', scope: 'all' })
    await run((tx) => tx.suppressions.put([address, domain]))
    const find = async () => (await read((reader) => reader.suppressions.find(['d:2', 'a:1', 'a:9', 'a:1']))).toSorted(byKey)
    expect(await find()).toEqual([address, domain])
    expect(await read((reader) => reader.suppressions.find([]))).toEqual([])
    await run((tx) => tx.suppressions.remove(['a:1', 'a:9']))
    expect(await find()).toEqual([domain])
  })

  test('the wider scope wins, whichever came first', async ({ run, read }) => {
    const wide = aSuppression({ key: 'k', scope: 'all', reason: 'hard-bounce' })
    const narrow = aSuppression({ key: 'k', scope: 'marketing', reason: 'complaint' })
    const put = (row: typeof wide) => run((tx) => tx.suppressions.put([row]))
    const find = () => read((reader) => reader.suppressions.find(['k']))
    await put(narrow)
    await put(wide)
    expect(await find()).toEqual([wide])
    await put(narrow)
    expect(await find()).toEqual([wide])
  })

  test('the earlier since stays, whichever came first', async ({ run, read }) => {
    const put = (since: number, scope: 'marketing' | 'all') =>
      run((tx) => tx.suppressions.put([aSuppression({ key: 'k', scope, since })]))
    const since = async () => (await read((reader) => reader.suppressions.find(['k']))).map((row) => [row.scope, row.since])
    await put(start + 5, 'marketing')
    await put(start + 9, 'all')
    expect(await since()).toEqual([['all', start + 5]])
    await put(start + 1, 'marketing')
    expect(await since()).toEqual([['all', start + 1]])
  })

  test('the same key twice in one call is one row', async ({ run, read }) => {
    await run((tx) =>
      tx.suppressions.put([
        aSuppression({ key: 'k', scope: 'all', since: start + 2 }),
        aSuppression({ key: 'k', scope: 'marketing', since: start + 1 }),
      ]),
    )
    const rows = await read((reader) => reader.suppressions.find(['k']))
    expect(rows.map((row) => [row.scope, row.since])).toEqual([['all', start + 1]])
  })
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : 1)
