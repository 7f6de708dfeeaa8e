import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineModel } from './index.ts'

const model = defineModel({
  contact: z.object({ plan: z.enum(['free', 'pro']).optional(), birthday: z.iso.date().optional() }),
  events: { joined: z.object({ brochure: z.string() }), 'order.placed': z.object({ total: z.number() }) },
  topics: { news: { title: { ja: 'お知らせ' } } },
})
const hello = model.template('hello', {
  purpose: 'marketing',
  topic: 'news',
  props: z.object({ brochure: z.string() }),
  subject: ({ line }) => line`件名`,
  body: ({ text, footer }) => text`https://example.jp/beans\n${footer()}`,
})
const receipt = model.template('receipt', {
  purpose: 'transactional',
  subject: ({ line }) => line`件名`,
  body: ({ text }) => text`本文`,
})
const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))

const course = model.scenario('course', {
  version: 1,
  enterOn: 'joined',
  exitWhen: pros,
  steps: ({ send, wait, branch, event }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('days', { days: 3, at: '10:00' }),
    branch('pro', pros, { no: [send('receipt', receipt)] }),
  ],
})
type Doc = { [key: string]: unknown }
const json = (): Doc & { steps: { [id: string]: Doc } } => JSON.parse(JSON.stringify(course))
const templates = [hello, receipt]

const read = (document: unknown, options: Parameters<typeof model.readScenario>[1] = { templates, segments: [pros] }) => {
  const result = model.readScenario(document, options)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.scenario
}
const found = (document: unknown, options?: Parameters<typeof model.readScenario>[1]) =>
  read(document, options)
    .check()
    .map(({ level, code, step }) => `${level} ${code} ${step}`)

