import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { isJapanese } from '../../../test/english-in.ts'
import { day, hour } from '../time/instant.ts'
import { type DefinitionProblem, parseScenario } from './parse-scenario.ts'
import { scenarioSchema } from './scenario-json-schema.ts'

type Doc = { [key: string]: unknown }

/** A scenario as an editor writes it, with every kind of step. */
const written = (): { steps: { [id: string]: Doc }; [key: string]: unknown } => ({
  format: 2,
  name: 'onboarding',
  version: 1,
  trigger: { kind: 'event', event: 'requested', where: null },
  exitOn: ['bought'],
  exitWhen: 'pros',
  goal: { kind: 'segment', segment: 'pros' },
  reentry: { kind: 'once' },
  window: { days: 'business', from: '09:00', to: '20:00' },
  maxEventAge: day,
  minGap: 12 * hour,
  priority: 0,
  inFlight: 'migrate',
  successors: { old: 'hello' },
  first: 'hello',
  steps: {
    hello: {
      kind: 'send',
      id: 'hello',
      template: 'hello',
      props: { brochure: { kind: 'reference', scope: 'event', path: ['brochure'] } },
      sendWithin: day,
      late: 'skip',
      urgent: null,
      next: 'settle',
    },
    settle: {
      kind: 'wait',
      id: 'settle',
      wait: { kind: 'calendar', months: 0, weeks: 0, days: 3, at: '10:00' },
      from: { kind: 'previous' },
      past: { kind: 'skip' },
      next: 'order',
    },
    order: {
      kind: 'wait-for',
      id: 'order',
      arms: [{ on: { kind: 'event', event: 'bought', where: null }, next: 'share' }],
      since: 'entry',
      timeout: { wait: { kind: 'elapsed', ms: hour }, next: 'read' },
    },
    read: {
      kind: 'branch',
      id: 'read',
      on: { kind: 'mail', step: 'hello', fate: 'clicked', link: 2 },
      yes: 'share',
      no: null,
    },
    share: {
      kind: 'split',
      id: 'share',
      experiment: 'onboarding:share',
      arms: [
        { name: 'a', weight: 1, next: 'note' },
        { name: 'b', weight: 1, next: 'tag' },
      ],
      holdout: { weight: 1, until: 'tag' },
    },
    note: {
      kind: 'call',
      id: 'note',
      handler: 'crm',
      payload: {},
      waits: true,
      timeout: 30_000,
      attempts: 8,
      next: 'tag',
      failed: null,
    },
    tag: { kind: 'update', id: 'tag', set: {}, add: { tags: ['new'] }, remove: {}, next: 'other' },
    other: { kind: 'go-to', id: 'other', scenario: 'after', event: {} },
    stop: { kind: 'end', id: 'stop' },
  },
  segments: { pros: { kind: 'attribute', field: 'plan', type: 'string', operator: '=', value: 'pro' } },
})

/** Every problem has a code of its own and is told in Japanese throughout. */
const expectJapanese = (json: unknown, problems: readonly DefinitionProblem[]) => {
  const told = parseScenario(json, { language: 'ja' })
  if (told.ok) throw new Error('was taken')
  expect(told.problems.map(({ path, code }) => [path, code])).toEqual(problems.map(({ path, code }) => [path, code]))
  for (const { code, problem } of told.problems) {
    expect(code).not.toBe('unfit')
    expect(problem).toSatisfy(isJapanese)
  }
}

const problemsOf = (json: unknown): readonly string[] => {
  const result = parseScenario(json)
  if (!result.ok) expectJapanese(json, result.problems)
  return result.ok ? [] : result.problems.map(({ path, problem }) => `${path}: ${problem}`)
}

/** The problems of the scenario above with changed parts; steps are merged into theirs. */
const changed = (own: Doc, steps: { readonly [id: string]: Doc } = {}) => {
  const json = written()
  const merged = Object.entries(steps).map(([id, change]) => [id, { ...json.steps[id], ...change }])
  return problemsOf({ ...json, ...own, steps: { ...json.steps, ...Object.fromEntries(merged) } })
}

