import { aBroadcast, aContact, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

const everyone = { tree: { kind: 'everyone' }, now: start, today: '2026-01-05' } as const

export const broadcastCases: Capability = ({ test, expect }) => {
  test('a broadcast is created once; the same id again changes nothing', async ({ run, read }) => {
    const row = aBroadcast({ id: 'b1', props: { coupon: '①' }, startedAt: start, audience: 3 })
    expect(await run((tx) => tx.broadcasts.create(row))).toBe(true)
    expect(await run((tx) => tx.broadcasts.create(aBroadcast({ id: 'b1', template: 'other' })))).toBe(false)
    expect(await read((reader) => reader.broadcasts.get('b1'))).toEqual(row)
    expect(await read((reader) => reader.broadcasts.get('b2'))).toBe(null)
    expect(await run((tx) => tx.broadcasts.lock('b1', { skipLocked: true }))).toEqual(row)
    expect(await run((tx) => tx.broadcasts.lock('b2', { skipLocked: false }))).toBe(null)
  })

  test('due are those whose time has come and those whose audience is being written to', async ({ run, read }) => {
    await run(function* (tx) {
      yield* tx.broadcasts.create(aBroadcast({ id: 'now', at: start }))
      yield* tx.broadcasts.create(aBroadcast({ id: 'later', at: start + 1 }))
      yield* tx.broadcasts.create(aBroadcast({ id: 'expanding', at: start + 9, state: 'expanding' }))
      yield* tx.broadcasts.create(aBroadcast({ id: 'sending', state: 'sending' }))
      yield* tx.broadcasts.create(aBroadcast({ id: 'cancelled', state: 'cancelled' }))
    })
    const due = async (now: number) => (await read((reader) => reader.broadcasts.due(now))).map((row) => row.id).toSorted()
    expect(await due(start)).toEqual(['expanding', 'now'])
    expect(await due(start + 1)).toEqual(['expanding', 'later', 'now'])
    await run((tx) => tx.broadcasts.save(aBroadcast({ id: 'now', state: 'cancelled' })))
    expect(await due(start)).toEqual(['expanding'])
    expect((await read((reader) => reader.broadcasts.all())).length).toBe(5)
  })

  test('the audience is who was in the segment when it was frozen, taken piece by piece by id', async ({ run }) => {
    const plan = (id: string, value: string) => aContact({ id, attributes: { plan: value } })
    const contacts = [plan('c3', 'pro'), plan('c1', 'pro'), plan('c2', 'free'), plan('～', 'pro'), plan('😀', 'pro')]
    await run(function* (tx) {
      yield* tx.contacts.ensure(contacts, start)
      yield* tx.contacts.save(contacts)
      yield* tx.broadcasts.create(aBroadcast({ id: 'b1' }))
    })
    const tree = { kind: 'attribute', field: 'plan', type: 'string', operator: '=', value: 'pro' } as const
    expect(await run((tx) => tx.broadcasts.freeze('b1', { ...everyone, tree }))).toBe(4)
    await run((tx) => tx.contacts.save([plan('c1', 'free'), plan('c2', 'pro')]))
    const take = (limit: number) => run((tx) => tx.broadcasts.takeAudience('b1', limit))
    expect(await take(2)).toEqual(['c1', 'c3'])
    expect(await take(9)).toEqual(['～', '😀'])
    expect(await take(9)).toEqual([])
  })

  test('audiences do not mix, and what a rolled-back transaction took is still there', async ({ run }) => {
    await run(function* (tx) {
      yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
      for (const id of ['b1', 'b2']) {
        yield* tx.broadcasts.create(aBroadcast({ id }))
        yield* tx.broadcasts.freeze(id, everyone)
      }
    })
    await run(function* (tx) {
      yield* tx.broadcasts.takeAudience('b1', 9)
      throw new Error('failed while queueing')
    }).catch(() => null)
    expect(await run((tx) => tx.broadcasts.takeAudience('b1', 9))).toEqual(['c1'])
    expect(await run((tx) => tx.broadcasts.takeAudience('b2', 9))).toEqual(['c1'])
  })
}
