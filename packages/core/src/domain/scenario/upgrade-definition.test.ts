import { describe, expect, it } from 'vitest'
import { day, hour } from '../time/instant.ts'
import { parseScenario } from './parse-scenario.ts'
import { readableFormats, type ScenarioDefinition1, upgradeDefinition } from './upgrade-definition.ts'

/** A row as the first release wrote it. */
const stored: ScenarioDefinition1 = {
  format: 1,
  name: 'onboarding',
  version: 4,
  enterOn: 'brochure.requested',
  exitOn: ['order.placed'],
  reentry: 'every-event',
  window: { days: 'business', from: '09:00', to: '20:00' },
  maxEventAge: day,
  first: 'hello',
  steps: {
    hello: {
      kind: 'send',
      id: 'hello',
      template: 'welcome',
      props: { brochure: { kind: 'reference', scope: 'event', path: ['brochure'] } },
      sendWithin: 6 * hour,
      late: 'exit',
      next: 'settle',
    },
    settle: {
      kind: 'wait',
      id: 'settle',
      wait: { kind: 'calendar', months: 0, weeks: 0, days: 3, at: '10:00' },
      next: 'spender',
    },
    spender: { kind: 'branch', id: 'spender', segment: 'big', yes: null, no: 'stop' },
    stop: { kind: 'end', id: 'stop' },
  },
  segments: { big: { kind: 'event', event: 'order.placed', count: { operator: '>=', value: 1 } } },
}

describe('upgradeDefinition', () => {
  it('says in format 2 what format 1 said, and what it did without saying so', () => {
    expect(upgradeDefinition(stored)).toEqual({
      format: 2,
      name: 'onboarding',
      version: 4,
      trigger: { kind: 'event', event: 'brochure.requested', where: null },
      exitOn: ['order.placed'],
      exitWhen: null,
      goal: null,
      reentry: { kind: 'every-event' },
      window: { days: 'business', from: '09:00', to: '20:00' },
      maxEventAge: day,
      minGap: 12 * hour,
      priority: 0,
      inFlight: 'pin',
      successors: {},
      first: 'hello',
      steps: {
        hello: { ...stored.steps.hello, urgent: null },
        settle: { ...stored.steps.settle, from: { kind: 'previous' }, past: { kind: 'skip' } },
        spender: { kind: 'branch', id: 'spender', on: { kind: 'segment', segment: 'big' }, yes: null, no: 'stop' },
        stop: { kind: 'end', id: 'stop' },
      },
      segments: stored.segments,
    })
  })

  it('makes of a scenario without an event one that starts by hand', () => {
    expect(upgradeDefinition({ ...stored, enterOn: null }).trigger).toBeNull()
  })

  it('leaves the format of now alone', () => {
    const definition = upgradeDefinition(stored)
    expect(upgradeDefinition(definition)).toBe(definition)
  })

  it('is what parseScenario does with format 1', () => {
    expect(parseScenario(stored)).toEqual({ ok: true, definition: upgradeDefinition(stored) })
    expect(readableFormats).toEqual([1, 2])
  })
})
