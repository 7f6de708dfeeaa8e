import type { ElapsedSpan } from '@tobiishi/core'
import type { TransportResult } from '@tobiishi/core/ports'
import type { EngineTheme } from '../engine-world.ts'
import { ledger, mailed, subjects } from '../observations.ts'
import { everyone, model, news, nudge, plain, receipts, thanks, tips } from '../shop.ts'

type Policy = 'skip' | 'defer' | 'advance'
const daily = (limit: number, policy?: Policy) => [
  { name: 'daily', per: 'day', limit, ...(policy === undefined ? {} : { policy }) } as const,
]

/** tips → two days, at ten → thanks. */
const course = (sendWithin?: ElapsedSpan) =>
  model.scenario('course', {
    version: 1,
    enterOn: 'page.viewed',
    steps: ({ send, wait }) => [
      send('tips', tips, sendWithin === undefined ? {} : { sendWithin }),
      wait('a', { days: 2, at: '10:00' }),
      send('thanks', thanks),
    ],
  })

/** One mail, which takes a place. */
const one = model.scenario('one', {
  version: 1,
  enterOn: 'brochure.requested',
  reentry: 'every-event',
  steps: ({ send }) => [send('nudge', nudge)],
})

const brochure = { brochure: 'A' }
const page = { page: '/' }