describe('parseScenario', () => {
  it('answers the definition, equal to the JSON', () => {
    expect(parseScenario(written())).toEqual({ ok: true, definition: written() })
  })

  it.each<[string, Doc, readonly unknown[]]>([
    ['a format of tomorrow', { format: 3 }, ['format: 3 is not a format that this version of Tobiishi reads.']],
    [
      'no format',
      { format: undefined },
      ['format: must be JSON: a text, a number, true, false, null, a list or a plain object.'],
    ],
    ['a text as format', { format: '2' }, ['format: must be 2, got "2".']],
    [
      'a name of blanks',
      { name: ' x' },
      ['name: a name has 1 to 100 letters, digits or . _ : - and starts with a letter or digit.'],
    ],
    ['version 0', { version: 0 }, ['version: must be at least 1, got 0.']],
    ['a version that PostgreSQL cannot keep', { version: 2 ** 31 }, ['version: must be at most 2147483647, got 2147483648.']],
    [
      'a trigger of no kind',
      { trigger: { kind: 'weather' } },
      ['trigger.kind: must be one of "event", "segment", "date", got "weather".'],
    ],
    [
      'a condition over the contact in a payload',
      { trigger: { kind: 'event', event: 'requested', where: { kind: 'everyone' } } },
      [expect.stringMatching(/^trigger\.where\.kind: must be one of .*, got "everyone"/)],
    ],
    [
      'an operator that a payload field has not',
      {
        goal: { kind: 'event', event: 'bought', where: { kind: 'attribute', field: 'a', type: 'list', operator: '<', value: 1 } },
      },
      ['goal.where.operator: < is not for a list.'],
    ],
    ['a segment that is not there', { exitWhen: 'gold' }, ['exitWhen: there is no segment "gold".']],
    [
      'a goal in no segment',
      { goal: { kind: 'segment', segment: 'toString' } },
      ['goal.segment: there is no segment "toString".'],
    ],
    [
      'a trigger by no segment',
      { trigger: { kind: 'segment', segment: 'gold', on: 'entry' } },
      ['trigger.segment: there is no segment "gold".'],
    ],
    ['an event named twice', { exitOn: ['bought', 'bought'] }, ['exitOn: names an event twice.']],
    [
      'a window that never opens',
      { window: { days: 'any', from: '09:00', to: '09:00' } },
      ['window: from and to are the same, so it would never open.'],
    ],
    [
      'times that no clock shows',
      { window: { days: 'any', from: '24:00', to: '24:01' } },
      [
        'window.from: must be a time of day such as 09:00, from 00:00 to 23:59.',
        'window.to: must be a time of day such as 20:00, from 00:00 to 24:00.',
      ],
    ],
    ['no time at all', { maxEventAge: 0 }, ['maxEventAge: must be a length of time in milliseconds, from 1.']],
    ['half a millisecond', { minGap: 0.5 }, ['minGap: must be a whole number of milliseconds (a day is 86400000), got 0.5.']],
    [
      'longer than anything lives',
      { reentry: { kind: 'cooldown', ms: 1e15 } },
      ['reentry.ms: must be at most 100,000 days (8640000000000 milliseconds).'],
    ],
    ['a first step that is not there', { first: 'constructor' }, ['first: there is no step "constructor".']],
    ['no first step', { first: null }, ['first: must be the id of the first step, got null.']],
    ['successors that do not count', { inFlight: 'pin' }, ["successors: only count with inFlight 'migrate'."]],
    ['a successor that is not there', { successors: { old: 'x' } }, ['successors.old: there is no step "x".']],
    [
      'a successor of a step that is there',
      { successors: { settle: 'hello' } },
      ['successors.settle: is a step of this version, so nobody has to leave it.'],
    ],
    [
      'a segment tree that is none',
      { segments: { pros: { kind: 'all', of: [{ kind: 'some' }] } } },
      [expect.stringMatching(/^segments\.pros\.of\[0\]\.kind: must be one of .*, got "some"/)],
    ],
    [
      'a wrong operand in a segment',
      { segments: { pros: { kind: 'attribute', field: 'n', type: 'number', operator: '=', value: 'x' } } },
      ['segments.pros.value: must be a number, got "x".'],
    ],
    ['a key of tomorrow', { colour: 'red' }, ['colour: is not known here.']],
  ])('refuses %s', (_, change, problems) => {
    expect(changed(change)).toEqual(problems)
  })

  it.each<[string, { readonly [id: string]: Doc }, readonly unknown[]]>([
    ['an arrow to nowhere', { hello: { next: 'x' } }, ['steps.hello.next: there is no step "x".']],
    [
      'every arrow to nowhere',
      { read: { yes: 'x', no: 'y' }, note: { failed: 'z' } },
      [
        'steps.read.yes: there is no step "x".',
        'steps.read.no: there is no step "y".',
        'steps.note.failed: there is no step "z".',
      ],
    ],
    [
      'an arm to nowhere',
      { share: { arms: [{ name: 'a', weight: 1, next: 'x' }], holdout: { weight: 1, until: 'y' } } },
      ['steps.share.arms[0].next: there is no step "x".', 'steps.share.holdout.until: there is no step "y".'],
    ],
    [
      'a time-out to nowhere',
      { order: { timeout: { wait: { kind: 'elapsed', ms: 1 }, next: 'x' } } },
      ['steps.order.timeout.next: there is no step "x".'],
    ],
    ['an id beside its key', { stop: { id: 'halt' } }, ['steps.stop.id: differs from its key "stop".']],
    [
      'a step of no kind',
      { stop: { kind: 'pause' } },
      [expect.stringMatching(/^steps\.stop\.kind: must be one of "send", "wait", "wait-for"/)],
    ],
    [
      'a branch on a segment that is not there',
      { read: { on: { kind: 'segment', segment: 'gold' } } },
      ['steps.read.on.segment: there is no segment "gold".'],
    ],
    [
      'a question about no step',
      { read: { on: { kind: 'mail', step: 'x', fate: 'opened', link: null } } },
      ['steps.read.on.step: there is no step "x".'],
    ],
    [
      'a question about no mail',
      { read: { on: { kind: 'mail', step: 'settle', fate: 'opened', link: null } } },
      ['steps.read.on.step: step "settle" sends nothing.'],
    ],
    ['a question before its mail', { hello: { next: null } }, ['steps.read.on.step: step "hello" is not sent before it.']],
    [
      'a link that was not clicked',
      { read: { on: { kind: 'mail', step: 'hello', fate: 'opened', link: 1 } } },
      ['steps.read.on.link: a link is asked about with clicked only; otherwise it is null.'],
    ],
    [
      'a wait of nothing',
      { settle: { wait: { kind: 'calendar', months: 0, weeks: 0, days: 0, at: null } } },
      ['steps.settle.wait: a wait of nothing.'],
    ],
    [
      'a wait into the past',
      { settle: { wait: { kind: 'business', days: -1, at: null } } },
      ['steps.settle.wait: only a wait from an attribute or an event can end before it.'],
    ],
    [
      'a policy that says nothing',
      { settle: { past: { kind: 'exit' } } },
      ['steps.settle.past: says nothing about a wait from the previous send: write skip.'],
    ],
    [
      'the eighth day of the week',
      { settle: { wait: { kind: 'weekday', weekday: 7, at: null } } },
      ['steps.settle.wait.weekday: must be at most 6, got 7.'],
    ],
    [
      'a time-out into the past',
      { order: { timeout: { wait: { kind: 'calendar', months: 0, weeks: 0, days: -1, at: null }, next: null } } },
      ['steps.order.timeout.wait: only a wait from an attribute or an event can end before it.'],
    ],
    ['nothing to wait for', { order: { arms: [] } }, ['steps.order.arms: must be a list of 1 or more elements, got a list.']],
    [
      'two arms of one name',
      {
        share: {
          arms: [
            { name: 'a', weight: 1, next: null },
            { name: 'a', weight: 1, next: null },
          ],
        },
      },
      ['steps.share.arms: two arms have one name.'],
    ],
    [
      'weights of nothing',
      {
        share: {
          arms: [
            { name: 'a', weight: 0, next: null },
            { name: 'b', weight: 0, next: null },
          ],
        },
      },
      ['steps.share.arms: all weights are 0, so nobody goes on.'],
    ],
    [
      'half a weight',
      { share: { holdout: { weight: 0.5, until: null } } },
      ['steps.share.holdout.weight: must be a whole number, got 0.5.'],
    ],
    [
      'a split of one',
      { share: { arms: [{ name: 'a', weight: 1, next: null }], holdout: null } },
      ['steps.share.arms: a split of one arm decides nothing.'],
    ],
    [
      'an arm by the name of the holdout',
      { share: { arms: [{ name: 'holdout', weight: 1, next: null }] } },
      ['steps.share.arms: holdout is the name of those who get nothing: call the arm otherwise.'],
    ],
    ['an update of nothing', { tag: { add: {} } }, ['steps.tag: an update of nothing.']],
    [
      'an attribute changed twice',
      { tag: { set: { tags: null }, remove: { tags: ['new', 'x'] } } },
      ['steps.tag.set.tags: is set and changed at once.', 'steps.tag.remove.tags: a value is added and removed at once.'],
    ],
    [
      'a failure that nobody waits for',
      { note: { waits: false } },
      ['steps.note.failed: a call that is not waited for cannot fail: write the same as next.'],
    ],
    ['a call of a day', { note: { timeout: day } }, ['steps.note.timeout: must be at most an hour (3600000 milliseconds).']],
    [
      'a format, which belongs to the template',
      { hello: { props: { brochure: { kind: 'format', format: 'number', value: { kind: 'literal', value: 1 } } } } },
      [expect.stringMatching(/^steps\.hello\.props\.brochure\.kind: must be one of "literal"/)],
    ],
    [
      'a value of the contact, which is read at delivery',
      { hello: { props: { brochure: { kind: 'reference', scope: 'contact', path: ['plan'] } } } },
      ['steps.hello.props.brochure.scope: must be "event", got "contact".'],
    ],
    [
      'a bare constant',
      { hello: { props: { brochure: 'A', pages: 12 } } },
      [
        'steps.hello.props.brochure: must be an expression, got "A": write a constant as { "kind": "literal", "value": "A" }.',
        'steps.hello.props.pages: must be an expression, got 12: write a constant as { "kind": "literal", "value": 12 }.',
      ],
    ],
    [
      'a bare object',
      { hello: { props: { brochure: { title: 'A' } } } },
      [expect.stringMatching(/^steps\.hello\.props\.brochure\.kind: is missing.*"kind": "literal", "value": …/)],
    ],
    [
      'a mail of no known kind, without a word about those who ask about it',
      { hello: { kind: 'mail' } },
      [expect.stringMatching(/^steps\.hello\.kind: must be one of .* got "mail"\.$/)],
    ],
    ['a blank reason', { hello: { urgent: ' ' } }, ['steps.hello.urgent: must not be blank.']],
    [
      'a NUL',
      { hello: { template: 'a\u0000' } },
      [
        'steps.hello.template: holds a NUL or half a surrogate pair, which databases cannot store.',
        'steps.hello.template: a name has 1 to 100 letters, digits or . _ : - and starts with a letter or digit.',
      ],
    ],
    [
      'half an emoji',
      { tag: { add: { tags: ['\ud83d'] } } },
      ['steps.tag.add.tags[0]: holds a NUL or half a surrogate pair, which databases cannot store.'],
    ],
  ])('refuses %s', (_, steps, problems) => {
    expect(changed({}, steps)).toEqual(problems)
  })

  it('names what is wrong with steps beside what is wrong with the whole', () => {
    expect(changed({ version: '1' }, { hello: { next: 'x' }, stop: { late: 'skip' } })).toEqual([
      'version: must be a number, got "1".',
      'steps.stop.late: is not known here.',
      'steps.hello.next: there is no step "x".',
    ])
  })

  it('has limits', () => {
    const ends = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`s${index}`, { kind: 'end', id: `s${index}` }]))
    const json = written()
    expect(problemsOf({ ...json, steps: { ...json.steps, ...ends } })).toEqual(['steps: has more than 500 entries.'])
    expect(problemsOf({ ...json, steps: {} })).toContain('first: there is no step "hello".')
  })

  it('spells keys that could be misread in brackets', () => {
    const json = written()
    const steps = { ...json.steps, 'a.b': { kind: 'send', id: 'a.b' } }
    expect(problemsOf({ ...json, steps })).toContain('steps["a.b"].template: is missing: it must be a text.')
    expect(problemsOf({ ...json, steps: { ...json.steps, ' ': { kind: 'end', id: ' ' } } })[0]).toMatch(
      /^steps\[" "\]: a name has/,
    )
  })

  it.each<[string, number, number, readonly string[]]>([
    ['no wait that takes a minute', 1, 1, ['steps.a: ', 'steps.b: ']],
    ['one wait that takes a minute', 1, 60_000, []],
    ['waits of half a minute', 30_000, 59_999, ['steps.a: ', 'steps.b: ']],
  ])('looks at loops with %s', (_what, a, b, refused) => {
    const wait = (id: string, ms: number, next: string) => ({
      kind: 'wait',
      id,
      wait: { kind: 'elapsed', ms },
      from: { kind: 'previous' },
      past: { kind: 'skip' },
      next,
    })
    const json = { ...written(), first: 'a', successors: {}, goal: null, segments: {}, exitWhen: null }
    const loop = { ...json, trigger: null, steps: { a: wait('a', a, 'b'), b: wait('b', b, 'a') } }
    expect(problemsOf(loop)).toEqual(
      refused.map(
        (path) => `${path}waits less than a minute in a loop: write at least one wait of a minute or more into the loop.`,
      ),
    )
    expect(problemsOf({ ...loop, steps: { a: wait('a', 1, 'b'), b: { kind: 'end', id: 'b' } } })).toEqual([])
  })

  it('refuses loops that send mail where every wait may be over at once, and lets those be that send none', () => {
    const hello = { ...written().steps.hello, id: 'hello' }
    const call = { ...written().steps.note, id: 'call', waits: true }
    const elapsed = (ms: number) => ({ kind: 'elapsed', ms })
    const wait = (ms: number) => ({ ...pause, wait: elapsed(ms), next: 'await' })
    const pause = { kind: 'wait', id: 'wait', from: { kind: 'previous' }, past: { kind: 'skip' } }
    const json = { ...written(), first: 'hello', successors: {}, goal: null, exitWhen: null, trigger: null }
    const round = (steps: readonly { readonly id?: unknown }[]) =>
      problemsOf({ ...json, steps: Object.fromEntries(steps.map((step) => [step.id, step])) })
    const flood = (id: string) =>
      `steps.${id}: may be over at once, in a loop that sends mail: put a wait of a minute or more into the loop.`
    const asked = (next: string) => ({ ...call, next, failed: null })

    expect(round([{ ...hello, next: 'call' }, asked('hello')] as never)).toEqual([flood('call')])
    expect(
      round([
        { ...hello, next: 'call' },
        { ...asked('hello'), next: null, failed: 'hello' },
      ] as never),
    ).toEqual([flood('call')])
    expect(round([{ ...hello, next: 'call' }, asked('call')] as never)).toEqual([])
    expect(round([{ ...hello, next: 'call' }, asked('wait'), { ...wait(60_000), next: 'hello' }] as never)).toEqual([])

    const segment = 'pros'
    const awaiting = (on: object, ms: number) => ({
      kind: 'wait-for',
      id: 'await',
      arms: [{ on, next: 'hello' }],
      since: 'step',
      timeout: { wait: elapsed(ms), next: null },
    })
    const member = { kind: 'segment', segment }
    const event = { kind: 'event', event: 'brochure.requested', where: null }
    expect(round([{ ...hello, next: 'wait' }, wait(1), awaiting(member, 3_600_000)] as never)).toEqual([
      flood('wait'),
      flood('await'),
    ])
    expect(round([{ ...hello, next: 'wait' }, wait(60_000), awaiting(member, 3_600_000)] as never)).toEqual([])
    expect(round([{ ...hello, next: 'wait' }, wait(1), awaiting(event, 3_600_000)] as never)).toEqual([])
  })

  it('takes 24:00 as the end of a window', () => {
    expect(changed({ window: { days: 'any', from: '10:00', to: '24:00' } })).toEqual([])
  })

  it('refuses loops that never wait, each once with its steps', () => {
    const update = (id: string, next: string) => ({ kind: 'update', id, set: { plan: null }, add: {}, remove: {}, next })
    const call = { ...written().steps.note, next: 'call', failed: 'call', id: 'call' }
    const json = { ...written(), first: 'a', successors: {}, goal: null, segments: {}, exitWhen: null, trigger: null }
    const loop = (a: string) => `steps.${a}: goes round without a wait`
    expect(problemsOf({ ...json, steps: { a: update('a', 'a') } })).toEqual([
      'steps.a: goes round without a wait (a → a): put a wait of a minute or more into the loop.',
    ])
    const steps = { a: update('a', 'b'), b: update('b', 'c'), c: update('c', 'b'), d: update('d', 'd'), call }
    expect(problemsOf({ ...json, steps }).map((problem) => problem.split(':').slice(0, 2).join(':'))).toEqual([
      `${loop('b')} (b → c → b)`,
      `${loop('d')} (d → d)`,
    ])
    expect(problemsOf({ ...json, steps: { a: update('a', 'call'), call: { ...call, next: 'a', failed: 'a' } } })).toEqual([])
    const unheard = { ...call, waits: false, next: 'a', failed: 'a' }
    expect(problemsOf({ ...json, steps: { a: update('a', 'call'), call: unheard } })).toHaveLength(1)
  })

  it('says so where it is given something that answers JSON', () => {
    expect(problemsOf({ ...written(), toJSON: () => written() })).toEqual([
      ': must be plain JSON: give what its toJSON() answers.',
    ])
  })

  it('takes no key that JavaScript would inherit', () => {
    const json = JSON.parse(JSON.stringify(written()).replace('"stop":{', '"__proto__":{"kind":"end","id":"x"},"stop":{'))
    expect(problemsOf(json)).toEqual(['steps: has a key that cannot be stored: "__proto__".'])
  })

  it.each([undefined, null, 1, 'text', [], () => {}, new Date(0)])('refuses %j', (json) => {
    expect(parseScenario(json).ok).toBe(false)
  })

  it('answers a problem where looking throws', () => {
    const boo = (): never => {
      throw new Error('boo')
    }
    const notJson = [': could not be read: looking at it throws, so it is not JSON.']
    expect(problemsOf(Object.defineProperty(written(), 'steps', { get: boo, enumerable: true }))).toEqual(notJson)
    for (const trap of ['ownKeys', 'getPrototypeOf', 'get'])
      expect(problemsOf(new Proxy(written(), { [trap]: boo }))).toEqual(notJson)
  })

  it('takes 500 events that end it, and no more', () => {
    const events = Array.from({ length: 500 }, (_, index) => `e${index}`)
    expect(changed({ exitOn: events })).toEqual([])
    expect(changed({ exitOn: [...events, 'more'] })).toEqual(['exitOn: has more than 500 entries.'])
  })

  it('reads format 1 and speaks of it in its own words', () => {
    const first = {
      format: 1,
      name: 'onboarding',
      version: 1,
      enterOn: 'requested',
      exitOn: [],
      reentry: 'once',
      window: null,
      maxEventAge: day,
      first: 'a',
      steps: { a: { kind: 'branch', id: 'a', segment: 'gold', yes: 'x', no: null } },
      segments: {},
    }
    expect(problemsOf(first)).toEqual(['steps.a.yes: there is no step "x".', 'steps.a.segment: there is no segment "gold".'])
    expect(problemsOf({ ...first, reentry: 'after-exit', trigger: null, steps: { a: { kind: 'split', id: 'a' } } })).toEqual([
      'reentry: must be one of "once", "every-event", got "after-exit".',
      'steps.a.kind: must be one of "send", "wait", "branch", "end", got "split".',
      'trigger: is not known here.',
    ])
  })
})

