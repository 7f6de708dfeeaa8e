import { describe, expect, test } from 'vitest'
import { day, hour } from '../../time/instant.ts'
import type { ScenarioDefinition, ScenarioStep } from '../scenario-definition.ts'
import type { CheckContext } from './check-context.ts'
import { checkScenario } from './check-scenario.ts'

const send = (id: string, next: string | null, change: object = {}): ScenarioStep => ({
  kind: 'send',
  id,
  template: 'news',
  props: {},
  sendWithin: day,
  late: 'skip',
  urgent: null,
  next,
  ...change,
})
const wait = (id: string, next: string | null, days = 1, at: string | null = null): ScenarioStep => ({
  kind: 'wait',
  id,
  wait: { kind: 'calendar', months: 0, weeks: 0, days, at },
  from: { kind: 'previous' },
  past: { kind: 'skip' },
  next,
})
const branch = (id: string, segment: string, yes: string | null, no: string | null): ScenarioStep => ({
  kind: 'branch',
  id,
  on: { kind: 'segment', segment },
  yes,
  no,
})

const scenario = (steps: readonly ScenarioStep[], change: Partial<ScenarioDefinition> = {}): ScenarioDefinition => ({
  format: 2,
  name: 'onboarding',
  version: 1,
  trigger: { kind: 'event', event: 'order.placed', where: null },
  exitOn: [],
  exitWhen: null,
  goal: null,
  reentry: { kind: 'once' },
  window: null,
  maxEventAge: day,
  minGap: 12 * hour,
  priority: 0,
  inFlight: 'pin',
  successors: {},
  first: steps[0]?.id ?? null,
  steps: Object.fromEntries(steps.map((step) => [step.id, step])),
  segments: {},
  ...change,
})

const codes = (definition: ScenarioDefinition, context: CheckContext = {}) =>
  checkScenario(definition, context).map(({ code, step }) => (step === null ? code : `${code} ${step}`))

const plan = (operator: '=' | '<' | '>=', value: string | number) =>
  ({ kind: 'attribute', field: 'plan', type: typeof value === 'string' ? 'string' : 'number', operator, value }) as const

describe('a scenario that is well', () => {
  test('has no findings', () => {
    expect(codes(scenario([send('a', 'b'), wait('b', 'c'), send('c', null)]))).toEqual([])
  })
})

describe('the graph', () => {
  test('a step that nothing leads to cannot be reached', () => {
    expect(codes(scenario([send('a', null), send('lost', null)]))).toEqual(['unreachable lost'])
  })
  test('a loop with a wait and no arm out of it has no way out', () => {
    expect(codes(scenario([send('a', 'b'), wait('b', 'a')]))).toEqual(['no-way-out a', 'no-way-out b'])
  })
  test('a loop that never waits is an error even where it can be left', () => {
    const definition = scenario([send('a', 'b'), branch('b', 'pro', 'a', null)], { segments: { pro: plan('=', 'pro') } })
    expect(codes(definition)).toEqual(['loop-without-wait a', 'loop-without-wait b'])
  })
  test('a loop whose waits are all shorter than a minute is an error', () => {
    const brief = { ...wait('b', 'a'), wait: { kind: 'elapsed', ms: 59_999 } } as ScenarioStep
    const definition = scenario([branch('a', 'pro', 'b', null), brief], { segments: { pro: plan('=', 'pro') } })
    expect(codes(definition)).toContain('loop-too-fast b')
  })
  test('a wait that nothing follows is worth a note', () => {
    expect(codes(scenario([send('a', 'b'), wait('b', null)]))).toEqual(['wait-before-end b'])
  })
  test('a scenario that does nothing says so', () => {
    expect(codes(scenario([wait('a', 'b'), { kind: 'end', id: 'b' }]))).toEqual(['sends-nothing'])
  })
})

