import { describe, expect, it } from 'vitest'
import { buyers, hello, model, nudge, onboarding, pro, receipt, thanks } from '../../../test/shop.ts'
import type { DeclaredScenario } from '../../index.ts'
import { createTestTobiishi } from '../../testing/index.ts'

/** Monday 10:00 in Tokyo. */
const now = '2026-01-05T01:00:00Z'
const hour = 3_600_000
const at = (text: string) => Date.parse(text)
const setUp = (...scenarios: readonly DeclaredScenario[]) =>
  createTestTobiishi({ model, scenarios: scenarios.length === 0 ? [onboarding] : scenarios, now })
type Kit = Awaited<ReturnType<typeof setUp>>

const subjects = (t: Kit) => t.outbox.map(({ subject }) => subject)
/** What became of the contact's mail, oldest first, with the instants at which it was planned. */
const mails = async (t: Kit, id = 'c_1') =>
  (await t.messages.ofContact(id))
    .toSorted((a, b) => a.plannedAt - b.plannedAt)
    .map(({ template, state, reason, plannedAt }) => ({ template, state, reason, plannedAt }))
const states = async (t: Kit, id = 'c_1') => (await t.scenarios.enrolments(id)).map(({ state, endReason }) => [state, endReason])

describe('entering', () => {
  it('starts on its event and sends the first mail at once', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    expect(await t.settle()).toMatchObject({ advanced: 1, sent: 1, nextDueAt: at('2026-01-08T01:00:00Z') })
    expect(subjects(t)).toEqual(['hello A'])
  })

  it('happens once, however often the event comes', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.track('c_1', 'brochure.requested', { brochure: 'B' })
    await t.clock.advance('10 days')
    await t.track('c_1', 'brochure.requested', { brochure: 'C' })
    await t.clock.advance('10 days')
    expect(subjects(t)).toEqual(['hello A', 'nudge'])
  })

  it('happens with every event where the scenario says so', async () => {
    const receipts = model.scenario('receipts', {
      version: 1,
      enterOn: 'order.placed',
      reentry: 'every-event',
      steps: ({ send }) => [send('receipt', receipt)],
    })
    const t = await setUp(receipts)
    await t.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await t.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await t.track('c_1', 'order.placed', { total: 2 }, { id: 'o2' })
    await t.settle()
    expect(subjects(t)).toEqual(['receipt', 'receipt'])
  })

  it('is refused to events older than maxEventAge', async () => {
    const t = await setUp()
    await t.track('c_old', 'brochure.requested', { brochure: 'A' }, { occurredAt: at(now) - 24 * hour - 1 })
    await t.track('c_new', 'brochure.requested', { brochure: 'A' }, { occurredAt: at(now) - 24 * hour + 1 })
    await t.settle()
    expect(await t.scenarios.enrolments('c_old')).toEqual([])
    expect(await t.scenarios.enrolments('c_new')).toHaveLength(1)
  })

  it('is not for history: what is imported starts nothing unless told to, and still ends what it should', async () => {
    const t = await setUp()
    const row = { event: 'brochure.requested', payload: { brochure: 'A' } }
    await t.trackMany([{ ...row, contactId: 'c_1' }])
    await t.trackMany([{ ...row, contactId: 'c_2' }], { startScenarios: true })
    await t.clock.advance('1 hour')
    await t.trackMany([{ contactId: 'c_2', event: 'order.placed', payload: { total: 1 } }])
    await t.clock.advance('5 days')
    expect(t.outbox.map(({ to, subject }) => [to, subject])).toEqual([['c_2@example.test', 'hello A']])
  })
})

describe('waiting', () => {
  it('counts days of the calendar in the zone of the contact', async () => {
    const t = await setUp()
    await t.contacts.identify('c_1', { email: 'a@example.test', timeZone: 'America/New_York' })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('5 days')
    expect((await mails(t))[1]?.plannedAt).toBe(at('2026-01-07T10:00:00-05:00'))
  })

  it('lets hours elapse', async () => {
    const t = await setUp(
      model.scenario('soon', {
        version: 1,
        enterOn: 'brochure.requested',
        steps: ({ send, wait }) => [wait('a', '36 hours'), send('nudge', nudge)],
      }),
    )
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance(36 * hour - 1)
    expect(subjects(t)).toEqual([])
    await t.clock.advance(1)
    expect(subjects(t)).toEqual(['nudge'])
  })

  it('follows a contact who moves to another zone', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('1 day')
    await t.contacts.identify('c_1', { timeZone: 'Europe/Berlin' })
    await t.clock.advance('5 days')
    expect((await mails(t))[1]?.plannedAt).toBe(at('2026-01-08T10:00:00+01:00'))
  })
})

