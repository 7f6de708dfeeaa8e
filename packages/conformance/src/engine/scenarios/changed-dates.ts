import type { TransportResult } from '@tobiishi/core/ports'
import { afterClaim } from '../after-claim.ts'
import type { EngineTheme, Kit } from '../engine-world.ts'
import { enrolments, ledger, mailed } from '../observations.ts'
import { model, nudge, pros, receipt, thanks } from '../shop.ts'
import { silentTransport } from '../silent-transport.ts'

type Past = 'skip' | 'exit' | { readonly within: '2 days' }

/** Comes to its reminder in the evening, seven days before, and sends it on the morning after. */
const renewalOf = (past: Past) =>
  model.scenario('renewal', {
    version: 1,
    window: { from: '09:00', to: '18:00' },
    steps: ({ send, wait }) => [
      wait('before', { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' }, past }),
      send('reminder', nudge),
      wait('after', { days: 1, at: '10:00' }, { from: { attribute: 'renewsOn' } }),
      send('thanks', thanks),
    ],
  })

const renewal = renewalOf('skip')

/** The same, with the reminder as its last mail. */
const lastMail = model.scenario('renewal', {
  version: 1,
  window: { from: '09:00', to: '18:00' },
  steps: ({ send, wait }) => [
    wait('before', { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' } }),
    send('reminder', nudge),
  ],
})

/** Asks another system before its reminder, and waits for the answer. */
const askingOf = (past: Past) =>
  model.scenario('renewal', {
    version: 1,
    window: { from: '09:00', to: '18:00' },
    steps: ({ send, wait, call }) => [
      wait('before', { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' }, past }),
      call('coupon', 'coupon', {}, { wait: true, attempts: 10 }),
      send('reminder', nudge),
    ],
  })

const renews = (kit: Kit, renewsOn: string | null) =>
  kit.contacts.identify('c_1', { email: 'c_1@example.test', attributes: { renewsOn } })

/** The night before the reminder for 1 February: it waits for the morning. */
const inTheNight = async (kit: Kit, scenario: ReturnType<typeof renewalOf>) => {
  await renews(kit, '2026-02-01')
  await kit.enrol('c_1', scenario)
  await kit.clock.advanceTo('2026-01-25T22:00:00+09:00')
}

/** A date that changes when its mail is queued already, but not handed over. */
export const changedDateCases: EngineTheme = ({ test, expect }) => {
  for (const [change, renewsOn, past, mails, rows] of [
    ['later', '2026-02-11', 'skip', ['2026-02-05 09:00 nudge', '2026-02-12 10:00 thanks'], ['nudge sent', 'thanks sent']],
    [
      'to the next day',
      '2026-02-02',
      'skip',
      ['2026-01-27 09:00 nudge', '2026-02-03 10:00 thanks'],
      ['nudge sent', 'thanks sent'],
    ],
    ['to one that is past', '2026-01-31', 'skip', ['2026-02-01 10:00 thanks'], ['nudge skipped: past', 'thanks sent']],
    [
      'to one that is just past',
      '2026-01-31',
      { within: '2 days' },
      ['2026-01-26 09:00 nudge', '2026-02-01 10:00 thanks'],
      ['nudge sent', 'thanks sent'],
    ],
    ['to one that is past, which ends it', '2026-01-31', 'exit', [], []],
    ['to none', null, 'skip', [], ['nudge skipped: no-anchor', 'thanks skipped: no-anchor']],
  ] as const)
    test(`${change}: the mail is taken back, and the new date counts`, async ({ start }) => {
      const scenario = renewalOf(past)
      const kit = await start({ scenarios: [scenario] })
      await inTheNight(kit, scenario)
      expect(await ledger(kit)).toEqual(['nudge queued'])
      await renews(kit, renewsOn)
      await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
      expect(await mailed(kit)).toEqual(mails)
      expect((await ledger(kit)).toSorted()).toEqual(['nudge skipped: date-changed', ...rows].toSorted())
      expect(await enrolments(kit)).toEqual([past === 'exit' ? 'exited: past' : 'completed'])
    })

  test('changed and changed back in the night, it goes out in the morning, once', async ({ start }) => {
    const kit = await start({ scenarios: [renewal] })
    await inTheNight(kit, renewal)
    for (const renewsOn of ['2026-05-01', '2026-02-01', '2026-02-01', '2026-04-01', '2026-02-01']) {
      await renews(kit, renewsOn)
      await kit.clock.advance('1 hour')
    }
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit)).toEqual(['2026-01-26 09:00 nudge', '2026-02-02 10:00 thanks'])
  })

  for (const [past, at, mails, rows] of [
    ['skip', '2026-01-26T08:00:00+09:00', ['2026-01-26 09:00 nudge'], ['nudge sent']],
    ['skip', '2026-01-26T10:00:00+09:00', [], ['nudge skipped: past']],
    ['exit', '2026-01-30T10:00:00+09:00', [], []],
    [{ within: '2 days' }, '2026-01-26T10:00:00+09:00', ['2026-01-26 10:00 nudge'], ['nudge sent']],
    [{ within: '2 days' }, '2026-01-30T10:00:00+09:00', [], ['nudge skipped: past']],
  ] as const)
    test(`changed back at ${at.slice(5, 16)}, it fares by past (${JSON.stringify(past)}) unless its mail would be waiting still`, async ({
      start,
    }) => {
      const patient = model.scenario('renewal', {
        version: 1,
        window: { from: '09:00', to: '18:00' },
        steps: ({ send, wait }) => [
          wait('before', { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' }, past }),
          send('reminder', nudge, { sendWithin: '30 days' }),
        ],
      })
      const kit = await start({ scenarios: [patient] })
      await renews(kit, '2026-02-01')
      await kit.enrol('c_1', patient)
      await kit.clock.advanceTo('2026-01-25T22:00:00+09:00')
      await renews(kit, '2026-05-01')
      await kit.clock.advanceTo(at)
      await renews(kit, '2026-02-01')
      await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
      expect(await mailed(kit)).toEqual(mails)
      expect((await ledger(kit)).toSorted()).toEqual(['nudge skipped: date-changed', ...rows].toSorted())
    })

  test('the last mail of an enrolment, which waits for the morning or is tried again', async ({ start }) => {
    let isDown = true
    const answer = (): TransportResult | undefined => (isDown ? { kind: 'transient', answer: { code: '451' } } : undefined)
    const kit = await start({ scenarios: [lastMail], answer })
    await inTheNight(kit, lastMail)
    await renews(kit, '2026-02-11')
    await kit.clock.advanceTo('2026-02-05T09:30:00+09:00')
    expect((await ledger(kit)).toSorted()).toEqual(['nudge queued', 'nudge skipped: date-changed'])
    await renews(kit, '2026-02-21')
    isDown = false
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit)).toEqual(['2026-02-15 09:00 nudge'])
    expect(await enrolments(kit)).toEqual(['completed'])
  })

  test('completed, with mail that no worker has sent yet', async ({ start }) => {
    const at = model.scenario('renewal', {
      version: 1,
      steps: ({ send, wait }) => [
        wait('before', { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' } }),
        send('reminder', nudge, { late: 'send' }),
      ],
    })
    const kit = await start({ scenarios: [at], answer: () => ({ kind: 'transient', answer: { code: '451' } }) })
    await renews(kit, '2026-02-01')
    await kit.enrol('c_1', at)
    await kit.clock.advanceTo('2026-01-25T20:00:00+09:00')
    await renews(kit, '2026-02-02')
    await kit.clock.advance('2 hours')
    expect((await ledger(kit)).toSorted()).toEqual(['nudge skipped: date-changed'])
    expect(await enrolments(kit)).toEqual(['active'])
  })

  test('mail that a worker has taken, but not begun to hand over, is taken back too', async ({ start, storage }) => {
    const app = await start({ scenarios: [renewal] })
    await inTheNight(app, renewal)
    const now = '2026-01-26T00:00:00Z'
    const other = await start({ scenarios: [renewal], now })
    const worker = await start({
      scenarios: [renewal],
      now,
      storage: afterClaim(storage, async () => {
        await renews(other, '2026-02-11')
        await other.settle()
      }),
    })
    await worker.settle()
    await worker.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(worker)).toEqual(['2026-02-05 09:00 nudge', '2026-02-12 10:00 thanks'])
  })

  for (const scenario of [renewal, lastMail])
    test(`a date that changes while its mail is handed over takes it back once the server says not now: ${scenario === lastMail ? 'the last mail' : 'one on the way'}`, async ({
      start,
    }) => {
      const app = await start({ scenarios: [scenario] })
      await inTheNight(app, scenario)
      const now = '2026-01-26T00:00:00Z'
      const other = await start({ scenarios: [scenario], now })
      const transport = silentTransport()
      const worker = await start({ scenarios: [scenario], now, transport })
      const settled = worker.settle()
      await transport.called
      await renews(other, '2026-02-11')
      await other.settle()
      expect(await ledger(other)).toEqual(['nudge queued'])
      transport.answer({ kind: 'transient', answer: { code: '451' } })
      await settled
      await other.clock.advanceTo('2026-03-05T00:00:00+09:00')
      expect((await mailed(other))[0]).toBe('2026-02-05 09:00 nudge')
      expect((await ledger(other))[0]).toBe('nudge skipped: date-changed')
    })

  test('mail that has gone out is not sent again for the new date', async ({ start }) => {
    const kit = await start({ scenarios: [renewal] })
    await inTheNight(kit, renewal)
    await kit.clock.advanceTo('2026-01-26T09:00:00+09:00')
    await renews(kit, '2026-02-11')
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit)).toEqual(['2026-01-26 09:00 nudge', '2026-02-12 10:00 thanks'])
  })

  test('what came before the mail is not done again, and all mail of the date goes together', async ({ start }) => {
    const asked: string[] = []
    const scenario = model.scenario('renewal', {
      version: 1,
      window: { from: '09:00', to: '18:00' },
      steps: ({ send, wait, call, branch }) => [
        wait('before', { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' } }),
        call('coupon', 'coupon', {}),
        branch('pro', pros, { yes: [], no: [send('reminder', nudge)] }),
        send('receipt', receipt),
      ],
    })
    const kit = await start({ scenarios: [scenario], handlers: { coupon: ({ step }) => void asked.push(step) } })
    await inTheNight(kit, scenario)
    expect((await ledger(kit)).toSorted()).toEqual(['nudge queued', 'receipt queued'])
    await kit.contacts.identify('c_1', { attributes: { plan: 'pro', renewsOn: '2026-02-11' } })
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect((await mailed(kit)).toSorted()).toEqual(['2026-02-05 09:00 nudge', '2026-02-05 09:00 receipt'])
    expect(asked).toEqual(['coupon'])
  })

  for (const [change, renewsOn, past, mails, rows] of [
    ['later', '2026-02-11', 'skip', ['2026-02-05 09:00 nudge'], ['nudge sent']],
    ['to one that is past', '2026-01-31', 'skip', [], ['nudge skipped: past']],
    ['to one that is past, which ends it', '2026-01-31', 'exit', [], []],
    ['to one that is just past', '2026-01-31', { within: '2 days' }, ['2026-01-26 09:00 nudge'], ['nudge sent']],
    ['to none', null, 'skip', [], ['nudge skipped: no-anchor']],
  ] as const)
    test(`${change}, at a call before the mail: answered, it stands at the wait again, and is not called again`, async ({
      start,
    }) => {
      const scenario = askingOf(past)
      const asked: number[] = []
      const coupon = ({ attempt }: { readonly attempt: number }) => {
        asked.push(attempt)
        if (attempt < 4) throw new Error('The CRM is down.')
      }
      const kit = await start({ scenarios: [scenario], handlers: { coupon } })
      await renews(kit, '2026-02-01')
      await kit.enrol('c_1', scenario)
      await kit.clock.advanceTo('2026-01-25T20:00:30+09:00')
      expect(asked[0]).toBe(1)
      await renews(kit, renewsOn)
      await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
      expect(asked).toEqual([1, 2, 3, 4])
      expect(await mailed(kit)).toEqual(mails)
      expect(await ledger(kit)).toEqual(rows)
      expect(await enrolments(kit)).toEqual([past === 'exit' ? 'exited: past' : 'completed'])
    })

  test('a date that a call changes, with no mail to come for it, moves nothing', async ({ start }) => {
    const charging = model.scenario('renewal', {
      version: 1,
      steps: ({ send, wait, call }) => [
        wait('due', { days: 0, at: '09:00' }, { from: { attribute: 'renewsOn' } }),
        call('charge', 'charge', {}),
        wait('after', { days: 1, at: '10:00' }),
        send('thanks', thanks),
      ],
    })
    const handlers = { charge: async () => void (await renews(kit, '2027-02-01')) }
    const kit: Kit = await start({ scenarios: [charging], handlers })
    await renews(kit, '2026-02-01')
    await kit.enrol('c_1', charging)
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit)).toEqual(['2026-02-02 10:00 thanks'])
  })

  test('a waitFor before the mail lets go of the date: the renewal that it waits for may change that', async ({ start }) => {
    const renewing = model.scenario('renewal', {
      version: 1,
      steps: ({ send, wait, waitFor }) => [
        wait('before', { days: -7, at: '10:00' }, { from: { attribute: 'renewsOn' } }),
        waitFor('order', {
          for: [{ event: 'order.placed', steps: [send('thanks', thanks)] }],
          timeout: { after: { days: 3 }, steps: [send('reminder', nudge)] },
        }),
      ],
    })
    const kit = await start({ scenarios: [renewing] })
    await renews(kit, '2026-02-01')
    await kit.enrol('c_1', renewing)
    await kit.clock.advanceTo('2026-01-26T10:00:00+09:00')
    await renews(kit, '2027-02-01')
    await kit.settle()
    await kit.track('c_1', 'order.placed', { total: 1000 })
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit)).toEqual(['2026-01-26 10:00 thanks'])
    expect(await enrolments(kit)).toEqual(['completed'])
  })

  test('a version whose wait has another id follows the date: queued mail is taken back, what lay before it is not done again', async ({
    start,
  }) => {
    const asked: string[] = []
    const handlers = { coupon: ({ step }: { readonly step: string }) => void asked.push(step) }
    const versionOf = (version: number, id: string, successors: { readonly [step: string]: string }) =>
      model.scenario('renewal', {
        version,
        inFlight: 'migrate',
        successors,
        window: { from: '09:00', to: '18:00' },
        steps: ({ send, wait, call }) => [
          wait(id, { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' } }),
          call('coupon', 'coupon', {}),
          send('reminder', nudge),
        ],
      })
    const first = versionOf(1, 'before', {})
    const kit = await start({ scenarios: [first], handlers })
    for (const id of ['c_1', 'c_2']) {
      await kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { renewsOn: '2026-02-01' } })
      await kit.enrol(id, first)
    }
    await kit.clock.advanceTo('2026-01-25T22:00:00+09:00')
    await kit.contacts.identify('c_2', { attributes: { renewsOn: '2026-02-11' } })
    await kit.settle()
    const later = await start({
      scenarios: [versionOf(2, 'week-before', { before: 'week-before' })],
      handlers,
      now: kit.clock.now(),
    })
    await later.clock.advance('1 hour')
    await later.contacts.identify('c_1', { attributes: { renewsOn: '2026-02-11' } })
    await later.clock.advanceTo('2026-03-05T00:00:00+09:00')
    for (const id of ['c_1', 'c_2']) expect([id, ...(await mailed(later, id))]).toEqual([id, '2026-02-05 09:00 nudge'])
    expect(asked).toEqual(['coupon', 'coupon'])
  })

  test('an update by another scenario changes a date as the app does', async ({ start }) => {
    const moving = model.scenario('moving', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ update }) => [update('move', { set: { renewsOn: '2026-02-11' } })],
    })
    const kit = await start({ scenarios: [renewal, moving] })
    await inTheNight(kit, renewal)
    await kit.track('c_1', 'page.viewed', { page: '/' })
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit)).toEqual(['2026-02-05 09:00 nudge', '2026-02-12 10:00 thanks'])
  })

  test('a scenario that changes the date itself, behind the mail, does not take its own mail back', async ({ start }) => {
    const once = model.scenario('renewal', {
      version: 1,
      window: { from: '09:00', to: '18:00' },
      steps: ({ send, wait, update }) => [
        wait('before', { days: -7, at: '20:00' }, { from: { attribute: 'renewsOn' } }),
        send('reminder', nudge),
        update('done', { set: { renewsOn: null } }),
      ],
    })
    const kit = await start({ scenarios: [once] })
    await inTheNight(kit, once)
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit)).toEqual(['2026-01-26 09:00 nudge'])
    expect(await enrolments(kit)).toEqual(['completed'])
  })

  test('who is merged into a contact with another date is mailed for that one', async ({ start }) => {
    const kit = await start({ scenarios: [renewal] })
    await inTheNight(kit, renewal)
    await kit.contacts.identify('c_2', { email: 'c_2@example.test', attributes: { renewsOn: '2026-02-11' } })
    await kit.contacts.merge('c_1', 'c_2')
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit, 'c_2')).toEqual(['2026-02-05 09:00 nudge', '2026-02-12 10:00 thanks'])
  })

  test('in a pause the mail is taken back as well, and counts for the new date when it is over', async ({ start }) => {
    const kit = await start({ scenarios: [renewal] })
    await inTheNight(kit, renewal)
    await kit.scenarios.pause('renewal')
    await renews(kit, '2026-02-11')
    await kit.clock.advance('1 day')
    expect(await ledger(kit)).toEqual(['nudge skipped: date-changed'])
    await kit.scenarios.resume('renewal')
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    expect(await mailed(kit)).toEqual(['2026-02-05 09:00 nudge', '2026-02-12 10:00 thanks'])
  })

  test('a zone in which that time is still to come takes the mail back; in another it goes out in its window', async ({
    start,
  }) => {
    const kit = await start({ scenarios: [renewal] })
    const zones = {
      'America/New_York': '2026-01-26 09:00',
      'Pacific/Auckland': '2026-01-26 09:00',
      'Asia/Tokyo': '2026-01-26 09:00',
    }
    for (const id of Object.keys(zones)) {
      await kit.contacts.identify(id, { email: `${id}@example.test`, attributes: { renewsOn: '2026-02-01' } })
      await kit.enrol(id, renewal)
    }
    await kit.clock.advanceTo('2026-01-25T22:00:00+09:00')
    for (const timeZone of Object.keys(zones)) await kit.contacts.identify(timeZone, { timeZone })
    await kit.clock.advanceTo('2026-03-05T00:00:00+09:00')
    for (const [zone, at] of Object.entries(zones))
      expect([zone, ...(await mailed(kit, zone, zone))]).toEqual([zone, `${at} nudge`, '2026-02-02 10:00 thanks'])
  })
}
