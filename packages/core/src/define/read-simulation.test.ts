import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { mostLinks } from './declared-links.ts'
import { defineModel, type SimulateOptions } from './index.ts'

const model = defineModel({
  contact: z.object({ plan: z.enum(['free', 'pro']).optional(), seenAt: z.iso.datetime({ offset: true }).optional() }),
  events: { joined: z.object({ from: z.string().default('form') }), bought: z.object({ total: z.number() }) },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const plain = model.template('plain', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`件名`,
  body: ({ text, footer }) => text`https://example.jp/beans\n${footer()}`,
})
const named = model.template('named', {
  purpose: 'marketing',
  topic: 'news',
  props: z.object({ slug: z.string() }),
  subject: ({ line }) => line`件名`,
  body: ({ props, text, footer }) => text`https://example.jp/${props.slug}\n${footer()}`,
})
const scenario = model.scenario('s', {
  version: 1,
  enterOn: 'joined',
  steps: ({ send, wait, call, branch, clicked }) => [
    send('a', plain),
    wait('w', '1 day'),
    branch('beans', clicked('a', { link: 'https://example.jp/beans' }), { yes: [send('b', named, { slug: 'x' })] }),
    call('c', 'crm'),
  ],
})
const from = '2026-01-05T01:00:00Z'
const joined = { at: from, event: 'joined' }
const simulate = (options: object) =>
  scenario.simulate({ from, days: 3, contacts: [{ id: 'c', happenings: [joined] }], ...options } as SimulateOptions)
const happening = (one: object) => ({ contacts: [{ id: 'c' }, { id: 'd', happenings: [joined, one] }] })
const refusal = (options: object) => {
  try {
    simulate(options)
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: { path: string } }
    expect(message.startsWith(`${details.path}: `)).toBe(true)
    return `${code} ${message}`
  }
  return 'nothing'
}

describe('what a simulation refuses', () => {
  it.each<[object, string]>([
    [{ days: 0 }, 'definition.invalid days: must be a whole number from 1 to 36525, got 0.'],
    [{ days: -1 }, 'definition.invalid days: '],
    [{ days: 1.5 }, 'definition.invalid days: '],
    [{ days: '30 days' }, 'definition.invalid days: '],
    [{ days: undefined }, 'definition.invalid days: '],
    [{ day: 3 }, 'definition.invalid simulate.day: is not known here (did you mean days?)'],
    [{ from: '2026-01-05' }, 'time.invalid from: must be an instant'],
    [{ timeZone: 'Tokyo' }, 'time.invalid timeZone: '],
    [{ quietHours: { from: '21', to: '08:00' } }, 'definition.invalid quietHours.from: '],
    [{ isHoliday: true }, 'definition.invalid isHoliday: must be a function'],
    [{ contacts: 3 }, 'definition.invalid contacts: must be a list of contacts, got 3.'],
    [{ contacts: [{}] }, 'definition.invalid contacts[0].id: '],
    [{ contacts: [{ id: 'c' }, { id: 'c' }] }, 'definition.invalid contacts[1].id: another contact'],
    [{ contacts: [{ id: 'c', timeZone: 'x' }] }, 'time.invalid contacts[0].timeZone: '],
    [
      { contacts: [{ id: 'c', attribute: {} }] },
      'definition.invalid contacts[0].attribute: is not known here (did you mean attributes?)',
    ],
    [
      { contacts: [{ id: 'c', attributes: { colour: 1 } }] },
      'contact.invalid_attributes contacts[0].attributes: the model has no attribute "colour".',
    ],
    [{ contacts: [{ id: 'c', attributes: { plan: 'gold' } }] }, 'contact.invalid_attributes contacts[0].attributes.plan: '],
    [
      happening({ at: from, event: 'jioned' }),
      'event.unknown contacts[1].happenings[1].event: the model has no event "jioned" (did you mean "joined"?).',
    ],
    [happening({ at: from, event: 'bought' }), 'event.invalid_payload contacts[1].happenings[1].payload.total: '],
    [
      happening({ at: from, event: 'bought', payload: { total: '3' } }),
      'event.invalid_payload contacts[1].happenings[1].payload.total: ',
    ],
    [
      happening({ at: from, event: 'bought', payload: { total: 3, tax: 1 } }),
      'event.invalid_payload contacts[1].happenings[1].payload: ',
    ],
    [happening({ at: from, attributes: { plan: 1 } }), 'contact.invalid_attributes contacts[1].happenings[1].attributes.plan: '],
    [happening({ at: from, attributes: {}, event: 'joined' }), 'definition.invalid contacts[1].happenings[1].event: '],
    [happening({ at: from }), 'definition.invalid contacts[1].happenings[1].event: must be the name of an event'],
    [happening({ at: 'soon', event: 'joined' }), 'time.invalid contacts[1].happenings[1].at: '],
    [
      happening({ at: from, enrol: { step: 'z' } }),
      'definition.unknown_reference contacts[1].happenings[1].enrol.step: must be one of the steps a, w',
    ],
    [
      happening({ at: from, enrol: { event: { from: 1 } } }),
      'event.invalid_payload contacts[1].happenings[1].enrol.event.from: ',
    ],
    [{ reacts: () => ({ opens: '1 hour' }) }, 'definition.invalid reacts to the mail of step "a".opens: is not known here'],
    [{ reacts: () => ({ opensAfter: 'soon' }) }, 'definition.invalid reacts to the mail of step "a".opensAfter: must be a span'],
    [{ reacts: () => ({ link: 1 }) }, 'definition.invalid reacts to the mail of step "a".link: only counts with clicksAfter.'],
    [
      { reacts: () => ({ clicksAfter: '1 hour', link: -1 }) },
      'definition.invalid reacts to the mail of step "a".link: must be the address',
    ],
    [
      { reacts: () => ({ clicksAfter: '1 hour', link: 'https://example.jp/tea' }) },
      'definition.unknown_reference reacts to the mail of step "a".link: template "plain" has no link',
    ],
    [
      { reacts: () => ({ clicksAfter: '1 hour', link: 1 }) },
      'definition.unknown_reference reacts to the mail of step "a".link: template "plain" has no link 1: it has no more than 1, counted from 0.',
    ],
    [{ reacts: () => ({ opensAfter: '1 hour', bounces: true }) }, 'definition.invalid reacts to the mail of step "a".bounces: '],
    [{ answers: () => ({ ok: 'yes' }) }, 'definition.invalid answers to the call of step "c".ok: '],
    [{ answers: () => ({ ok: true, after: -1 }) }, 'definition.invalid answers to the call of step "c".after: '],
  ])('%j', (options, message) => {
    expect(refusal(options)).toContain(message)
  })

  it('no options at all', () => {
    expect(() => scenario.simulate(undefined as never)).toThrow('simulate: must be an object')
  })
})

