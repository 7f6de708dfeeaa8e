import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkScenario } from '../../src/domain/scenario/check/check-scenario.ts'
import type { ScenarioDefinition, ScenarioStep, WaitSpec } from '../../src/domain/scenario/scenario-definition.ts'
import type { Simulation } from '../../src/domain/scenario/simulate/script.ts'
import { simulateScenario } from '../../src/domain/scenario/simulate/simulate.ts'
import { day } from '../../src/domain/time/instant.ts'
import { definitions } from './definition-arbitrary.ts'

const from = Date.parse('2026-01-05T01:00:00Z')

/** A loop of hours that begins days ago, behind a date that is over, goes round too often to catch up: that is not looked for here. */
const ofDays = (wait: WaitSpec): WaitSpec => (wait.kind === 'elapsed' ? { ...wait, ms: wait.ms + day } : wait)

const leadingTo = (scenario: string, step: ScenarioStep): ScenarioStep => {
  if (step.kind === 'go-to') return { ...step, scenario }
  if (step.kind === 'wait') return { ...step, wait: ofDays(step.wait) }
  return step.kind === 'wait-for' ? { ...step, timeout: { ...step.timeout, wait: ofDays(step.timeout.wait) } } : step
}

/** Goes to itself where it goes anywhere, and may be entered at any time. */
const leadingBack = (definition: ScenarioDefinition): ScenarioDefinition => ({
  ...definition,
  trigger: null,
  exitOn: [],
  exitWhen: null,
  goal: null,
  reentry: { kind: 'every-event' },
  steps: Object.fromEntries(Object.entries(definition.steps).map(([id, step]) => [id, leadingTo(definition.name, step)])),
})

const live = (definition: ScenarioDefinition): Simulation =>
  simulateScenario(definition, { from, days: 10, contacts: [{ id: 'c', happenings: [{ at: from, enrol: {} }] }] })

const codesOf = (definition: ScenarioDefinition) => checkScenario(definition).map(({ code }) => code)

describe('what reading a scenario finds', () => {
  it('is told of everybody who goes round at once, alone or through a go-to', () => {
    const seen = { rings: 0, loops: 0 }
    fc.assert(
      fc.property(definitions.map(leadingBack), (definition) => {
        const { enrolments } = live(definition)
        const atOnce = Map.groupBy(enrolments, ({ enteredAt }) => enteredAt)
        if ([...atOnce.values()].some(({ length }) => length > 20)) {
          seen.rings += 1
          expect(codesOf(definition)).toEqual(expect.arrayContaining([expect.stringMatching(/^ring-/)]))
        }
        if (enrolments.some(({ endReason }) => endReason === 'step-limit')) {
          seen.loops += 1
          expect(codesOf(definition)).toEqual(expect.arrayContaining([expect.stringMatching(/^loop-/)]))
        }
      }),
      { numRuns: 600 },
    )
    expect(seen.rings).toBeGreaterThan(5)
    expect(seen.loops).toBeGreaterThan(5)
  })
})
