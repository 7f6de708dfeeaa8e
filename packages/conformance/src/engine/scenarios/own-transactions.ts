import type { EngineTheme } from '../engine-world.ts'
import { enrolments, mailed, rejection } from '../observations.ts'
import { onboarding, winBack } from '../shop.ts'

/** Entries that commit, or are rolled back, with the app's own rows. */
export const ownTransactionCases: EngineTheme = ({ test, expect }) => {
  test('who is identified, tracked and enrolled in a transaction of the app is there when it commits, and never was otherwise', async ({
    start,
    storage,
    hostTransaction,
    skip,
  }) => {
    if (!storage.traits.sharesTransactions || hostTransaction === undefined) return skip('this storage shares no transactions')
    const kit = await start({ scenarios: [onboarding, winBack], autoContacts: false })
    const order = (id: string) =>
      hostTransaction(async (tx) => {
        await kit.contacts.identify(id, { email: `${id}@example.test` }, { tx })
        await kit.track(id, 'brochure.requested', { brochure: 'A' }, { tx, id: `request of ${id}` })
        await kit.enrol(id, winBack, { tx })
        if (id === 'changes-mind') throw new Error('the app changed its mind')
      })
    await order('stays')
    expect((await rejection(order('changes-mind'))).message).toBe('the app changed its mind')
    await kit.settle()
    expect(await enrolments(kit, 'stays')).toEqual(['active', 'active'])
    expect((await mailed(kit, 'stays')).length).toBe(2)
    expect([await kit.contacts.get('changes-mind'), await enrolments(kit, 'changes-mind')]).toEqual([null, []])
  })
}
