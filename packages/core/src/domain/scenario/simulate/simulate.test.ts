import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { defineModel } from '../../../define/index.ts'
import type { ScenarioDefinition } from '../scenario-definition.ts'
import type { Simulation } from './script.ts'
import { simulateScenario } from './simulate.ts'

const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    birthday: z.iso.date().optional(),
    tags: z.array(z.string()).optional(),
  }),
  events: { joined: z.object({}), 'order.placed': z.object({ total: z.number() }) },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const mail = (name: string) =>
  model.template(name, {
    purpose: 'marketing',
    topic: 'news',
    subject: ({ line }) => line`${name}`,
    body: ({ text, footer }) => text`本文\n${footer()}`,
  })
const [hello, nudge, thanks, present] = ['hello', 'nudge', 'thanks', 'present'].map(mail)
if (hello === undefined || nudge === undefined || thanks === undefined || present === undefined) throw new Error('templates')
const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
const buyers = model.segment('buyers', ({ did }) => did('order.placed', { within: '10 days' }))

/** Monday, 10:00 in Tokyo. */
const from = '2026-01-05T01:00:00Z'
const tokyo = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 16)
const told = ({ mails }: Simulation) =>
  mails.map(({ contactId, step, at, skipped }) => `${contactId} ${step} ${tokyo(at)}${skipped === null ? '' : ` ${skipped}`}`)

test('a mail that goes out brings its reader into segments that count mail', () => {
  const mailedTwice = model.segment('mailed-twice', ({ received }) => received({ count: ['>=', 2] }))
  const course = model.scenario('course', {
    version: 1,
    enterOn: 'joined',
    exitWhen: mailedTwice,
    steps: ({ send, wait }) => [
      send('hello', hello),
      wait('a', '1 day'),
      send('nudge', nudge),
      wait('b', '5 days'),
      send('no', thanks),
    ],
  })
  const { enrolments } = course.simulate({ from, days: 10, contacts: [{ id: 'c', happenings: [{ at: from, event: 'joined' }] }] })
  expect(enrolments.map(({ state, endReason }) => [state, endReason])).toEqual([['exited', 'segment:mailed-twice']])
  const waits = model.scenario('waits', {
    version: 1,
    enterOn: 'joined',
    window: { from: '12:00', to: '20:00' },
    steps: ({ send, waitFor, sent }) => [
      send('hello', hello),
      waitFor('out', { for: [{ mail: sent('hello'), steps: [send('thanks', thanks)] }], timeout: { after: '5 days' } }),
    ],
  })
  const result = waits.simulate({ from, days: 10, contacts: [{ id: 'c', happenings: [{ at: from, event: 'joined' }] }] })
  expect(told(result)).toEqual(['c hello 2026-01-05T12:00', 'c thanks 2026-01-05T12:00'])
})

describe('who gets what when', () => {
  const scenario = model.scenario('onboarding', {
    version: 1,
    enterOn: 'joined',
    exitOn: 'order.placed',
    steps: ({ send, wait, branch, opened }) => [
      send('hello', hello),
      wait('days', { days: 3, at: '10:00' }),
      branch('read', opened('hello'), { yes: [send('thanks', thanks)], no: [send('nudge', nudge)] }),
    ],
  })

  test('people who open take another arm than people who do not, and whoever buys leaves', () => {
    const result = scenario.simulate({
      from,
      days: 10,
      contacts: ['reader', 'sleeper', 'buyer'].map((id) => ({
        id,
        happenings: [
          { at: '2026-01-05T03:00:00Z', event: 'joined' },
          ...(id === 'buyer' ? [{ at: '2026-01-06T03:00:00Z', event: 'order.placed', payload: { total: 1 } }] : []),
        ],
      })),
      reacts: ({ contactId }) => (contactId === 'reader' ? { opensAfter: '2 hours' } : undefined),
    })
    expect(told(result)).toEqual([
      'reader hello 2026-01-05T12:00',
      'reader thanks 2026-01-08T10:00',
      'sleeper hello 2026-01-05T12:00',
      'sleeper nudge 2026-01-08T10:00',
      'buyer hello 2026-01-05T12:00',
    ])
    expect(result.enrolments.map(({ contactId, state, endReason }) => [contactId, state, endReason])).toEqual([
      ['reader', 'completed', null],
      ['sleeper', 'completed', null],
      ['buyer', 'exited', 'event:order.placed'],
    ])
    expect(result.steps).toEqual({
      hello: { sent: 3, skipped: 0 },
      thanks: { sent: 1, skipped: 0 },
      nudge: { sent: 1, skipped: 0 },
    })
  })

  test('a contact of another zone is served by its own clock', () => {
    const happenings = [{ at: '2026-03-06T15:00:00Z', event: 'joined' }]
    const result = scenario.simulate({
      from: '2026-03-01T00:00:00Z',
      days: 20,
      contacts: [{ id: 'ny', timeZone: 'America/New_York', happenings }],
    })
    expect(result.mails.map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-03-06T15:00:00.000Z',
      '2026-03-09T14:00:00.000Z',
    ])
  })

  test('what happened before the start is history, and the end of the span cuts off', () => {
    const result = scenario.simulate({
      from,
      days: 1,
      contacts: [
        { id: 'old', happenings: [{ at: '2026-01-04T00:00:00Z', event: 'joined' }] },
        { id: 'new', happenings: [{ at: from, event: 'joined' }] },
      ],
    })
    expect(told(result)).toEqual(['new hello 2026-01-05T10:00'])
    expect(result.enrolments).toMatchObject([{ contactId: 'new', state: 'active', stepId: 'days' }])
  })
})

