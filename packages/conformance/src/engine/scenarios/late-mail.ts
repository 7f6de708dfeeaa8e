import { silentLogger } from '@tobiishi/core'
import type { TransportResult } from '@tobiishi/core/ports'
import type { EngineTheme } from '../engine-world.ts'
import { ledger, mailed, subjects } from '../observations.ts'
import { model, nudge, thanks, tips } from '../shop.ts'

const refused: TransportResult = { kind: 'transient', answer: { text: 'ECONNREFUSED' } }

/** One mail at five on the day of entry, in office hours. */
const office = (late: 'skip' | 'send', sendWithin: '2 hours' | '3 days') =>
  model.scenario('office', {
    version: 1,
    enterOn: 'page.viewed',
    window: { days: 'weekdays', from: '09:00', to: '18:00' },
    steps: ({ send, wait }) => [wait('a', { days: 0, at: '17:00' }), send('nudge', nudge, { late, sendWithin })],
  })

/** Friday in Tokyo. */
const friday = (time: string): string => `2026-01-09T${time}+09:00`

/** Mail that comes to go out later than it was planned. */
export const lateMailCases: EngineTheme = ({ test, expect }) => {
  for (const failed of ['worker', 'mail server']) {
    test(`a window that is closed when the ${failed} is back counts as late, however short it was away`, async ({ start }) => {
      const scenarios = [office('skip', '2 hours')]
      const before = await start({ scenarios, now: friday('16:00'), answer: () => refused })
      await before.track('c_1', 'page.viewed', { page: '/' })
      await before.settle()
      if (failed === 'mail server') await before.clock.advance('70 minutes')
      const after = await start({ scenarios, now: friday('18:30') })
      await after.settle()
      await after.clock.advance('4 days')
      expect(await ledger(after)).toEqual([`nudge skipped: ${failed === 'worker' ? 'late' : 'expired'}`])
    })
  }

  test('what follows late mail keeps its distance to it, whichever process hands it over', async ({ start }) => {
    const pair = model.scenario('pair', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [send('nudge', nudge), wait('a', '2 hours'), send('tips', tips)],
    })
    const first = await start({ scenarios: [pair], now: friday('10:00'), answer: () => refused })
    await first.track('c_1', 'page.viewed', { page: '/' })
    await first.settle()
    await (await start({ scenarios: [pair], now: friday('11:59') })).settle()
    const third = await start({ scenarios: [pair], now: friday('12:00:10') })
    await third.settle()
    await third.clock.advance('1 day')
    expect(await mailed(third)).toEqual(['2026-01-09 11:59 nudge', '2026-01-09 13:59 tips'])
  })

  test('without a minGap it still goes out in order, though the earlier one be refused at first', async ({ start }) => {
    const close = model.scenario('close', {
      version: 1,
      enterOn: 'page.viewed',
      minGap: '0 hours',
      steps: ({ send, wait }) => [
        wait('a', '1 hour'),
        send('nudge', nudge),
        wait('b', '1 hour'),
        send('tips', tips),
        wait('c', '1 hour'),
        send('thanks', thanks),
      ],
    })
    const before = await start({ scenarios: [close], now: friday('10:00') })
    await before.track('c_1', 'page.viewed', { page: '/' })
    await before.settle()
    let tries = 0
    const answer = () => {
      tries += 1
      return tries === 1 ? refused : undefined
    }
    const after = await start({ scenarios: [close], now: friday('20:00'), answer })
    await after.settle()
    await after.clock.advance('1 hour')
    expect(subjects(after)).toEqual(['nudge', 'tips', 'thanks'])
  })

  test('mail whose template nobody has any more waits for it until it is too late', async ({ start }) => {
    const version = (version: 1 | 2) =>
      model.scenario('row', {
        version,
        enterOn: 'page.viewed',
        window: { from: '18:00', to: '20:00' },
        steps: ({ send }) => (version === 1 ? [send('nudge', nudge)] : [send('thanks', thanks)]),
      })
    const before = await start({ scenarios: [version(1)], now: friday('10:00') })
    await before.track('c_1', 'page.viewed', { page: '/' })
    await before.settle()
    const after = await start({ scenarios: [version(2)], templates: [thanks], now: friday('10:01'), logger: silentLogger })
    await after.clock.advance('20 hours')
    expect(await ledger(after)).toEqual(['nudge queued'])
    await after.clock.advance('20 hours')
    expect(await ledger(after)).toEqual(['nudge skipped: expired'])
  })

  for (const [late, sendWithin, why] of [
    ['send', '2 hours', 'is sent all the same'],
    ['skip', '3 days', 'is worth sending as long'],
  ] as const) {
    test(`it waits for the window to open where it ${why}`, async ({ start }) => {
      const scenarios = [office(late, sendWithin)]
      const before = await start({ scenarios, now: friday('16:00') })
      await before.track('c_1', 'page.viewed', { page: '/' })
      await before.settle()
      const after = await start({ scenarios, now: friday('18:30') })
      await after.settle()
      await after.clock.advance('4 days')
      expect(await mailed(after)).toEqual(['2026-01-12 09:00 nudge'])
    })
  }
}
