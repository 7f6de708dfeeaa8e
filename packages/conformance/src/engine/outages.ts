import type { ElapsedSpan } from '@tobiishi/core'
import type { OutgoingMail, TransportResult } from '@tobiishi/core/ports'
import type { EngineTheme } from './engine-world.ts'
import { enrolments, ledger, mailed, sentAt, subjects } from './observations.ts'
import { hello, model, nudge, receipt, thanks, tips } from './shop.ts'

const course = (late: 'skip' | 'send' | 'exit', sendWithin: ElapsedSpan) =>
  model.scenario('course', {
    version: 1,
    enterOn: 'brochure.requested',
    steps: ({ send, wait, event }) => [
      send('hello', hello, { brochure: event.brochure }),
      wait('a', '1 day'),
      send('nudge', nudge, { late, sendWithin }),
      wait('b', '1 day'),
      send('tips', tips, { late, sendWithin }),
      wait('c', '8 days'),
      send('thanks', thanks, { late, sendWithin }),
    ],
  })

const refused: TransportResult = { kind: 'transient', answer: { text: 'ECONNREFUSED' } }

const isNudge = ({ raw }: OutgoingMail): boolean => new TextDecoder().decode(raw).includes('Subject: nudge')

/** Three mails, `apart` from each other, to a contact who came at ten in the morning in Tokyo. */
const row = (apart: ElapsedSpan) =>
  model.scenario('row', {
    version: 1,
    enterOn: 'page.viewed',
    steps: ({ send, wait }) => [
      send('nudge', nudge),
      wait('a', apart),
      send('tips', tips),
      wait('b', apart),
      send('thanks', thanks),
    ],
  })

/** Nobody works from just after the first mail until ten days and an hour later. */
const tenDaysLater = '2026-01-15T02:00:00Z'