test('segments start a scenario when they are entered, and time alone takes people out of a window', () => {
  const lapsed = model.scenario('lapsed', {
    version: 1,
    enterOn: { segment: buyers, on: 'exit' },
    reentry: 'every-event',
    steps: ({ send }) => [send('nudge', nudge)],
  })
  const result = lapsed.simulate({
    from,
    days: 40,
    contacts: [{ id: 'c', happenings: [{ at: '2026-01-06T00:00:00Z', event: 'order.placed', payload: { total: 1 } }] }],
  })
  expect(told(result)).toEqual(['c nudge 2026-01-16T09:00'])
})

test('a date starts it every year, n days before', () => {
  const birthday = model.scenario('birthday', {
    version: 1,
    enterOn: { date: 'birthday', days: -7, at: '09:00', yearly: true },
    steps: ({ send }) => [send('present', present)],
  })
  const result = birthday.simulate({ from, days: 800, contacts: [{ id: 'leap', attributes: { birthday: '2000-02-29' } }] })
  expect(told(result)).toEqual([
    'leap present 2026-02-21T09:00',
    'leap present 2027-02-21T09:00',
    'leap present 2028-02-22T09:00',
  ])
})

test('who goes on to the same scenario enters it as its re-entry says', () => {
  const monthly = (reentry: 'once' | 'after-exit') =>
    model.scenario('monthly', {
      version: 1,
      enterOn: 'joined',
      reentry,
      steps: ({ send, wait, goTo }) => [send('nudge', nudge), wait('month', '1 month'), goTo('again', 'monthly')],
    })
  const sent = (reentry: 'once' | 'after-exit') => {
    const contacts = [{ id: 'c', happenings: [{ at: '2026-01-06T00:00:00Z', event: 'joined' as const }] }]
    return monthly(reentry).simulate({ from, days: 100, contacts }).mails.length
  }
  expect([sent('once'), sent('after-exit')]).toEqual([1, 4])
})

test('updates are seen by the branch after them, calls are answered, variants are counted', () => {
  const flow = model.scenario('flow', {
    version: 1,
    enterOn: 'joined',
    steps: ({ update, branch, call, split, send }) => [
      update('mark', { set: { plan: 'pro' }, add: { tags: ['seen'] } }),
      branch('pro', pros, { yes: [], no: [send('wrong', nudge)] }),
      call('crm', 'crm.tell', {}, { failed: [send('failed', thanks)] }),
      split('test', { arms: { a: { weight: 1, steps: [send('a', hello)] }, b: { weight: 1, steps: [send('b', hello)] } } }),
    ],
  })
  const contacts = Array.from({ length: 400 }, (_, index) => ({
    id: `c_${index}`,
    happenings: [{ at: from, event: 'joined' }],
  }))
  const result = flow.simulate({ from, days: 1, contacts, answers: ({ contactId }) => ({ ok: contactId !== 'c_7' }) })
  expect(result.steps).toMatchObject({ wrong: { sent: 0 }, failed: { sent: 1 } })
  const { a = 0, b = 0 } = Object.values(result.variants)[0] ?? {}
  expect(a + b).toBe(400)
  expect(a).toBeGreaterThan(140)
  expect(b).toBeGreaterThan(140)
  expect(result.steps).toMatchObject({ a: { sent: a }, b: { sent: b } })
})

test('a scenario that goes to itself at once does so twenty times, one that waits for as long as it likes', () => {
  const turn = (wait: string | null) =>
    model.scenario('turn', {
      version: 1,
      enterOn: 'joined',
      reentry: 'every-event',
      minGap: '0 hours',
      steps: (step) => [
        step.send('hello', hello),
        ...(wait === null ? [] : [step.wait('w', wait as '1 day')]),
        step.goTo('on', 'turn'),
      ],
    })
  const script = { from, days: 100, contacts: [{ id: 'c', happenings: [{ at: from, event: 'joined' }] }] }
  expect(turn(null).simulate(script).steps).toEqual({ hello: { sent: 21, skipped: 0 } })
  expect(turn('1 day').simulate(script).steps).toEqual({ hello: { sent: 100, skipped: 0 } })
})