describe('loops and rings', () => {
  const goTo = (id: string, to: string): ScenarioStep => ({ kind: 'go-to', id, scenario: to, event: {} })
  const every = { reentry: { kind: 'every-event' } } as const
  const elapsed = (ms: number) => ({ ...wait('w', 'again'), wait: { kind: 'elapsed', ms } }) as ScenarioStep

  test('a scenario that goes to itself without a wait sends everything at once, up to 21 times', () => {
    const steps = [send('a', 'again'), goTo('again', 'onboarding')]
    expect(codes(scenario(steps, every))).toEqual(['ring-without-wait again'])
    expect(codes(scenario(steps, { reentry: { kind: 'after-exit' } }))).toEqual(['ring-without-wait again'])
    expect(codes(scenario(steps, { reentry: { kind: 'cooldown', ms: day } }))).toEqual([])
    expect(codes(scenario(steps))).toEqual(['go-to-itself again'])
  })
  test('waits of the ring count together; one of an arm that is not needed does not', () => {
    const around = (ms: number) => scenario([send('a', 'w'), elapsed(ms), goTo('again', 'onboarding')], every)
    expect(codes(around(hour))).toEqual([])
    expect(codes(around(hour - 1))).toEqual(['ring-too-fast again'])
    const evening = scenario([send('a', 'w'), wait('w', 'again', 0, '18:00'), goTo('again', 'onboarding')], every)
    expect(codes(evening)).toEqual(['ring-too-fast again'])
    const fork = scenario([send('a', 'b'), branch('b', 'pro', 'again', 'w'), wait('w', 'again'), goTo('again', 'onboarding')], {
      ...every,
      segments: { pro: plan('=', 'pro') },
    })
    expect(codes(fork)).toEqual(['ring-without-wait again'])
  })
  test('a ring through other scenarios is found where they are known', () => {
    const own = scenario([send('a', 'out'), goTo('out', 'second')], every)
    const second = scenario([goTo('out', 'third')], { ...every, name: 'second' })
    const third = scenario([send('b', 'out'), goTo('out', 'onboarding')], { ...every, name: 'third' })
    expect(codes(own, { scenarios: [second, third] })).toEqual(['ring-without-wait out'])
    expect(codes(own, { scenarios: [second, 'third'] })).toEqual([])
    expect(codes(own, { scenarios: [second, { ...third, reentry: { kind: 'once' } }] })).toEqual([])
    expect(codes(own, { scenarios: [second, { ...third, steps: { ...third.steps, b: wait('b', 'out') } }] })).toEqual([])
    const [found] = checkScenario(own, { scenarios: [second, third] })
    expect(found?.text).toContain('onboarding → second → third → onboarding')
  })
  test('a loop whose waits may all be over at once is worth a warning', () => {
    const from = (kind: 'entry' | 'previous') => ({ ...wait('w', 'a', 3), from: { kind } }) as ScenarioStep
    const loop = (one: ScenarioStep) =>
      scenario([branch('a', 'pro', 's', null), send('s', 'w'), one], { segments: { pro: plan('=', 'pro') } })
    expect(codes(loop(from('entry')))).toEqual(['loop-may-not-wait w'])
    expect(codes(loop(wait('w', 'a', 0, '18:00')))).toEqual(['loop-may-not-wait w'])
    expect(codes(loop(from('previous')))).toEqual([])
    const behind = scenario(
      [branch('a', 'pro', 's', null), send('s', 'v'), { ...from('entry'), id: 'v', next: 'w' } as ScenarioStep, wait('w', 'a')],
      { segments: { pro: plan('=', 'pro') } },
    )
    expect(codes(behind)).toEqual(['loop-may-not-wait v'])
    const awaited = (next: string | null): ScenarioStep => ({
      kind: 'wait-for',
      id: 'w',
      arms: [{ on: { kind: 'segment', segment: 'pro' }, next }],
      since: 'entry',
      timeout: { wait: { kind: 'elapsed', ms: day }, next: 'a' },
    })
    expect(codes(loop(awaited('a')))).toEqual(['loop-floods w'])
    expect(codes(loop(awaited(null)))).toEqual([])
    const ask = { kind: 'call', id: 'ask', handler: 'h', payload: {}, waits: true, timeout: 1, attempts: 1 } as const
    const asking = (next: string) =>
      scenario([{ ...ask, next: 'a', failed: null }, branch('a', 'pro', next, null), send('s', 'ask')], {
        segments: { pro: plan('=', 'pro') },
      })
    expect(codes(asking('s'))).toEqual(['loop-floods ask'])
    expect(codes(asking('ask'))).toEqual(['unreachable s', 'loop-may-not-wait ask'])
  })
})