export const outageCases: EngineTheme = ({ test, expect }) => {
  test('after ten days without a worker, mail whose time has passed is skipped, and the mail of today goes out', async ({
    start,
  }) => {
    const scenarios = [course('skip', '24 hours')]
    const before = await start({ scenarios })
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.settle()
    const after = await start({ scenarios, now: tenDaysLater })
    await after.settle()
    expect(subjects(after)).toEqual(['thanks'])
    expect(await ledger(after)).toEqual(['hello sent', 'nudge skipped: late', 'tips skipped: late', 'thanks sent'])
  })

  test('late mail that is to be sent all the same comes one by one, twelve hours apart', async ({ start }) => {
    const scenarios = [course('send', '24 hours')]
    const before = await start({ scenarios })
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.settle()
    const after = await start({ scenarios, now: tenDaysLater })
    await after.settle()
    expect(subjects(after)).toEqual(['nudge'])
    await after.clock.advance('2 days')
    expect(await sentAt(after)).toEqual([
      '2026-01-05T01:00:00Z',
      '2026-01-15T02:00:00Z',
      '2026-01-15T14:00:00Z',
      '2026-01-16T02:00:00Z',
    ])
  })

  for (const [name, minGap, second] of [
    ['mails that were planned an hour apart stay an hour apart', undefined, '2026-01-05 21:00 tips'],
    ['with a minGap of none one comes right after the other', '0 hours', '2026-01-05 20:01 tips'],
    ['a minGap of less than they were planned apart is what is left', '20 minutes', '2026-01-05 20:20 tips'],
  ] as const) {
    test(`after an outage: ${name}`, async ({ start }) => {
      const close = model.scenario('close', {
        version: 1,
        enterOn: 'brochure.requested',
        ...(minGap === undefined ? {} : { minGap }),
        steps: ({ send, wait }) => [wait('a', '1 hour'), send('nudge', nudge), wait('b', '1 hour'), send('tips', tips)],
      })
      const before = await start({ scenarios: [close] })
      await before.track('c_1', 'brochure.requested', { brochure: 'A' })
      await before.settle()
      // Both were due before noon.
      const after = await start({ scenarios: [close], now: '2026-01-05T20:00:00+09:00' })
      await after.clock.advance('1 day')
      expect(await mailed(after)).toEqual(['2026-01-05 20:00 nudge', second])
    })
  }

  test('a step may say that whoever is late leaves', async ({ start }) => {
    const scenarios = [course('exit', '24 hours')]
    const before = await start({ scenarios })
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.settle()
    const after = await start({ scenarios, now: tenDaysLater })
    await after.clock.advance('20 days')
    expect(subjects(after)).toEqual([])
    expect(await enrolments(after)).toEqual(['exited: late'])
  })

  test('mail that was queued before the outage expires instead of going out late', async ({ start }) => {
    const evening = model.scenario('evening', {
      version: 1,
      enterOn: 'brochure.requested',
      window: { from: '18:00', to: '20:00' },
      steps: ({ send, event }) => [send('hello', hello, { brochure: event.brochure })],
    })
    const before = await start({ scenarios: [evening] })
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.settle()
    const after = await start({ scenarios: [evening], now: tenDaysLater })
    await after.settle()
    expect(subjects(after)).toEqual([])
    expect(await ledger(after)).toEqual(['hello skipped: expired'])
  })

  test('mail that is late but not expired waits for its window to open, whichever version the worker declares', async ({
    start,
  }) => {
    const office = (version: number) =>
      model.scenario('office', {
        version,
        enterOn: 'brochure.requested',
        ...(version === 1 ? { window: { days: 'weekdays', from: '09:00', to: '20:00' } } : {}),
        steps: ({ send, event }) => [send('hello', hello, { brochure: event.brochure }, { sendWithin: '4 days' })],
      })
    const unreachable: TransportResult = { kind: 'transient', answer: { text: 'ECONNREFUSED' } }
    // Friday, 19:00 in Tokyo; then Saturday, 05:00.
    const before = await start({ now: '2026-01-09T10:00:00Z', scenarios: [office(1)], answer: () => unreachable })
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.settle()
    const after = await start({ now: '2026-01-09T20:00:00Z', scenarios: [office(2)] })
    expect(await after.settle()).toMatchObject({ sent: 0, failed: 0, skipped: 0 })
    await after.clock.advance('3 days')
    expect(await sentAt(after)).toEqual(['2026-01-12T00:00:00Z'])
    expect(await ledger(after)).toEqual(['hello sent'])
  })

  for (const [apart, outage, least] of [
    ['6 hours', 20, 6],
    ['6 hours', 10, 6],
    ['1 hour', 20, 1],
    ['10 minutes', 3, 1 / 6],
  ] as const) {
    test(`after ${outage} hours without a mail server, mails planned ${apart} apart go out in order and as far apart`, async ({
      start,
    }) => {
      let isDown = true
      const kit = await start({ scenarios: [row(apart)], answer: () => (isDown ? refused : undefined) })
      await kit.track('c_1', 'page.viewed', { page: '/' })
      await kit.settle()
      await kit.clock.advance(`${outage} hours`)
      isDown = false
      await kit.clock.advance('3 days')
      expect((await mailed(kit)).map((line) => line.slice(17))).toEqual(['nudge', 'tips', 'thanks'])
      const [first = 0, second = 0, third = 0] = (await sentAt(kit)).map((at) => Date.parse(at) / 3_600_000)
      expect(Math.min(second - first, third - second) >= least - 1 / 60).toBe(true)
    })
  }

  test('mail that is itself on time does not overtake the one before, which waits to be tried again', async ({ start }) => {
    const kit = await start({
      scenarios: [row('6 hours')],
      answer: (mail) => (isNudge(mail) && isDown ? refused : undefined),
    })
    let isDown = true
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.settle()
    await kit.clock.advance('7 hours')
    isDown = false
    await kit.clock.advance('3 days')
    expect(subjects(kit)).toEqual(['nudge', 'tips', 'thanks'])
  })

  test('a transactional mail does not wait for marketing mail that is tried again', async ({ start }) => {
    const mixed = model.scenario('mixed', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [send('nudge', nudge), wait('a', '1 hour'), send('receipt', receipt)],
    })
    const kit = await start({ scenarios: [mixed], answer: (mail) => (isNudge(mail) ? refused : undefined) })
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.settle()
    await kit.clock.advance('1 hour')
    expect(await mailed(kit)).toEqual(['2026-01-05 11:00 receipt'])
  })

  test('mail that was planned for one time goes out in the order of its steps', async ({ start }) => {
    const both = model.scenario('both', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send }) => [send('nudge', nudge), send('tips', tips), send('thanks', thanks)],
    })
    const kit = await start({ scenarios: [both] })
    for (const id of ['c_1', 'c_2', 'c_3', 'c_4']) await kit.track(id, 'page.viewed', { page: '/' })
    await kit.settle()
    const bySubject = Map.groupBy(kit.outbox, ({ to }) => to)
    for (const mails of bySubject.values()) expect(mails.map(({ subject }) => subject)).toEqual(['nudge', 'tips', 'thanks'])
    expect(kit.outbox.length).toBe(12)
  })
}
