import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { isJapanese } from '../../test/english-in.ts'
import { readProblem } from '../domain/scenario/parse/tell-problem.ts'
import { parseScenario } from '../domain/scenario/parse-scenario.ts'
import { checkDefinitionAgainst, defineModel, or } from './index.ts'

const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']).optional(),
    tags: z.array(z.string().min(2)).optional(),
    visits: z.array(z.iso.datetime()).optional(),
    birthday: z.iso.date().optional(),
    renewsAt: z.iso.datetime({ offset: true }).optional(),
  }),
  events: {
    bought: z.object({ total: z.number(), note: z.string().optional(), currency: z.string().default('JPY') }),
    visited: z.object({}),
  },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const news = model.template('news', {
  purpose: 'marketing',
  topic: 'news',
  subject: ({ line }) => line`件名`,
  body: ({ text, footer }) => text`${footer()}`,
})
const receipt = model.template('receipt', {
  purpose: 'transactional',
  props: z.object({ total: z.number(), note: z.string(), unit: z.string().default('円'), kind: z.enum(['a', 'b']).optional() }),
  subject: ({ line }) => line`件名`,
  body: ({ text }) => text`本文`,
})
const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))

const scenario = model.scenario('after-purchase', {
  version: 1,
  enterOn: { event: 'bought', where: (order) => order('total', '>', 0) },
  exitOn: 'visited',
  goal: { event: 'bought', where: (order) => order('total', '>', 1_000) },
  steps: ({ send, wait, waitFor, branch, update, call, goTo, event }) => [
    send('thanks', receipt, { total: event.total, note: or(event.note, 'なし') }, { urgent: 'お取引のご連絡' }),
    send('ad', news),
    wait('before', { days: -7 }, { from: { attribute: 'birthday' } }),
    wait('after', '1 day', { from: { event: 'visited' } }),
    waitFor('again', { for: [{ event: 'bought', where: (order) => order('total', '>=', 1) }], timeout: { after: '3 days' } }),
    branch('pro', pros, { yes: [send('pro-ad', news)] }),
    update('tag', { set: { plan: 'pro' }, add: { tags: ['buyer'] } }),
    call('note', 'crm', { total: event.total, currency: event.currency }),
    goTo('next', 'other', { total: event.total }),
  ],
})

type Doc = { [key: string]: unknown }
const copy = (): { steps: { [id: string]: Doc }; [key: string]: unknown } => JSON.parse(JSON.stringify(scenario))

/** What the model says of the scenario above with changed parts; steps are merged into theirs. */
const check = (own: Doc, steps: { readonly [id: string]: Doc } = {}) => {
  const json = copy()
  const merged = Object.entries(steps).map(([id, change]) => [id, { ...json.steps[id], ...change }])
  const parsed = parseScenario({ ...json, ...own, steps: { ...json.steps, ...Object.fromEntries(merged) } })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const found = checkDefinitionAgainst(parsed.definition, { model, templates: [news, receipt], handlers: ['crm'] })
  for (const { code, problem } of found) {
    expect(code).not.toBe('unfit')
    expect(readProblem(problem).ja).toSatisfy(isJapanese)
  }
  return found.map(({ path, problem }) => `${path}: ${problem}`)
}
const event = (...path: string[]) => ({ kind: 'reference', scope: 'event', path })
const literal = (value: unknown) => ({ kind: 'literal', value })
const leaf = { kind: 'attribute', field: 'colour', type: 'string', operator: 'isSet' }