describe('branching', () => {
  const branching = model.scenario('branching', {
    version: 1,
    enterOn: 'brochure.requested',
    steps: ({ send, branch }) => [
      branch('is-pro', pro, {
        yes: [branch('has-bought', buyers, { yes: [send('thanks', thanks)], no: [] })],
        no: [send('nudge', nudge)],
      }),
      send('receipt', receipt),
    ],
  })

  it('asks who is in the segment now, for everyone of the batch', async () => {
    const t = await setUp(branching)
    await t.contacts.identify('free', { email: 'free@example.test', attributes: { plan: 'free' } })
    await t.contacts.identify('pro', { email: 'pro@example.test', attributes: { plan: 'pro' } })
    await t.contacts.identify('buyer', { email: 'buyer@example.test', attributes: { plan: 'pro' } })
    await t.track('buyer', 'order.placed', { total: 1 })
    for (const id of ['free', 'pro', 'buyer']) await t.track(id, 'brochure.requested', { brochure: 'A' })
    await t.settle()
    const bySubject = Object.groupBy(t.outbox, ({ to }) => to)
    const of = (to: string) => bySubject[to]?.map(({ subject }) => subject).toSorted()
    expect(of('free@example.test')).toEqual(['nudge', 'receipt'])
    expect(of('pro@example.test')).toEqual(['receipt'])
    expect(of('buyer@example.test')).toEqual(['receipt', 'thanks'])
  })

  it('sees what was identified and tracked in the same batch', async () => {
    const t = await setUp(branching)
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    await t.settle()
    expect(subjects(t)).toEqual(['receipt'])
  })
})

describe('leaving', () => {
  it('ends the enrolment and drops mail that is queued', async () => {
    const inTheEvening = model.scenario('evening', {
      version: 1,
      enterOn: 'brochure.requested',
      exitOn: 'order.placed',
      window: { from: '18:00', to: '20:00' },
      steps: ({ send, event }) => [send('hello', hello, { brochure: event.brochure })],
    })
    const t = await setUp(inTheEvening, onboarding)
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('1 hour')
    expect((await mails(t)).map(({ state }) => state)).toEqual(['sent', 'queued'])
    await t.track('c_1', 'order.placed', { total: 1 })
    await t.clock.advance('10 days')
    expect((await mails(t)).map(({ state, reason }) => [state, reason])).toEqual([
      ['sent', null],
      ['skipped', 'exited'],
    ])
    expect(subjects(t)).toEqual(['hello A'])
  })

  it('happens before an entry that the same event brings', async () => {
    const again = model.scenario('again', {
      version: 1,
      enterOn: 'order.placed',
      exitOn: 'order.placed',
      reentry: 'every-event',
      steps: ({ send, wait }) => [wait('a', '2 days'), send('nudge', nudge)],
    })
    const t = await setUp(again)
    await t.track('c_1', 'order.placed', { total: 1 }, { id: 'o1' })
    await t.clock.advance('1 day')
    await t.track('c_1', 'order.placed', { total: 1 }, { id: 'o2' })
    await t.clock.advance('5 days')
    expect(await states(t)).toEqual(
      expect.arrayContaining([
        ['exited', 'event:order.placed'],
        ['completed', null],
      ]),
    )
    expect(subjects(t)).toEqual(['nudge'])
  })

  it.each([
    ['together', false],
    ['the later event first', true],
  ])('ends an entry also when the events come in disorder: %s', async (_how, isApart) => {
    const t = await setUp()
    await t.track('c_1', 'order.placed', { total: 1 }, { occurredAt: at(now) - hour })
    if (isApart) await t.settle()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' }, { occurredAt: at(now) - 2 * hour })
    await t.clock.advance('5 days')
    expect(subjects(t)).toEqual([])
    expect(await states(t)).toEqual([['exited', 'event:order.placed']])
  })

  it('is not brought by an event from before the entry', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' }, { occurredAt: at(now) - hour })
    await t.settle()
    await t.track('c_1', 'order.placed', { total: 1 }, { occurredAt: at(now) - 2 * hour })
    await t.clock.advance('5 days')
    expect(subjects(t)).toEqual(['hello A', 'nudge'])
  })
})

describe('working late', () => {
  it('skips a mail whose time has passed, says so, and goes on', async () => {
    const t = await setUp(
      model.scenario('late', {
        version: 1,
        enterOn: 'brochure.requested',
        steps: ({ send, wait, event }) => [
          send('hello', hello, { brochure: event.brochure }),
          wait('a', '1 day'),
          send('nudge', nudge),
          wait('b', '3 days'),
          send('thanks', thanks),
        ],
      }),
    )
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    const stopped = createLater(t)
    await stopped('2026-01-07T02:00:00Z')
    expect((await mails(t)).map(({ template, state, reason }) => [template, state, reason])).toEqual([
      ['hello', 'sent', null],
      ['nudge', 'skipped', 'late'],
    ])
    await t.clock.advance('5 days')
    expect(subjects(t)).toEqual(['hello A', 'thanks'])
  })
})

/** As if no worker had run until then: the clock jumps before the work. */
const createLater = (t: Kit) => async (instant: string) => {
  await t.scenarios.pause('late')
  await t.clock.advanceTo(instant)
  await t.scenarios.resume('late')
  await t.settle()
}

describe('pausing', () => {
  it('holds due steps and queued mail, goes on when resumed, and sends no first mail that is days late', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    await t.scenarios.pause('onboarding')
    await t.track('c_2', 'brochure.requested', { brochure: 'B' })
    await t.clock.advanceTo('2026-01-08T06:00:00Z')
    expect(subjects(t)).toEqual(['hello A'])
    await t.scenarios.resume('onboarding')
    await t.clock.advance('5 days')
    expect(subjects(t).toSorted()).toEqual(['hello A', 'nudge', 'nudge'])
  })

  it('still lets contacts leave', async () => {
    const t = await setUp()
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    await t.scenarios.pause('onboarding')
    await t.track('c_1', 'order.placed', { total: 1 })
    await t.clock.advance('1 day')
    await t.scenarios.resume('onboarding')
    await t.clock.advance('5 days')
    expect(subjects(t)).toEqual(['hello A'])
  })
})
