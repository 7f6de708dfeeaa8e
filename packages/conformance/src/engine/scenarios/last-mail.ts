import type { OutgoingMail, TransportResult } from '@tobiishi/core/ports'
import type { EngineTheme, EngineWorld, Kit } from '../engine-world.ts'
import { enrolments, ledger, rejection } from '../observations.ts'
import { buyers, model, nudge, pros, receipt, thanks, tips } from '../shop.ts'

type Leaving = Pick<Parameters<typeof model.scenario>[1], 'goal' | 'exitOn' | 'exitWhen'>

/** Takes the one place of the day. */
const first = model.scenario('first', {
  version: 1,
  enterOn: 'page.viewed',
  steps: ({ send }) => [send('tips', tips)],
})

/** One mail and nothing after it. */
const last = (leaving: Leaving = {}) =>
  model.scenario('last', {
    version: 1,
    enterOn: 'brochure.requested',
    ...leaving,
    steps: ({ send }) => [send('nudge', nudge)],
  })

const caps = [{ name: 'daily', per: 'day', limit: 1 }] as const

const buy = (kit: Kit) => kit.track('c_1', 'order.placed', { total: 5000 })
const becomePro = (kit: Kit) => kit.contacts.identify('c_1', { attributes: { plan: 'pro' } })

const waysOut: readonly (readonly [way: string, leaving: Leaving, leave: (kit: Kit) => Promise<unknown>, reason: string])[] = [
  ['the goal', { goal: 'order.placed' }, buy, 'goal'],
  ['a goal that is a segment', { goal: { segment: pros } }, becomePro, 'goal'],
  ['its exit event', { exitOn: 'order.placed' }, buy, 'event:order.placed'],
  ['exitWhen by attributes', { exitWhen: pros }, becomePro, 'segment:pros'],
  ['exitWhen by events', { exitWhen: buyers }, buy, 'segment:buyers'],
]

/** With `last` at its end, and its mail deferred to tomorrow. */
const deferred = async (start: EngineWorld['start'], leaving?: Leaving): Promise<Kit> => {
  const kit = await start({ scenarios: [first, last(leaving)], caps })
  await kit.track('c_1', 'page.viewed', { page: '/' })
  await kit.settle()
  await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
  await kit.settle()
  await kit.clock.advance('1 hour')
  return kit
}

/** An enrolment whose last mail goes back into the queue is in its scenario until that goes out. */
export const lastMailCases: EngineTheme = ({ test, expect }) => {
  for (const [way, leaving, leave, reason] of waysOut) {
    test(`${way} drops a last mail that a cap has deferred`, async ({ start }) => {
      const kit = await deferred(start, leaving)
      await leave(kit)
      await kit.clock.advance('3 days')
      expect((await ledger(kit)).toSorted()).toEqual(['nudge skipped: exited', 'tips sent'])
      expect((await enrolments(kit)).toSorted()).toEqual(['completed', `exited: ${reason}`])
    })
  }

  test('a goal drops a last mail that was refused for now', async ({ start }) => {
    const later: TransportResult = { kind: 'transient', answer: { code: '451' } }
    const kit = await start({ scenarios: [last({ goal: 'order.placed' })], answer: () => later })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    await buy(kit)
    await kit.clock.advance('3 days')
    expect(await ledger(kit)).toEqual(['nudge skipped: exited'])
    expect(await enrolments(kit)).toEqual(['exited: goal'])
  })

  for (const [way, leave] of [
    ['the exit event', buy],
    ['the goal', (kit: Kit) => kit.track('c_1', 'page.viewed', { page: '/thanks' })],
    ['stopping', (kit: Kit) => kit.scenarios.stop('two', { inFlight: 'exit' })],
  ] as const)
    test(`${way} drops an earlier mail that is still tried again, too`, async ({ start }) => {
      const two = model.scenario('two', {
        version: 1,
        enterOn: 'brochure.requested',
        exitOn: 'order.placed',
        goal: { event: 'page.viewed', where: (page) => page('page', '=', '/thanks') },
        steps: ({ send }) => [send('nudge', nudge), send('receipt', receipt)],
      })
      const answer = ({ raw }: OutgoingMail): TransportResult | undefined =>
        raw.toString().includes('nudge') ? { kind: 'transient', answer: { code: '451' } } : undefined
      const kit = await start({ scenarios: [two], answer })
      await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
      await kit.settle()
      expect((await ledger(kit)).toSorted()).toEqual(['nudge queued', 'receipt sent'])
      expect(await enrolments(kit)).toEqual(['completed'])
      await kit.track('c_1', 'page.viewed', { page: '/other' })
      await kit.settle()
      expect((await ledger(kit)).toSorted()).toEqual(['nudge queued', 'receipt sent'])
      await leave(kit)
      await kit.clock.advance('1 day')
      expect((await ledger(kit)).toSorted()).toEqual([
        `nudge skipped: ${way === 'stopping' ? 'stopped' : 'exited'}`,
        'receipt sent',
      ])
      expect(await enrolments(kit)).toEqual(['completed'])
    })

  test('a version that ends those in flight drops a deferred last mail', async ({ start }) => {
    await deferred(start)
    const second = model.scenario('last', {
      version: 2,
      enterOn: 'brochure.requested',
      inFlight: 'exit',
      steps: ({ send }) => [send('thanks', thanks)],
    })
    const kit = await start({ now: '2026-01-05T03:00:00Z', scenarios: [first, second], caps })
    await kit.clock.advance('3 days')
    expect((await ledger(kit)).toSorted()).toEqual(['nudge skipped: replaced', 'tips sent'])
  })

  test('the exit event still drops it in a scenario that was stopped, and which cannot be archived before', async ({ start }) => {
    const kit = await deferred(start, { exitOn: 'order.placed' })
    await kit.scenarios.stop('last', { inFlight: 'finish' })
    expect((await rejection(kit.scenarios.archive('last'))).code).toBe('scenario.state')
    await buy(kit)
    await kit.clock.advance('3 days')
    expect((await ledger(kit)).toSorted()).toEqual(['nudge skipped: exited', 'tips sent'])
    await kit.scenarios.archive('last')
  })

  test('else the mail goes out, and the enrolment is completed', async ({ start }) => {
    const kit = await deferred(start, { goal: 'order.placed' })
    expect((await enrolments(kit)).toSorted()).toEqual(['active', 'completed'])
    await kit.clock.advance('3 days')
    await buy(kit)
    await kit.settle()
    expect((await ledger(kit)).toSorted()).toEqual(['nudge sent', 'tips sent'])
    expect(await enrolments(kit)).toEqual(['completed', 'completed'])
  })
}
