import { afterClaim } from './after-claim.ts'
import type { EngineTheme } from './engine-world.ts'
import { ledger, subjects } from './observations.ts'
import { receipts } from './shop.ts'
import { silentTransport } from './silent-transport.ts'

const fiveMinutesLater = '2026-01-05T01:05:00Z'

/** Processes that die or stall: nothing is sent twice, nothing is lost without a word. */
export const crashCases: EngineTheme = ({ test, expect }) => {
  test('a process that dies after the claim loses nothing: another one sends', async ({ start, storage }) => {
    const never = new Promise<void>(() => {})
    const claimed = Promise.withResolvers<void>()
    const dying = await start({
      storage: afterClaim(storage, () => {
        claimed.resolve()
        return never
      }),
    })
    await dying.track('c_1', 'brochure.requested', { brochure: 'A' })
    void dying.tick()
    await claimed.promise
    const other = await start({ now: fiveMinutesLater })
    await other.settle()
    expect(subjects(other)).toEqual(['hello A'])
    expect(await ledger(other)).toEqual(['hello sent'])
  })

  test('a process that dies in a call leaves an unknown mail, and marketing is not sent again', async ({ start }) => {
    const transport = silentTransport()
    const dying = await start({ transport })
    await dying.track('c_1', 'brochure.requested', { brochure: 'A' })
    void dying.tick()
    await transport.called
    const soon = await start({ now: '2026-01-05T01:00:39Z' })
    await soon.settle()
    expect(await ledger(soon)).toEqual(['hello queued'])
    const other = await start({ now: fiveMinutesLater })
    expect(await other.settle()).toMatchObject({ unknown: 1, sent: 0 })
    expect(await ledger(other)).toEqual(['hello unknown: lease-over'])
    await other.clock.advance('5 days')
    expect(subjects(other)).toEqual(['nudge'])
  })

  test('an answer that comes after all decides about the unknown mail', async ({ start }) => {
    const transport = silentTransport()
    const stalled = await start({ transport })
    await stalled.track('c_1', 'brochure.requested', { brochure: 'A' })
    const ticking = stalled.tick()
    await transport.called
    const other = await start({ now: fiveMinutesLater })
    await other.settle()
    transport.answer({ kind: 'accepted', providerId: 'p1', answer: { code: '250' } })
    await ticking
    expect(await ledger(other)).toEqual(['hello sent'])
    expect((await other.messages.ofContact('c_1'))[0]?.providerId).toBe('p1')
    await other.settle()
    expect(subjects(other)).toEqual([])
  })

  test('a receipt whose fate is unknown is sent again under another message', async ({ start }) => {
    const transport = silentTransport()
    const dying = await start({ transport, scenarios: [receipts] })
    await dying.track('c_1', 'order.placed', { total: 1 })
    void dying.tick()
    await transport.called
    const other = await start({ now: fiveMinutesLater, scenarios: [receipts] })
    await other.settle()
    expect(subjects(other)).toEqual(['receipt'])
    expect((await ledger(other)).toSorted()).toEqual(['receipt sent', 'receipt unknown: lease-over'])
  })

  test('unless the policy says that it is not', async ({ start }) => {
    const transport = silentTransport()
    const dying = await start({ transport, scenarios: [receipts] })
    await dying.track('c_1', 'order.placed', { total: 1 })
    void dying.tick()
    await transport.called
    const unknownPolicy = { transactional: 'drop' } as const
    const other = await start({ now: fiveMinutesLater, scenarios: [receipts], unknownPolicy })
    await other.clock.advance('2 days')
    expect(subjects(other)).toEqual([])
    expect(await ledger(other)).toEqual(['receipt unknown: lease-over'])
  })
}
