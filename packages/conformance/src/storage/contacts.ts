import { aContact, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { allPages, codePointIds } from './pages.ts'

export const contactCases: Capability = ({ test, expect }) => {
  test('a contact is given back as it was saved', async ({ run, read }) => {
    const contact = aContact({
      id: 'c1',
      name: { family: '髙橋', given: '①郎', organisation: '㈱飛石' },
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
      attributes: { plan: 'pro', seats: 12.5, tags: ['a', '😀'], none: null, '0': 'zero', nested: { deep: [1, { x: true }] } },
      consent: {
        all: { status: 'granted', basis: 'double-opt-in', since: start },
        topics: { news: { status: 'withdrawn', basis: null, since: start + 1 } },
      },
      consentRev: 7,
      hash: 2_147_483_647,
      lane: 63,
      softBounces: 2,
      softSince: start - 5,
      updatedAt: start + 9,
    })
    await run(function* (tx) {
      yield* tx.contacts.ensure([contact], start)
      yield* tx.contacts.save([contact])
    })
    expect(await read((reader) => reader.contacts.get(['c1', 'nobody', 'c1']))).toEqual([contact])
    expect(await read((reader) => reader.contacts.findByEmailKeys(['c1@example.jp', 'x@example.jp']))).toEqual([
      { emailKey: 'c1@example.jp', id: 'c1' },
    ])
  })

  test('ensure makes what is missing without an address and leaves alone what is there', async ({ run, read }) => {
    await run(function* (tx) {
      yield* tx.contacts.ensure([{ id: 'c1', hash: 5, lane: 5 }], start)
      yield* tx.contacts.save([aContact({ id: 'c1', hash: 5, lane: 5 })])
      yield* tx.contacts.ensure(
        [
          { id: 'c1', hash: 5, lane: 5 },
          { id: 'c2', hash: 6, lane: 6 },
          { id: 'c2', hash: 6, lane: 6 },
        ],
        start + 10,
      )
    })
    const bare = {
      email: null,
      emailKey: null,
      consent: { all: null, topics: {} },
      consentRev: 0,
      softBounces: 0,
      softSince: null,
    }
    expect(await read((reader) => reader.contacts.get(['c1']))).toEqual([aContact({ id: 'c1', hash: 5, lane: 5 })])
    expect(await read((reader) => reader.contacts.get(['c2']))).toEqual([
      { ...aContact({ id: 'c2', hash: 6, lane: 6, ...bare }), createdAt: start + 10, updatedAt: start + 10 },
    ])
    expect(await read((reader) => reader.contacts.count())).toBe(2)
  })

  test('lock answers the rows by id, each once, without those that are not there', async ({ run }) => {
    const ids = await run(function* (tx) {
      yield* tx.contacts.ensure(
        ['b', 'a', 'c'].map((id) => ({ id, hash: 1, lane: 1 })),
        start,
      )
      const rows = yield* tx.contacts.lock(['c', 'a', 'missing', 'a'], { skipLocked: true })
      return rows.map((row) => row.id)
    })
    expect(ids).toEqual(['a', 'c'])
  })

  test('an address that another contact has is not taken: the old one stays, the rest is saved', async ({ run, read }) => {
    const answer = await run(function* (tx) {
      const ids = ['c1', 'c2', 'c3']
      yield* tx.contacts.ensure(
        ids.map((id) => ({ id, hash: 1, lane: 1 })),
        start,
      )
      yield* tx.contacts.save(ids.slice(0, 2).map((id) => aContact({ id })))
      const taken = { email: 'C1@example.jp', emailKey: 'c1@example.jp', locale: 'en' }
      return yield* tx.contacts.save([
        aContact({ id: 'c2', ...taken }),
        aContact({ id: 'c3', ...taken }),
        aContact({ id: 'c1', locale: 'en' }),
      ])
    })
    expect(answer.addressTaken.toSorted()).toEqual(['c2', 'c3'])
    expect(await read((reader) => reader.contacts.get(['c2']))).toEqual([aContact({ id: 'c2', locale: 'en' })])
    expect(await read((reader) => reader.contacts.get(['c3']))).toEqual([
      aContact({ id: 'c3', email: null, emailKey: null, locale: 'en' }),
    ])
  })

  test('two contacts of one save that want the same new address: one gets it, the other is answered', async ({ run, read }) => {
    const wanted = { email: 'new@example.jp', emailKey: 'new@example.jp' }
    const { addressTaken } = await run(function* (tx) {
      yield* tx.contacts.ensure(
        ['c1', 'c2'].map((id) => ({ id, hash: 1, lane: 1 })),
        start,
      )
      return yield* tx.contacts.save([aContact({ id: 'c1', ...wanted }), aContact({ id: 'c2', ...wanted })])
    })
    expect(addressTaken.length).toBe(1)
    const holders = await read((reader) => reader.contacts.findByEmailKeys(['new@example.jp']))
    expect(holders.length).toBe(1)
    expect([...addressTaken, ...holders.map((row) => row.id)].toSorted()).toEqual(['c1', 'c2'])
  })

  test('an address that was given up is free', async ({ run, read }) => {
    const { addressTaken } = await run(function* (tx) {
      yield* tx.contacts.ensure(
        ['c1', 'c2'].map((id) => ({ id, hash: 1, lane: 1 })),
        start,
      )
      yield* tx.contacts.save([aContact({ id: 'c1' })])
      yield* tx.contacts.save([aContact({ id: 'c1', email: null, emailKey: null })])
      return yield* tx.contacts.save([aContact({ id: 'c2', email: 'c1@example.jp', emailKey: 'c1@example.jp' })])
    })
    expect(addressTaken).toEqual([])
    expect(await read((reader) => reader.contacts.findByEmailKeys(['c1@example.jp']))).toEqual([
      { emailKey: 'c1@example.jp', id: 'c2' },
    ])
  })

  test('pages go by code point, not by UTF-16 unit, and end', async ({ run, read }) => {
    await run((tx) =>
      tx.contacts.ensure(
        codePointIds.toReversed().map((id) => ({ id, hash: 1, lane: 1 })),
        start,
      ),
    )
    const rows = await allPages(
      (after: string | null) => read((reader) => reader.contacts.page({ after, limit: 3 })),
      (row) => row.id,
    )
    expect(rows.map((row) => row.id)).toEqual(codePointIds)
  })

  test('a contact that is removed is gone with its address; nothing else is', async ({ run, read }) => {
    await run(function* (tx) {
      yield* tx.contacts.ensure([aContact({ id: 'c1' }), aContact({ id: 'c2' })], start)
      yield* tx.contacts.save([aContact({ id: 'c1' }), aContact({ id: 'c2' })])
      yield* tx.contacts.lock(['c1'], { skipLocked: false })
      yield* tx.contacts.remove('c1')
      yield* tx.contacts.remove('nobody')
    })
    expect(await read((reader) => reader.contacts.get(['c1', 'c2']))).toEqual([aContact({ id: 'c2' })])
    expect(await read((reader) => reader.contacts.count())).toBe(1)
    const { addressTaken } = await run(function* (tx) {
      yield* tx.contacts.ensure([{ id: 'c3', hash: 1, lane: 1 }], start)
      return yield* tx.contacts.save([aContact({ id: 'c3', email: 'c1@example.jp', emailKey: 'c1@example.jp' })])
    })
    expect(addressTaken).toEqual([])
  })
}