/** At most so many marketing mails a contact and day, week or month. */
export const capCases: EngineTheme = ({ test, expect }) => {
  test('by default a mail too many is deferred to the next day, and what follows counts from there', async ({ start }) => {
    const kit = await start({ scenarios: [one, course()], caps: daily(1) })
    await kit.track('c_1', 'brochure.requested', brochure)
    await kit.settle()
    await kit.track('c_1', 'page.viewed', page)
    await kit.clock.advance('7 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 nudge', '2026-01-06 00:00 tips', '2026-01-08 10:00 thanks'])
  })

  test('with skip it is left out, and the rest stays as planned', async ({ start }) => {
    const kit = await start({ scenarios: [one, course()], caps: daily(1, 'skip') })
    await kit.track('c_1', 'brochure.requested', brochure)
    await kit.settle()
    await kit.track('c_1', 'page.viewed', page)
    await kit.clock.advance('7 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 nudge', '2026-01-07 10:00 thanks'])
    expect((await ledger(kit)).includes('tips skipped: capped')).toBe(true)
  })

  test('with advance the contact goes on at once, without the wait after the mail', async ({ start }) => {
    const newsletter = model.scenario('newsletter', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [send('news', news), wait('a', { days: 2, at: '10:00' }), send('thanks', thanks)],
    })
    const kit = await start({
      scenarios: [newsletter],
      caps: [{ name: 'news', per: 'month', limit: 1, topic: 'news', policy: 'advance' }],
    })
    await kit.contacts.identify('c_1', { email: 'a@example.test' })
    await kit.broadcasts.send({ template: news, to: everyone })
    await kit.settle()
    await kit.clock.advance('1 hour')
    for (const id of ['c_1', 'c_2']) await kit.track(id, 'page.viewed', page)
    await kit.clock.advance('7 days')
    expect(await mailed(kit, 'c_1')).toEqual(['2026-01-05 10:00 news', '2026-01-05 11:00 thanks'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-05 11:00 news', '2026-01-07 10:00 thanks'])
  })

  test('a mail is deferred only where it does not expire before: else it is left out', async ({ start }) => {
    const kit = await start({ scenarios: [one, course('13 hours')], caps: daily(1) })
    await kit.track('c_1', 'brochure.requested', brochure)
    await kit.settle()
    await kit.track('c_1', 'page.viewed', page)
    await kit.clock.advance('7 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 nudge', '2026-01-07 10:00 thanks'])
    expect((await ledger(kit)).includes('tips skipped: capped')).toBe(true)
  })

  test("a day is the contact's own, a week begins on Monday, a month on the first", async ({ start }) => {
    const patient = model.scenario('patient', {
      version: 1,
      enterOn: 'brochure.requested',
      reentry: 'every-event',
      steps: ({ send }) => [send('nudge', nudge, { sendWithin: '40 days' })],
    })
    // Tuesday, 18:00 in Tokyo is Monday, 23:00 in Honolulu.
    const now = '2026-01-06T18:00:00+09:00'
    const kit = await start({ now, scenarios: [patient], caps: daily(1) })
    await kit.contacts.identify('honolulu', { email: 'h@example.test', timeZone: 'Pacific/Honolulu' })
    for (const id of ['honolulu', 'tokyo']) await kit.track(id, 'brochure.requested', brochure)
    await kit.clock.advance('2 hours')
    for (const id of ['honolulu', 'tokyo']) await kit.track(id, 'brochure.requested', brochure)
    await kit.clock.advance('1 day')
    expect(await mailed(kit, 'honolulu')).toEqual(['2026-01-06 18:00 nudge', '2026-01-06 20:00 nudge'])
    expect(await mailed(kit, 'tokyo')).toEqual(['2026-01-06 18:00 nudge', '2026-01-07 00:00 nudge'])

    for (const [per, next] of [
      ['week', '2026-01-12'],
      ['month', '2026-02-01'],
    ] as const) {
      const id = `by-${per}`
      const other = await start({ now, scenarios: [patient], caps: [{ name: per, per, limit: 2 }] })
      for (let mails = 0; mails < 3; mails += 1) await other.track(id, 'brochure.requested', brochure)
      await other.clock.advance('30 days')
      expect(await mailed(other, id)).toEqual(['2026-01-06 18:00 nudge', '2026-01-06 18:00 nudge', `${next} 00:00 nudge`])
    }
  })

  test('transactional mail neither needs a place nor takes one', async ({ start }) => {
    const kit = await start({ scenarios: [receipts, one], caps: daily(1, 'skip') })
    for (const id of ['o1', 'o2']) await kit.track('c_1', 'order.placed', { total: 1 }, { id })
    await kit.settle()
    await kit.track('c_1', 'brochure.requested', brochure)
    await kit.settle()
    await kit.track('c_1', 'order.placed', { total: 1 }, { id: 'o3' })
    await kit.settle()
    expect(subjects(kit)).toEqual(['receipt', 'receipt', 'nudge', 'receipt'])
  })

  test('a place is taken once a mail: kept by what was sent or may have been, given back by what was not', async ({ start }) => {
    const answers: (TransportResult | undefined)[] = []
    const kit = await start({ scenarios: [one], caps: daily(1, 'skip'), answer: () => answers.shift() })
    const ask = (id: string) => kit.track(id, 'brochure.requested', brochure)
    const later: TransportResult = { kind: 'transient', answer: { code: '451' } }
    const full: TransportResult = { kind: 'rejected', bounceClass: 'mailbox-full', answer: { code: '552' } }

    // Refused for now, twice, then taken: one place.
    answers.push(later, later)
    await ask('tried-again')
    await kit.clock.advance('1 hour')
    await ask('tried-again')
    await kit.settle()
    expect((await ledger(kit, 'tried-again')).toSorted()).toEqual(['nudge sent', 'nudge skipped: capped'])

    // Refused for good: its place is free for another mail of the day.
    answers.push(full)
    await ask('refused')
    await kit.settle()
    await ask('refused')
    await kit.settle()
    expect((await ledger(kit, 'refused')).toSorted()).toEqual(['nudge failed: rejected', 'nudge sent'])

    // Nobody knows whether it arrived: its place is taken.
    answers.push({ kind: 'ambiguous', answer: { text: 'Connection lost after the final dot' } })
    await ask('unknown')
    await kit.settle()
    await ask('unknown')
    await kit.settle()
    expect((await ledger(kit, 'unknown')).toSorted()).toEqual(['nudge skipped: capped', 'nudge unknown: ambiguous'])
  })

  test('what counted for days and months that are over is forgotten', async ({ start, storage }) => {
    const weekly = model.scenario('weekly', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => Array.from({ length: 10 }, (_, n) => [send(`s-${n}`, tips), wait(`w-${n}`, '1 week')]).flat(),
    })
    const caps = [...daily(1), { name: 'monthly', per: 'month', limit: 9 } as const]
    const kit = await start({ scenarios: [weekly], caps })
    await kit.track('c_1', 'page.viewed', page)
    await kit.clock.advance('60 days')
    expect((await ledger(kit)).length).toBe(9)
    const places = [
      ...['2026-01-05', '2026-01-12', '2026-03-02'].map((bucket) => ({ cap: 'daily', bucket })),
      ...['2026-01', '2026-02', '2026-03'].map((bucket) => ({ cap: 'monthly', bucket })),
    ].map((place) => ({ contactId: 'c_1', ...place }))
    const left = await storage.read((reader) => reader.queue.capsUsed(places))
    expect(left.map(({ bucket, used }) => `${bucket} ${used}`).toSorted()).toEqual(['2026-03 1', '2026-03-02 1'])
  })

  test('the cap holds whichever workers want to send to the contact at once', async ({ start, second }) => {
    const many = Array.from({ length: 6 }, (_, index) => plain(`mail-${index}`))
    const options = {
      scenarios: many.map((template, index) =>
        model.scenario(`s-${index}`, { version: 1, enterOn: 'page.viewed', steps: ({ send }) => [send('only', template)] }),
      ),
      caps: daily(2, 'skip'),
    }
    const first = await start(options)
    const other = await start({ ...options, storage: await second() })
    for (const id of ['c_1', 'c_2', 'c_3']) await first.track(id, 'page.viewed', page)
    await Promise.all([first.settle(), other.settle(), first.tick({ limit: 1 }), other.tick({ limit: 1 })])
    await first.clock.advance('2 minutes')
    for (const id of ['c_1', 'c_2', 'c_3']) {
      const states = (await first.messages.ofContact(id)).map(({ state }) => state)
      expect(states.filter((state) => state === 'sent').length).toBe(2)
      expect(states.filter((state) => state === 'skipped').length).toBe(4)
    }
  })
}
