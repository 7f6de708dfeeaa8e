import { describe, expect, it } from 'vitest'
import {
  calendar,
  elapsed,
  end,
  entered,
  feed,
  happened,
  type Life,
  mails,
  scenario,
  send,
  tokyo,
  wait,
  wake,
} from '../../../test/fixtures/scenario-life.ts'
import { day, hour, minute } from '../time/instant.ts'
import type { CallStep, ScenarioDefinition, UpdateStep } from './scenario-definition.ts'

const start = tokyo('2026-01-05T10:00')
const of = (scope: 'event' | 'contact', name: string) => ({ kind: 'reference', scope, path: [name] }) as const
const literal = (value: string) => ({ kind: 'literal', value }) as const
const enter = (definition: ScenarioDefinition, life: Life = {}, now = start) =>
  feed(definition, entered(definition, start), { kind: 'enter' }, now, life)

describe('update', () => {
  const step: UpdateStep = {
    kind: 'update',
    id: 'mark',
    set: { stage: literal('warm'), brochure: of('event', 'brochure'), coupon: of('event', 'coupon'), owner: null },
    add: { tags: ['brochure'] },
    remove: { tags: ['cold'] },
    next: 'vip',
  }
  const definition = scenario([
    step,
    { kind: 'branch', id: 'vip', on: { kind: 'segment', segment: 'vips' }, yes: 'hello', no: null },
    send('hello', null),
  ])

  it('changes the contact: values of the event, null clears, what is missing is left alone', () => {
    expect(enter(definition).effects).toEqual([
      {
        kind: 'update',
        set: { stage: 'warm', brochure: 'A', owner: null },
        add: { tags: ['brochure'] },
        remove: { tags: ['cold'] },
      },
    ])
  })

  it('stops, so that what follows sees the new values, and is due at once', () => {
    const { enrolment } = enter(definition)
    expect(enrolment).toMatchObject({ state: 'active', stepId: 'vip', stepSeq: 1, wakeAt: start })
    const next = wake(definition, enrolment, start + minute, { members: { vips: true } })
    expect(mails(next.effects)).toEqual(['hello 2026-01-05T10:01'])
    expect(next.enrolment.memory).not.toHaveProperty('due')
  })

  it('does not go on by an event meanwhile, which it looks back to', () => {
    const arms = [{ on: { kind: 'event', event: 'cart.ordered', where: null } as const, next: 'hello' }]
    const waiting = scenario([
      { ...step, next: 'f' },
      { kind: 'wait-for', id: 'f', arms, since: 'entry', timeout: { wait: elapsed(day), next: null } },
      send('hello', null),
    ])
    const { enrolment } = enter(waiting)
    const ordered = happened('cart.ordered', start + minute)
    expect(feed(waiting, enrolment, { kind: 'event', ...ordered }, start + minute).enrolment).toBe(enrolment)
    expect(mails(wake(waiting, enrolment, start + hour, { events: [ordered] }).effects)).toEqual(['hello 2026-01-05T11:00'])
  })

  it('keeps the time at which a mail behind it is due', () => {
    const late = scenario([
      send('hello', 'w'),
      wait('w', calendar({ days: 3 }), 'mark'),
      { ...step, next: 'tips' },
      send('tips', null, { sendWithin: hour }),
    ])
    const waiting = enter(late).enrolment
    const updated = wake(late, waiting, tokyo('2026-01-08T10:30'))
    expect(updated.effects.map(({ kind }) => kind)).toEqual(['update'])
    const { effects } = wake(late, updated.enrolment, tokyo('2026-01-08T10:31'))
    expect(effects).toMatchObject([{ kind: 'queue', plannedAt: tokyo('2026-01-08T10:00') }])
  })

  it('fails in a loop without a wait, though each run stops behind it', () => {
    const loop = scenario([{ ...step, next: 'mark' }])
    let { enrolment } = enter(loop)
    for (let round = 0; round < 150; round += 1) ({ enrolment } = wake(loop, enrolment, start + round))
    expect(enrolment).toMatchObject({ state: 'failed', endReason: 'step-limit', stepSeq: 100 })
  })

  it('may be the last step', () => {
    const last = scenario([{ ...step, next: null }])
    expect(wake(last, enter(last).enrolment, start).enrolment.state).toBe('completed')
  })
})