describe('dates', () => {
  const trigger = { kind: 'date', attribute: 'renewsOn', days: -10, at: '09:00', yearly: false, leapDay: 'feb-28' } as const
  const following = (attribute: string) =>
    ({ ...wait('w', 's', -7), from: { kind: 'attribute', attribute, type: 'date' } }) as ScenarioStep
  const renewing = (attribute: string, change: Partial<ScenarioDefinition> = {}) =>
    scenario([following(attribute), send('s', null)], { trigger, ...change })

  test('a wait that follows the date of the trigger sends twice when the date is corrected, unless nobody enters meanwhile', () => {
    expect(codes(renewing('renewsOn'))).toEqual(['date-twice w'])
    expect(codes(renewing('renewsOn', { reentry: { kind: 'every-event' } }))).toEqual(['date-twice w'])
    expect(codes(renewing('renewsOn', { reentry: { kind: 'after-exit' } }))).toEqual([])
    expect(codes(renewing('endsOn'))).toEqual([])
    expect(codes(scenario([wait('w', 's', 3), send('s', null)], { trigger }))).toEqual([])
    expect(codes(scenario([send('s', 'w'), { ...following('renewsOn'), next: null } as ScenarioStep], { trigger }))).toEqual([
      'wait-before-end w',
    ])
  })
})

describe('mail', () => {
  const templates = { news: { purpose: 'marketing', required: ['brochure'], optional: ['note'] } } as const
  const literal = { kind: 'literal', value: 'A' } as const

  test('props that are required must be filled, others must be known', () => {
    expect(codes(scenario([send('a', null)]), { templates })).toEqual(['missing-prop a'])
    expect(codes(scenario([send('a', null, { props: { brochure: literal, note: literal } })]), { templates })).toEqual([])
    expect(codes(scenario([send('a', null, { props: { brochure: literal, other: literal } })]), { templates })).toEqual([
      'unknown-prop a',
    ])
  })
  test('a template that is not there', () => {
    expect(codes(scenario([send('a', null, { template: 'gone' })]), { templates })).toEqual(['unknown-template a'])
  })
  test('marketing mail is never urgent', () => {
    const step = send('a', null, { urgent: 'outage', props: { brochure: literal } })
    expect(codes(scenario([step]), { templates })).toEqual(['urgent-marketing a'])
  })
  test('two mails with no wait between them leave at one moment', () => {
    const definition = scenario([send('a', 'b'), branch('b', 'pro', 'c', null), send('c', null)], {
      segments: { pro: plan('=', 'pro') },
    })
    expect(codes(definition)).toEqual(['mails-at-once c'])
  })
  test('nobody has opened a mail at the moment it leaves', () => {
    const asked: ScenarioStep = {
      kind: 'branch',
      id: 'read',
      on: { kind: 'mail', step: 'a', fate: 'opened', link: null },
      yes: 'done',
      no: null,
    }
    expect(codes(scenario([send('a', 'read'), asked, { kind: 'end', id: 'done' }]))).toEqual(['fate-too-early read'])
    expect(codes(scenario([send('a', 'w'), wait('w', 'read'), asked, { kind: 'end', id: 'done' }]))).toEqual([])
    expect(codes(scenario([wait('w', 'read'), asked, { kind: 'end', id: 'done' }, send('a', null)]))).toContain(
      'fate-unknown read',
    )
  })
  test('a prop that reads an event needs one', () => {
    const step = send('a', null, { props: { brochure: { kind: 'reference', scope: 'event', path: ['brochure'] } } })
    const trigger = { kind: 'date', attribute: 'birthday', days: 0, at: '09:00', yearly: true, leapDay: 'feb-28' } as const
    expect(codes(scenario([step], { trigger }))).toEqual(['no-event a'])
    const told: ScenarioStep = {
      kind: 'go-to',
      id: 'g',
      scenario: 'other',
      event: { a: { kind: 'reference', scope: 'event', path: ['a'] } },
    }
    expect(codes(scenario([told], { trigger }))).toEqual(['no-event g'])
    expect(codes(scenario([step], { trigger: null }))).toEqual([])
  })
})