describe('checkDefinitionAgainst', () => {
  it('finds nothing in a scenario of this model', () => {
    expect(check({})).toEqual([])
  })

  it('takes a prop that is left out where it has a default or may be missing', () => {
    expect(check({}, { thanks: { props: { total: literal(1), note: literal('x') } } })).toEqual([])
    expect(check({}, { thanks: { props: { total: literal(1), note: literal('x'), unit: event('note') } } })).toEqual([])
  })

  it.each<[string, Doc, readonly unknown[]]>([
    ['a trigger', { trigger: { kind: 'event', event: 'sold', where: null } }, ['trigger.event: the model has no event "sold".']],
    [
      'a payload condition',
      { trigger: { kind: 'event', event: 'bought', where: leaf } },
      ['trigger.where: the model has no string "colour". Was the segment made by another model?'],
    ],
    ['an exit', { exitOn: ['visited', 'sold'] }, ['exitOn[1]: the model has no event "sold".']],
    ['a goal', { goal: { kind: 'event', event: 'sold', where: leaf } }, ['goal.event: the model has no event "sold".']],
    [
      'a goal by its payload',
      { goal: { kind: 'event', event: 'bought', where: leaf } },
      [expect.stringMatching(/^goal\.where: the model has no string "colour"/)],
    ],
    ['a segment', { segments: { pros: leaf } }, [expect.stringMatching(/^segments\.pros: the model has no string "colour"/)]],
  ])('names %s that the model does not know', (_, change, problems) => {
    expect(check(change).filter((one) => !one.startsWith('steps'))).toEqual(problems)
  })

  it('names elements that a list never has', () => {
    const ask = (field: string, operator: string, value?: unknown) => {
      const node = { kind: 'attribute', field, type: 'list', operator, ...(value === undefined ? {} : { value }) }
      return check({ segments: { pros: node } }).filter((one) => !one.startsWith('steps'))
    }
    expect([ask('tags', 'hasAny', ['aa', 'bb']), ask('tags', 'isEmpty'), ask('visits', 'isEmpty')]).toEqual([[], [], []])
    expect(ask('tags', 'hasAll', ['aa', 1])).toEqual(['segments.pros: "tags" is a list of strings and never holds a number.'])
    expect(ask('visits', 'has', '2026-01-01T00:00:00Z')).toEqual([
      'segments.pros: what "visits" holds cannot be asked: it is a list of instants.',
    ])
  })

  it('names a date that the model does not know', () => {
    const trigger = (attribute: string) => ({ kind: 'date', attribute, days: 0, at: '09:00', yearly: true, leapDay: 'feb-28' })
    const own = (attribute: string) => check({ trigger: trigger(attribute) }).filter((one) => one.startsWith('trigger'))
    expect(own('birthday')).toEqual([])
    expect(own('renewsAt')).toEqual(['trigger.attribute: the model has no date "renewsAt".'])
    expect(own('wedding')).toEqual(['trigger.attribute: the model has no date "wedding".'])
  })

  it('knows no payload where no event starts it', () => {
    expect(check({ trigger: null })).toEqual([
      'steps.thanks.props.total: event.total does not exist.',
      'steps.thanks.props.note: event.note does not exist.',
      'steps.note.payload.total: event.total does not exist.',
      'steps.note.payload.currency: event.currency does not exist.',
      'steps.next.event.total: event.total does not exist.',
    ])
  })

  it.each<[string, { readonly [id: string]: Doc }, readonly unknown[]]>([
    ['no such template', { ad: { template: 'gone' } }, ['steps.ad.template: there is no template "gone".']],
    [
      'an urgent ad',
      { ad: { urgent: 'we want to' } },
      ['steps.ad.urgent: template "news" is marketing, and no marketing is urgent.'],
    ],
    [
      'a prop that the template lacks',
      { ad: { props: { colour: literal('red') } } },
      ['steps.ad.props.colour: template "news" has no such prop.'],
    ],
    [
      'every prop that is wrong',
      { thanks: { props: { total: literal('1'), kind: literal('c'), unit: literal(1) } } },
      [
        'steps.thanks.props.total: must be a number, got "1" (template "receipt").',
        'steps.thanks.props.note: is required (template "receipt").',
        'steps.thanks.props.unit: must be a text, got 1 (template "receipt").',
        'steps.thanks.props.kind: must be one of "a", "b", got "c" (template "receipt").',
      ],
    ],
    [
      'references that do not fit',
      { thanks: { props: { total: event('note'), note: event('note'), kind: event('currency') } } },
      [
        'steps.thanks.props.total: event.note does not fit.',
        'steps.thanks.props.note: event.note can be missing, this cannot. Give it a fallback: or(event.note, …).',
        'steps.thanks.props.kind: event.currency does not fit.',
      ],
    ],
    [
      'a fallback of another type',
      { thanks: { props: { total: { kind: 'or', value: event('total'), fallback: literal('none') }, note: literal('x') } } },
      ['steps.thanks.props.total: the fallback of event.total must be a number too.'],
    ],
    [
      'the whole payload as a value',
      { note: { payload: { all: event('total', 'x'), is: { kind: 'eq', left: literal(1), right: literal(1) } } } },
      [
        'steps.note.payload.all: event.total.x does not exist.',
        expect.stringMatching(/^steps\.note\.payload\.is: expected a reference/),
      ],
    ],
    ['no such handler', { note: { handler: 'gone' } }, ['steps.note.handler: there is no handler "gone".']],
    [
      'a payload for another scenario',
      { next: { event: { sum: event('sum') } } },
      ['steps.next.event.sum: event.sum does not exist.'],
    ],
    [
      'an anchor that is no date',
      { before: { from: { kind: 'attribute', attribute: 'birthday', type: 'instant' } } },
      ['steps.before.from.attribute: the model has no instant "birthday".'],
    ],
    [
      'an anchor that is no event',
      { after: { from: { kind: 'event', event: 'sold' } } },
      ['steps.after.from.event: the model has no event "sold".'],
    ],
    [
      'a wait for no event',
      { again: { arms: [{ on: { kind: 'event', event: 'sold', where: null }, next: null }] } },
      ['steps.again.arms[0].on.event: the model has no event "sold".'],
    ],
    [
      'attributes that the model lacks, and values that they cannot have',
      { tag: { set: { colour: null, plan: literal('gold') }, add: { tags: ['x'] }, remove: { size: [1] } } },
      [
        'steps.tag.set.colour: the model has no attribute "colour".',
        expect.stringMatching(/^steps\.tag\.set\.plan: must be one of "free", "pro", got "gold"/),
        'steps.tag.add.tags: must be a text of 2 or more characters, got "x" (the model).',
        'steps.tag.remove.size: the model has no attribute "size".',
      ],
    ],
    [
      'a tag for what is no list',
      { tag: { set: {}, add: { plan: ['pro'] } } },
      ['steps.tag.add.plan: is no list, so nothing can be added or removed. Use set.'],
    ],
  ])('names %s', (_, steps, problems) => {
    expect(check({}, steps)).toEqual(problems)
  })

  it('looks at handlers only where they are given', () => {
    expect(checkDefinitionAgainst(scenario.definition, { model, templates: [news, receipt], handlers: [] })).toEqual([
      { path: 'steps.note.handler', code: 'unknown-handler', problem: 'there is no handler "crm".' },
    ])
    expect(checkDefinitionAgainst(scenario.definition, { model, templates: [news, receipt] })).toEqual([])
  })
})