describe('call', () => {
  const step = (changes: Partial<CallStep> = {}): CallStep => ({
    kind: 'call',
    id: 'score',
    handler: 'score-lead',
    payload: { brochure: of('event', 'brochure'), plan: of('contact', 'plan') },
    waits: true,
    timeout: minute,
    attempts: 3,
    next: 'hello',
    failed: 'sorry',
    ...changes,
  })
  const definition = scenario([step(), send('hello', null), send('sorry', null)])

  it('asks the app with values of event and contact', () => {
    expect(enter(definition, { attributes: { plan: 'pro' } }).effects).toEqual([
      {
        kind: 'call',
        stepId: 'score',
        stepSeq: 1,
        handler: 'score-lead',
        payload: { brochure: 'A', plan: 'pro' },
        timeout: minute,
        attempts: 3,
        waits: true,
      },
    ])
  })

  it('stays for the result, and looks at nothing until then', () => {
    const { enrolment } = enter(definition)
    expect(enrolment).toMatchObject({ stepId: 'score', stepSeq: 1, wakeAt: null })
    expect(wake(definition, enrolment, start + day)).toEqual({ kind: 'done', enrolment, effects: [] })
  })

  it.each([
    [true, 'hello'],
    [false, 'sorry'],
  ])('goes on by the result, ok: %s', (ok, mail) => {
    const { enrolment } = enter(definition)
    const result = { kind: 'result', stepSeq: 1, ok } as const
    const after = feed(definition, enrolment, result, start + hour)
    expect(mails(after.effects)).toEqual([`${mail} 2026-01-05T11:00`])
    expect(feed(definition, after.enrolment, result, start + hour).enrolment).toBe(after.enrolment)
  })

  it('does not mind a result of another call', () => {
    const { enrolment } = enter(definition)
    expect(feed(definition, enrolment, { kind: 'result', stepSeq: 2, ok: true }, start).enrolment).toBe(enrolment)
  })

  it('still leaves when its exit comes true', () => {
    const exiting = scenario([step(), send('hello', null)], { exitWhen: 'vips' })
    const { enrolment } = enter(exiting, { members: { vips: false }, changes: { vips: start + hour } })
    expect(enrolment.wakeAt).toBe(start + hour)
    expect(wake(exiting, enrolment, start + hour, { members: { vips: true } }).enrolment.state).toBe('exited')
  })

  it('goes on at once where it does not wait', () => {
    const once = scenario([step({ waits: false }), send('hello', null)])
    expect(mails(enter(once).effects)).toEqual(['score-lead 1', 'hello 2026-01-05T10:00'])
  })
})

describe('a loop whose waits take no minute', () => {
  const ask: CallStep = {
    kind: 'call',
    id: 'ask',
    handler: 'score-lead',
    payload: {},
    waits: true,
    timeout: minute,
    attempts: 3,
    next: 'hello',
    failed: null,
  }
  const asking = scenario([send('hello', 'ask'), ask])
  /** Answers every call after `ms`, with looks in between, until it ends; 300 at most. */
  const answered = (definition: ScenarioDefinition, ms: number) => {
    let now = start
    let { enrolment } = enter(definition)
    for (let round = 0; enrolment.state === 'active' && round < 300; round += 1) {
      const looked = feed(definition, enrolment, { kind: 'look' }, now)
      expect(looked.enrolment).toBe(enrolment)
      now += ms
      ;({ enrolment } = feed(definition, enrolment, { kind: 'result', stepSeq: enrolment.stepSeq, ok: true }, now))
    }
    return enrolment
  }

  it('fails after a hundred steps, however quickly the app answers', () => {
    const failed = { state: 'failed', endReason: 'step-limit', stepSeq: 100 }
    expect(answered(asking, 0)).toMatchObject(failed)
    expect(answered(asking, minute - 1)).toMatchObject(failed)
    expect(answered(asking, minute)).toMatchObject({ state: 'active', stepSeq: 602 })
  })

  it('fails where it waits for milliseconds, or for a segment that the contact is in', () => {
    const on = { kind: 'segment', segment: 'vips' } as const
    const awaiting = { kind: 'wait-for', id: 'f', arms: [{ on, next: 'hello' }], since: 'step' } as const
    const brief = scenario([
      send('hello', 'w'),
      wait('w', elapsed(1), 'f'),
      { ...awaiting, timeout: { wait: elapsed(hour), next: null } },
    ])
    let { enrolment } = enter(brief)
    for (let round = 1; enrolment.state === 'active' && round < 300; round += 1)
      ({ enrolment } = wake(brief, enrolment, start + round, { members: { vips: true } }))
    expect(enrolment).toMatchObject({ endReason: 'step-limit', stepSeq: 97 })
  })

  it('goes on where a wait of a minute is among them, though it is caught up with at once', () => {
    const hourly = scenario([send('hello', 'w'), wait('w', elapsed(hour), 'brief'), wait('brief', elapsed(1), 'hello')])
    let { enrolment } = enter(hourly)
    const now = start + 500 * hour
    for (let round = 0; round < 50; round += 1) ({ enrolment } = wake(hourly, enrolment, now))
    expect(enrolment).toMatchObject({ state: 'active', stepId: 'w' })
    expect(enrolment.stepSeq).toBeGreaterThan(1_400)
  })
})

describe('go to another scenario', () => {
  it('enters it with values of this one, under a key of its own, and completes', () => {
    const definition = scenario([
      { kind: 'go-to', id: 'over', scenario: 'nurture', event: { brochure: of('event', 'brochure') } },
    ])
    const { enrolment, effects } = enter(definition)
    expect(effects).toEqual([{ kind: 'enter', scenario: 'nurture', key: 'e_1:1', event: { brochure: 'A' } }])
    expect(enrolment).toMatchObject({ state: 'completed', stepSeq: 1 })
  })
})

describe('a loop with a wait', () => {
  it('outlives an outage that is longer than a hundred of its steps', () => {
    const daily = scenario([send('news', 'w'), wait('w', calendar({ days: 1 }), 'news'), end('unused')])
    let { enrolment } = enter(daily)
    const now = start + 80 * day
    for (let round = 0; enrolment.wakeAt !== null && enrolment.wakeAt <= now && round < 9; round += 1)
      ({ enrolment } = wake(daily, enrolment, now))
    expect(enrolment).toMatchObject({ state: 'active', stepId: 'w', wakeAt: now + day, anchorAt: now })
  })
})
