import assert from 'node:assert/strict'
import { defineModel } from '@tobiishi/core'
import * as z from 'zod'
import type { Bench } from '../lib/bench.ts'
import { figureOf, note } from '../lib/figure.ts'
import { interleave } from '../lib/interleave.ts'

const day = 86_400_000
const days = 90
/** 2026-01-05, 09:00 in Tokyo. */
const from = Date.UTC(2026, 0, 5)

const model = defineModel({
  contact: z.object({ plan: z.enum(['free', 'pro']) }),
  events: { joined: z.object({}), 'order.placed': z.object({ total: z.number() }) },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const mail = model.template('mail', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`お知らせ`,
  body: ({ text, footer }) => text`本文\n${footer()}`,
})
const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))

/** Ten steps over ninety days: mails, calendar waits, a wait for an order, a branch on an attribute and one on opens. */
const scenario = model.scenario('ninety-days', {
  version: 1,
  enterOn: 'joined',
  window: { days: 'weekdays', from: '09:00', to: '20:00' },
  steps: ({ send, wait, waitFor, branch, opened }) => [
    send('one', mail),
    wait('a', { days: 3, at: '10:00' }),
    branch('read', opened('one'), { yes: [], no: [send('again', mail)] }),
    waitFor('order', { for: [{ event: 'order.placed', steps: [send('thanks', mail)] }], timeout: { after: '14 days' } }),
    wait('b', { weeks: 3, at: '12:00' }),
    branch('plan', pros, { yes: [send('pro', mail)], no: [] }),
    wait('c', { months: 1 }),
    send('last', mail),
  ],
})

const contactsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `c_${index}`,
    attributes: { plan: index % 3 === 0 ? 'pro' : 'free' },
    happenings: [
      { at: from + (index % 30) * day + (index % 24) * 3_600_000, event: 'joined' },
      ...(index % 4 === 0 ? [{ at: from + ((index % 30) + 9) * day, event: 'order.placed', payload: { total: 1_000 } }] : []),
    ],
  }))

/**
 * Contact-days a second of a simulation in memory, 10,000 contacts through 90 days, and how it grows: against a tenth of the contacts,
 * the rate should stay the same.
 */
export const bench: Bench = async function* ({ isQuick }) {
  const many = isQuick ? 1_000 : 10_000
  const [all, tenth] = [contactsOf(many), contactsOf(many / 10)]
  const round = (contacts: ReturnType<typeof contactsOf>) => () => {
    const started = performance.now()
    const result = scenario.simulate({
      from,
      days,
      contacts,
      reacts: ({ contactId, nth }) => (contactId.endsWith('7') || nth > 2 ? undefined : { opensAfter: '1 hour' }),
    })
    const seconds = (performance.now() - started) / 1_000
    assert.equal(result.enrolments.length, contacts.length, 'not everyone entered')
    assert.ok(result.mails.length > 2 * contacts.length, 'too few mails went out')
    return (contacts.length * days) / seconds
  }
  note(`simulate: ${many} and ${many / 10} contacts, ${days} days, ${Object.keys(scenario.definition.steps).length} steps`)
  const rates = await interleave({ all: round(all), tenth: round(tenth) }, { rounds: isQuick ? 3 : 5 })
  yield figureOf({
    name: 'simulate/growth',
    better: 'higher',
    ours: rates.all,
    baseline: rates.tenth,
    unit: 'contact-days/s',
    extra: { contacts: many, days, 'seconds-for-all': Math.round(((many * days) / rates.all) * 100) / 100 },
  })
}