describe('scenarioSchema', () => {
  /** zod compiles patterns without the flag `u` that the standard asks for, so they are looked at by themselves. */
  const patterns: string[] = []
  const withoutPatterns = JSON.parse(
    JSON.stringify(scenarioSchema(), (key, value) => {
      if (key !== 'pattern') return value
      patterns.push(value)
      return undefined
    }),
  )
  const schema = z.fromJSONSchema(withoutPatterns)

  it('has patterns that every validator can read', () => {
    expect(patterns.length).toBeGreaterThan(10)
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow()
  })

  it('describes every property, what its table in the guide names among them', () => {
    const properties: { readonly name: string; readonly description: unknown }[] = []
    JSON.stringify(scenarioSchema(), (key, value) => {
      if (key === 'properties')
        for (const [name, one] of Object.entries<{ description?: unknown }>(value))
          properties.push({ name, description: one.description })
      return value
    })
    expect(properties.filter(({ description }) => typeof description !== 'string').map(({ name }) => name)).toEqual([])
    const named = properties.map(({ name }) => name)
    expect(named.length).toBeGreaterThan(100)
    for (const name of [
      'exitWhen',
      'minGap',
      'sendWithin',
      'late',
      'urgent',
      'leapDay',
      'since',
      'experiment',
      'holdout',
      'attempts',
    ])
      expect(named).toContain(name)
  })

  it('takes what parseScenario takes', () => {
    expect(schema.safeParse(written()).error).toBeUndefined()
  })

  it('refuses wrong shapes', () => {
    expect(schema.safeParse({ ...written(), colour: 1 }).success).toBe(false)
    expect(schema.safeParse({ ...written(), maxEventAge: '1 day' }).success).toBe(false)
    expect(schema.safeParse({ ...written(), steps: { a: { kind: 'pause', id: 'a' } } }).success).toBe(false)
    expect(schema.safeParse({ ...written(), segments: { pros: { kind: 'some' } } }).success).toBe(false)
  })
})
