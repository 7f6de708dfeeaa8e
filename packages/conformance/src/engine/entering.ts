import type { EngineTheme } from './engine-world.ts'
import { enrolments, ledger, subjects } from './observations.ts'
import { hello, model, onboarding, receipts } from './shop.ts'

/** Who starts a scenario, how often, and what does not start one. */
export const enteringCases: EngineTheme = ({ test, expect }) => {
  test('an event starts the scenario, and the first mail goes out at once', async ({ start }) => {
    const kit = await start()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    expect(await kit.settle()).toMatchObject({ sent: 1, nextDueAt: Date.parse('2026-01-08T01:00:00Z') })
    expect(subjects(kit)).toEqual(['hello A'])
  })

  test('with re-entry once the same contact never starts again, not even after the end', async ({ start }) => {
    const kit = await start()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.track('c_1', 'brochure.requested', { brochure: 'B' })
    await kit.clock.advance('10 days')
    await kit.track('c_1', 'brochure.requested', { brochure: 'C' })
    await kit.clock.advance('10 days')
    expect(subjects(kit)).toEqual(['hello A', 'nudge'])
    expect(await enrolments(kit)).toEqual(['completed'])
  })

  test('an event that is told twice under one id has no second effect, wherever it is told', async ({ start, second }) => {
    const kit = await start({ scenarios: [receipts] })
    const other = await start({ scenarios: [receipts], storage: await second() })
    await kit.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await kit.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await kit.settle()
    await other.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await other.settle()
    expect(await ledger(kit)).toEqual(['receipt sent'])
    await other.track('c_1', 'order.placed', { total: 2 }, { id: 'o2' })
    await other.settle()
    expect(await ledger(kit)).toEqual(['receipt sent', 'receipt sent'])
  })

  test('the same event id with another payload has no effect and is reported', async ({ start }) => {
    const reported: string[] = []
    const write = (event: string) => reported.push(event)
    const kit = await start({ scenarios: [receipts], logger: { debug: () => {}, info: () => {}, warn: write, error: write } })
    await kit.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await kit.settle()
    await kit.track('c_1', 'order.placed', { total: 2 }, { id: 'o1' })
    await kit.settle()
    expect(subjects(kit)).toEqual(['receipt'])
    expect(reported).toEqual(['event.conflicted'])
  })

  test('an event older than maxEventAge starts nothing', async ({ start }) => {
    const oneHour = model.scenario('quick', {
      version: 1,
      enterOn: 'brochure.requested',
      maxEventAge: '1 hour',
      steps: ({ send, event }) => [send('hello', hello, { brochure: event.brochure })],
    })
    const kit = await start({ scenarios: [oneHour] })
    const now = kit.clock.now()
    await kit.track('old', 'brochure.requested', { brochure: 'A' }, { occurredAt: now - 3_600_001 })
    await kit.track('new', 'brochure.requested', { brochure: 'B' }, { occurredAt: now - 3_599_999 })
    await kit.settle()
    expect(subjects(kit)).toEqual(['hello B'])
    expect(await enrolments(kit, 'old')).toEqual([])
  })

  test('what is imported starts nothing unless told to; a purchase in it still ends what it should', async ({ start }) => {
    const kit = await start()
    const row = { event: 'brochure.requested', payload: { brochure: 'A' } }
    await kit.trackMany([{ ...row, contactId: 'history' }])
    await kit.trackMany([{ ...row, contactId: 'wanted' }], { startScenarios: true })
    await kit.track('also-history', 'brochure.requested', { brochure: 'A' }, { startScenarios: false })
    await kit.clock.advance('1 hour')
    await kit.trackMany([{ contactId: 'wanted', event: 'order.placed', payload: { total: 1 } }])
    await kit.clock.advance('5 days')
    expect(kit.outbox.map(({ to, subject }) => `${to} ${subject}`)).toEqual(['wanted@example.test hello A'])
  })

  test('entry and exit give the same end in whichever order they are told', async ({ start }) => {
    const kit = await start({ scenarios: [onboarding] })
    const now = kit.clock.now()
    await kit.track('c_1', 'order.placed', { total: 1 }, { occurredAt: now - 1_000 })
    await kit.settle()
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' }, { occurredAt: now - 2_000 })
    await kit.clock.advance('5 days')
    expect(subjects(kit)).toEqual([])
    expect(await enrolments(kit)).toEqual(['exited: event:order.placed'])
  })
}