describe('conditions', () => {
  test('a segment that contradicts itself has no members, one of everybody is no choice', () => {
    const steps = [branch('b', 'odd', 's', null), send('s', null)]
    const both = { kind: 'all', of: [plan('=', 'pro'), plan('=', 'free')] } as const
    const none = { kind: 'all', of: [plan('>=', 10), plan('<', 5)] } as const
    const open = { kind: 'all', of: [plan('>=', 5), plan('<', 10)] } as const
    expect(codes(scenario(steps, { segments: { odd: both } }))).toEqual(['segment-never b'])
    expect(codes(scenario(steps, { segments: { odd: none } }))).toEqual(['segment-never b'])
    expect(codes(scenario(steps, { segments: { odd: open } }))).toEqual([])
    expect(codes(scenario(steps, { segments: { odd: { kind: 'everyone' } } }))).toEqual(['segment-always b'])
    expect(codes(scenario(steps, { segments: { odd: { kind: 'not', of: { kind: 'everyone' } } } }))).toEqual(['segment-never b'])
  })
  test('counts of one event contradict each other, of two windows they do not', () => {
    const did = (operator: '>=' | '<=', value: number, within?: number) =>
      ({ kind: 'event', event: 'order.placed', count: { operator, value }, ...(within === undefined ? {} : { within }) }) as const
    const steps = [branch('b', 'odd', 's', null), send('s', null)]
    const of = (...parts: readonly ReturnType<typeof did>[]) => ({ segments: { odd: { kind: 'all', of: parts } as const } })
    expect(codes(scenario(steps, of(did('>=', 2), did('<=', 1))))).toEqual(['segment-never b'])
    expect(codes(scenario(steps, of(did('>=', 2), did('<=', 1, day))))).toEqual([])
  })
  test('what starts a scenario must not end it', () => {
    expect(codes(scenario([send('a', null)], { exitOn: ['order.placed'] }))).toEqual(['exits-at-entry'])
    expect(codes(scenario([send('a', null)], { goal: { kind: 'event', event: 'order.placed', where: null } }))).toEqual([
      'exits-at-entry',
    ])
    const bigger = { kind: 'event', event: 'order.placed', where: plan('>=', 10) } as const
    expect(codes(scenario([send('a', null)], { goal: bigger }))).toEqual([])
  })
  test('an awaited event that ends the scenario never reaches its arm', () => {
    const awaited: ScenarioStep = {
      kind: 'wait-for',
      id: 'w',
      arms: [{ on: { kind: 'event', event: 'reply', where: null }, next: 's' }],
      since: 'entry',
      timeout: { wait: { kind: 'elapsed', ms: day }, next: 's' },
    }
    expect(codes(scenario([awaited, send('s', null)], { exitOn: ['reply'] }))).toEqual(['arm-shadowed w'])
  })
  test('successors must be steps', () => {
    expect(codes(scenario([send('a', null)], { successors: { old: 'gone', a: null } }))).toEqual([
      'successor-unknown old',
      'successor-unused a',
    ])
  })
})