describe('a scenario that is JSON only', () => {
  it('has what one in code has', () => {
    const scenario = read(json())
    expect(scenario.definition).toEqual(course.definition)
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(json())
    expect(scenario.check()).toEqual(course.check())
    expect(scenario.diagram({ language: 'ja' })).toBe(course.diagram({ language: 'ja' }))
    const script = {
      from: '2026-01-05T01:00:00Z',
      days: 10,
      quietHours: { from: '09:00', to: '11:00' },
      contacts: [{ id: 'c', happenings: [{ at: '2026-01-05T01:00:00Z', event: 'joined', payload: { brochure: 'A' } }] }],
    }
    expect(scenario.simulate(script)).toEqual(course.simulate(script))
    expect(scenario.simulate(script).mails).toHaveLength(2)
  })

  it('may name segments of the app without their conditions, which are copied in', () => {
    const { segments, ...rest } = json()
    expect(read({ ...rest, segments: {} }).definition).toEqual(course.definition)
    expect(segments).toEqual(course.definition.segments)
    const own = { pros: { kind: 'everyone' } }
    expect(read({ ...rest, segments: own }).definition.segments).toEqual(own)
  })

  it('finds what the app does not have, and can be simulated and drawn all the same', () => {
    const { steps, ...rest } = json()
    const document = {
      ...rest,
      segments: { broken: { kind: 'attribute', field: 'colour', type: 'string', operator: '=', value: 'red' } },
      trigger: { kind: 'event', event: 'left', where: null },
      exitWhen: 'lost',
      steps: { ...steps, receipt: { ...steps.receipt, template: 'gone' } },
    }
    expect(found(document, { templates, segments: [] })).toEqual([
      'error unknown-template receipt',
      'error unknown-segment null',
      'error unknown-segment pro',
      'error unknown-event null',
      'error unknown-attribute null',
      'error value-unfit hello',
    ])
    const scenario = read(document, { templates })
    expect(scenario.definition.segments).not.toHaveProperty('lost')
    const contacts = [{ id: 'c', happenings: [{ at: 0, enrol: { event: { brochure: 'A' } } }] }]
    expect(scenario.simulate({ from: 0, days: 9, contacts }).mails.map(({ step }) => step)).toEqual(['hello', 'receipt'])
    expect(scenario.diagram()).toContain('gone')
    expect(scenario.check({ language: 'ja' }).map(({ text }) => text)).toContain(
      '「trigger.event」のイベント「left」はモデルにありません。',
    )
  })

  it('tells values that do not fit, once', () => {
    const { steps, ...rest } = json()
    const props = (value: unknown) => ({ ...rest, steps: { ...steps, hello: { ...steps.hello, props: value } } })
    expect(found(props({}))).toEqual(['error missing-prop hello'])
    expect(found(props({ brochure: { kind: 'literal', value: 1 } }))).toEqual(['error value-unfit hello'])
    expect(found(props({ brochure: { kind: 'literal', value: 'A' }, more: { kind: 'literal', value: 1 } }))).toEqual([
      'error unknown-prop hello',
    ])
    const trigger = { kind: 'date', attribute: 'plan', days: 0, at: '09:00', yearly: false, leapDay: 'skip' }
    expect(found({ ...json(), trigger })).toEqual([
      'error no-event hello',
      'error unknown-attribute null',
      'error value-unfit hello',
    ])
  })

  it('tells values that do not fit in Japanese throughout', () => {
    const { steps, ...rest } = json()
    const text = (brochure: unknown) =>
      read({ ...rest, steps: { ...steps, hello: { ...steps.hello, props: { brochure } } } })
        .check({ language: 'ja' })
        .map((one) => one.text)
    expect(text({ kind: 'literal', value: 5 })).toEqual([
      '「steps.hello.props.brochure」の値が合いません。テンプレート「hello」では、テキストを指定してください（現在の値: 5）。',
    ])
    expect(text({ kind: 'reference', scope: 'event', path: ['titel'] })).toEqual([
      '「steps.hello.props.brochure」の値が合いません。event.titel はありません。',
    ])
  })

  it('refuses options that it does not know', () => {
    expect(() => model.readScenario(json(), { template: [] } as never)).toThrow(
      'readScenario.template: is not known here (did you mean templates?)',
    )
    const refusal = (options: object) => {
      try {
        model.readScenario(json(), options)
      } catch (error) {
        const { code, message, details } = error as { code: string; message: string; details: { path: string } }
        return [code, details.path, message]
      }
      return []
    }
    expect(refusal({ templates: 'x' })).toEqual([
      'definition.invalid',
      'readScenario.templates',
      'readScenario.templates: must be a list of templates, got "x".',
    ])
    for (const [options, path] of [
      [{ templates: null }, 'templates'],
      [{ templates: [hello, pros] }, 'templates[1]'],
      [{ segments: { pros } }, 'segments'],
      [{ segments: [null] }, 'segments[0]'],
      [{ segments: [hello] }, 'segments[0]'],
      [{ language: 'fr' }, 'language'],
    ] as const)
      expect(refusal(options).slice(0, 2)).toEqual(['definition.invalid', `readScenario.${path}`])
    expect(() => model.readScenario(json(), null as never)).toThrow('readScenario: must be an object, got null')
    expect(() => read(json()).check({ quiethours: null } as never)).toThrow(
      'check.quiethours: is not known here (did you mean quietHours?)',
    )
    expect(() => read(json()).check({ language: 'fr' as 'ja' })).toThrow("check.language: must be 'en' or 'ja', got \"fr\".")
    expect(() => read(json()).diagram({ language: 'fr' as 'ja' })).toThrow('diagram.language: must be')
  })

  it('does not look at templates that it was not given', () => {
    const { steps, ...rest } = json()
    expect(found({ ...rest, steps: { ...steps, receipt: { ...steps.receipt, template: 'gone' } } }, {})).toEqual([])
  })

  it.each(['constructor', 'valueOf', 'toString'])('knows no segment %s unless it has one', (name) => {
    const { steps, ...rest } = json()
    const scenario = read({ ...rest, exitWhen: name, steps }, { templates, segments: [pros] })
    expect(scenario.check()).toMatchObject([{ code: 'unknown-segment' }])
    const happenings = [{ at: '2026-01-05T10:00:00+09:00', event: 'joined', payload: { brochure: 'A' } }]
    const { mails } = scenario.simulate({ from: '2026-01-05T09:00:00+09:00', days: 5, contacts: [{ id: 'c', happenings }] })
    expect(mails.map(({ step }) => step)).toEqual(['hello', 'receipt'])
  })

  it('looks into nothing that has more entries than JSON of a scenario may have', () => {
    let looks = 0
    const steps = Object.fromEntries(Array.from({ length: 200_001 }, (_, index) => [`s${index}`, null]))
    const get = () => {
      looks += 1
    }
    const read = model.readScenario({ ...json(), steps: Object.defineProperty(steps, 's0', { get, enumerable: true }) })
    expect([read, looks]).toEqual([{ ok: false, problems: [{ path: '', code: 'too-large', problem: 'is too large.' }] }, 0])
  })

  it('answers what is wrong with the JSON as such, and throws at nothing', () => {
    expect(model.readScenario({ ...json(), version: 0 })).toEqual({
      ok: false,
      problems: [{ path: 'version', code: 'range', problem: 'must be at least 1, got 0.' }],
    })
    expect(model.readScenario({ ...json(), version: 0 }, { language: 'ja' })).toEqual({
      ok: false,
      problems: [{ path: 'version', code: 'range', problem: '1以上にしてください（現在の値: 0）。' }],
    })
    for (const other of [
      'x',
      null,
      1,
      [],
      { segments: 1 },
      { segments: {}, steps: [1, null] },
      { segments: {}, steps: { a: { arms: 1 } } },
    ])
      expect(model.readScenario(other).ok).toBe(false)
    const trap = Object.defineProperty({}, 'segments', {
      get: () => {
        throw new Error('boo')
      },
      enumerable: true,
    })
    expect(model.readScenario(trap).ok).toBe(false)
  })
})