test('any number of things may happen at one instant', () => {
  const counter = model.scenario('counter', {
    version: 1,
    enterOn: 'order.placed',
    reentry: 'every-event',
    minGap: '0 hours',
    steps: ({ send }) => [send('thanks', thanks)],
  })
  const happenings = Array.from({ length: 2_000 }, () => ({ at: from, event: 'order.placed', payload: { total: 1 } }))
  expect(counter.simulate({ from, days: 1, contacts: [{ id: 'c', happenings }] }).steps.thanks).toEqual({
    sent: 2_000,
    skipped: 0,
  })
})

test('mail that waits for a date which changes is taken back, and goes by the new one', () => {
  const reminder = model.scenario('reminder', {
    version: 1,
    enterOn: 'joined',
    window: { from: '09:00', to: '10:00' },
    steps: ({ wait, send }) => [
      wait('before', { days: -7, at: '12:00' }, { from: { attribute: 'birthday' } }),
      send('present', present),
    ],
  })
  const happenings = [
    { at: from, event: 'joined' },
    { at: '2026-01-13T06:00:00Z', attributes: { birthday: '2026-02-20' } },
  ]
  const result = reminder.simulate({
    from,
    days: 60,
    contacts: [{ id: 'c', attributes: { birthday: '2026-01-20' }, happenings }],
  })
  expect(told(result)).toEqual(['c present 2026-01-13T15:00 date-changed', 'c present 2026-02-14T09:00'])
  expect(result.enrolments.map(({ state }) => state)).toEqual(['completed'])
  const late = reminder.simulate({
    from,
    days: 60,
    contacts: [
      {
        id: 'c',
        attributes: { birthday: '2026-01-20' },
        happenings: [happenings[0], { at: '2026-01-15T00:00:00Z', attributes: { birthday: '2026-02-20' } }] as typeof happenings,
      },
    ],
  })
  expect(told(late)).toEqual(['c present 2026-01-14T09:00'])
})

test('a scenario knows itself: check, diagram and JSON are methods', () => {
  const scenario = model.scenario('short', {
    version: 1,
    enterOn: 'joined',
    steps: ({ send, wait }) => [send('hello', hello), wait('w', '1 day')],
  })
  expect(scenario.check().map(({ code }) => code)).toEqual(['wait-before-end'])
  expect(scenario.diagram()).toContain('✉ hello')
  expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario.definition)
})

test('a loop in which no time passes ends at the limit of steps', () => {
  const asking = model.scenario('asking', {
    version: 1,
    enterOn: 'joined',
    reentry: 'every-event',
    steps: (step) => [step.call('ask', 'answer'), step.goTo('on', 'asking')],
  })
  const { definition } = asking
  const endless = { ...definition, steps: { ...definition.steps, ask: { ...definition.steps.ask, next: 'ask' } } }
  const script = {
    from: Date.parse(from),
    days: 1,
    contacts: [{ id: 'c', happenings: [{ at: Date.parse(from), event: 'joined' }] }],
  }
  expect(simulateScenario(endless as ScenarioDefinition, script).enrolments).toMatchObject([
    { state: 'failed', endReason: 'step-limit' },
  ])
})

test('a click by address is none by number: which number it has is not known', () => {
  const linked = model.template('linked', {
    purpose: 'marketing',
    topic: 'news',
    subject: ({ line }) => line`案内`,
    body: ({ text, footer }) => text`https://example.jp/a\nhttps://example.jp/b\n${footer()}`,
  })
  const asks = (link: string | number) =>
    model.scenario('asks', {
      version: 1,
      enterOn: 'joined',
      steps: ({ send, wait, branch, clicked }) => [
        send('linked', linked),
        wait('w', '1 day'),
        branch('which', clicked('linked', { link }), { yes: [send('thanks', thanks)], no: [send('nudge', nudge)] }),
      ],
    })
  const after = (link: string | number) =>
    asks(link).simulate({
      from,
      days: 3,
      contacts: [{ id: 'c', happenings: [{ at: from, event: 'joined' }] }],
      reacts: ({ step }) => (step === 'linked' ? { clicksAfter: '1 hour', link: 'https://example.jp/b' } : undefined),
    }).steps
  expect(after('https://example.jp/b')).toMatchObject({ thanks: { sent: 1 } })
  expect(after(0)).toMatchObject({ thanks: { sent: 0 } })
})