it('refuses an entry by hand without the event that a step reads', () => {
  const reading = model.scenario('r', {
    version: 1,
    enterOn: 'bought',
    steps: ({ call, event }) => [call('c', 'crm', { total: event.total })],
  })
  const enrol = (one: object) =>
    reading.simulate({ from, days: 1, contacts: [{ id: 'c', happenings: [{ at: from, enrol: one }] }] })
  expect(() => enrol({})).toThrow('contacts[0].happenings[0].enrol.event: is missing: step "c" reads it.')
  expect(enrol({ event: { total: 1 } }).enrolments).toMatchObject([{ state: 'completed' }])
})

describe('numbers of links', () => {
  const most = (define: Partial<Parameters<typeof model.template>[1]>) =>
    mostLinks(
      model.template('t', {
        purpose: 'transactional',
        props: z.object({ slug: z.string(), slugs: z.array(z.string()) }),
        subject: ({ line }) => line`件名`,
        body: ({ text }) => text`本文`,
        ...define,
      } as Parameters<typeof model.template>[1]),
    )

  it('are those of the prepared mail', () => {
    expect(most({})).toBe(0)
    expect(most({ body: ({ text }) => text`https://a.jp, https://a.jp. http://b.jp/` })).toBe(2)
    expect(most({ body: ({ text, unsubscribeUrl, footer }) => text`https://a.jp\n${unsubscribeUrl}\n${footer()}` })).toBe(1)
  })

  it('are at least those of markup', () => {
    expect(most({ body: ({ mjml }) => mjml`<mj-section><mj-column><mj-text>本文</mj-text></mj-column></mj-section>` })).toBe(0)
    expect(most({ body: ({ mjml }) => mjml`<mj-button href="https://a.jp">A</mj-button>` })).toBe(1)
    expect(most({ body: ({ mjml }) => mjml`<mj-social-element href="https://a.jp">A</mj-social-element>` })).toBe(2)
    expect(
      most({ body: ({ mjml }) => mjml`<mj-button href="https://a.jp">A</mj-button>`, text: ({ text }) => text`https://b.jp` }),
    ).toBe(2)
    expect(most({ body: ({ mjml }) => mjml`<my-card />` })).toBe(Number.POSITIVE_INFINITY)
    expect(most({ body: ({ mjml }) => mjml`<mj-attributes />` })).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('what a simulation takes', () => {
  it('the first link where none is named', () => {
    const first = model.scenario('first', {
      version: 1,
      steps: ({ send, wait, branch, clicked }) => [
        send('a', plain),
        wait('w', '1 day'),
        branch('is-first', clicked('a', { link: 0 }), { yes: [send('b', plain)] }),
      ],
    })
    const contacts = [{ id: 'c', happenings: [{ at: from, enrol: {} }] }]
    const reacts = () => ({ clicksAfter: '1 hour' }) as const
    expect(first.simulate({ from, days: 3, contacts, reacts }).steps).toMatchObject({ b: { sent: 1 } })
  })

  it('links as the template has them, and addresses into which a value is put', () => {
    const reacts = ({ step }: { step: string }) =>
      ({ clicksAfter: '1 hour', link: step === 'a' ? 'https://example.jp/beans' : 'https://example.jp/x' }) as const
    expect(simulate({ reacts }).steps).toEqual({ a: { sent: 1, skipped: 0 }, b: { sent: 1, skipped: 0 } })
  })

  it('defaults of the model, instants in any zone, attributes that are cleared, and contacts that come one by one', () => {
    function* contacts() {
      yield {
        id: 'c',
        attributes: { plan: 'pro', seenAt: '2026-01-05T10:00:00+09:00' },
        happenings: [{ at: from, attributes: { plan: null } }, joined],
      }
    }
    expect(simulate({ contacts: contacts() }).enrolments).toHaveLength(1)
  })
})