describe('time', () => {
  const office = { days: 'any', from: '09:00', to: '20:00' } as const
  test('a window inside the quiet hours never opens', () => {
    const night = { days: 'any', from: '22:00', to: '06:00' } as const
    expect(codes(scenario([send('a', null)], { window: night }), { quietHours: { from: '21:00', to: '08:00' } })).toEqual([
      'window-never-opens',
    ])
    expect(codes(scenario([send('a', null)], { window: office }), { quietHours: { from: '21:00', to: '10:00' } })).toEqual([])
    const templates = { news: { purpose: 'transactional', required: [], optional: [] } } as const
    const notice = scenario([send('a', null)], { window: night })
    expect(codes(notice, { quietHours: { from: '21:00', to: '08:00' }, templates })).toEqual([])
  })
  test('a wait until a time outside of the window says when the mail really leaves', () => {
    const steps = [wait('w', 's', 1, '07:00'), send('s', null)]
    expect(codes(scenario(steps, { window: office }))).toEqual(['outside-window w'])
    expect(codes(scenario([wait('w', 's', 1, '09:00'), send('s', null)], { window: office }))).toEqual([])
    const awaited = (at: string): ScenarioStep => ({
      kind: 'wait-for',
      id: 'w',
      arms: [{ on: { kind: 'event', event: 'reply', where: null }, next: null }],
      since: 'entry',
      timeout: { wait: { kind: 'calendar', months: 0, weeks: 0, days: 1, at }, next: 's' },
    })
    expect(codes(scenario([awaited('20:00'), send('s', null)], { window: office }))).toEqual(['outside-window w'])
    expect(codes(scenario([awaited('19:59'), send('s', null)], { window: office }))).toEqual([])
  })
  test('more mails a day than the cap lets through', () => {
    const caps = [{ name: 'daily', per: 'day', limit: 1, policy: 'skip' }] as const
    expect(codes(scenario([send('a', 'w'), wait('w', 'b', 0, '18:00'), send('b', null)]), { caps })).toEqual(['over-cap'])
    expect(codes(scenario([send('a', 'w'), wait('w', 'b', 1), send('b', null)]), { caps })).toEqual([])
    const templates = { news: { purpose: 'transactional', required: [], optional: [] } } as const
    const notices = scenario([send('a', 'w'), wait('w', 'b', 0, '18:00'), send('b', null)])
    expect(codes(notices, { caps, templates })).toEqual([])
  })
})

describe('caps', () => {
  const office = { days: 'any', from: '09:00', to: '20:00' } as const
  const night = { from: '21:00', to: '08:00' }
  const templates = {
    news: { purpose: 'marketing', topic: 'guide', required: [], optional: [] },
    notice: { purpose: 'transactional', topic: null, required: [], optional: [] },
  } as const
  const weekly = { name: 'weekly', per: 'week', limit: 3 } as const
  const plain = scenario([send('a', null)])

  test('mail that is put off goes at midnight where neither window nor quiet hours keep it', () => {
    expect(codes(plain, { caps: [weekly] })).toEqual(['cap-at-midnight'])
    expect(codes(plain, { caps: [weekly], quietHours: { from: '12:00', to: '13:00' } })).toEqual(['cap-at-midnight'])
    expect(codes(plain, { caps: [weekly], quietHours: night })).toEqual([])
    expect(codes(scenario([send('a', null)], { window: office }), { caps: [weekly] })).toEqual([])
    expect(codes(plain, { caps: [{ ...weekly, policy: 'skip' }] })).toEqual([])
    expect(codes(plain, { caps: [{ ...weekly, policy: 'advance' }] })).toEqual([])
  })
  test('mail counts where the cap counts it: marketing of its topic', () => {
    const caps = [{ ...weekly, topic: 'guide' }]
    expect(codes(plain, { caps, templates })).toEqual(['cap-at-midnight'])
    expect(codes(plain, { caps: [{ ...weekly, topic: 'other' }], templates })).toEqual([])
    expect(codes(scenario([send('a', null, { template: 'notice' })]), { caps: [weekly], templates })).toEqual([])
    const daily = { name: 'daily', per: 'day', limit: 1, topic: 'other', policy: 'skip' } as const
    const two = scenario([send('a', 'w'), wait('w', 'b', 0, '18:00'), send('b', null)])
    expect(codes(two, { caps: [daily], templates })).toEqual([])
    expect(codes(two, { caps: [{ ...daily, topic: 'guide' }], templates })).toEqual(['over-cap'])
  })
})

test('findings are read in Japanese too, errors first', () => {
  const found = checkScenario(scenario([send('a', 'w'), wait('w', null), send('lost', null)]), {}, 'ja')
  expect(found.map(({ level, text }) => `${level}: ${text}`)).toEqual([
    'error: ステップ「lost」には到達できません。',
    'note: ステップ「w」の待機の後に何もありません。',
  ])
})
