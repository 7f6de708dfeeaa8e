import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkDefinitionAgainst } from '../../src/define/index.ts'
import { parseScenario } from '../../src/domain/scenario/parse-scenario.ts'
import type { ScenarioDefinition, ScenarioStep } from '../../src/domain/scenario/scenario-definition.ts'
import { type ScenarioDefinition1, type ScenarioStep1, upgradeDefinition } from '../../src/domain/scenario/upgrade-definition.ts'
import { firstScenarios, model, scenarios, templates } from './scenario-program.ts'

/** What the first release would have stored. */
const downgraded = (definition: ScenarioDefinition): ScenarioDefinition1 => {
  const { name, version, exitOn, window, maxEventAge, first, segments, trigger, reentry } = definition
  if (reentry.kind !== 'once' && reentry.kind !== 'every-event') throw new Error('format 1 had no such word')
  const steps = Object.entries(definition.steps).map(([id, step]) => [id, downgradedStep(step)] as const)
  return {
    format: 1,
    name,
    version,
    enterOn: trigger?.kind === 'event' ? trigger.event : null,
    exitOn,
    reentry: reentry.kind,
    window,
    maxEventAge,
    first,
    steps: Object.fromEntries(steps),
    segments,
  }
}

const downgradedStep = (step: ScenarioStep): ScenarioStep1 => {
  if (step.kind === 'end') return step
  if (step.kind === 'send') {
    const { urgent, ...rest } = step
    return rest
  }
  if (step.kind === 'wait') return { kind: 'wait', id: step.id, wait: step.wait, next: step.next }
  if (step.kind !== 'branch' || step.on.kind !== 'segment') throw new Error('format 1 had no such word')
  return { kind: 'branch', id: step.id, segment: step.on.segment, yes: step.yes, no: step.no }
}

describe('a scenario in code', () => {
  it('can be written as JSON and read again', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        expect(parseScenario(JSON.parse(JSON.stringify(scenario)))).toEqual({ ok: true, definition: scenario.definition })
      }),
      { numRuns: 300 },
    )
  })

  it('fits its own model when it comes back as JSON', () => {
    fc.assert(
      fc.property(scenarios, ({ definition }) => {
        expect(checkDefinitionAgainst(definition, { model, templates, handlers: ['crm.note'] })).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('is found, drawn and run alike when it exists as JSON only', () => {
    const script = { from: 0, days: 30, contacts: [{ id: 'c' }] }
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const read = model.readScenario(JSON.parse(JSON.stringify(scenario)), { templates })
        if (!read.ok) throw new Error(JSON.stringify(read.problems))
        expect(read.scenario.check()).toEqual(scenario.check())
        expect(read.scenario.diagram()).toBe(scenario.diagram())
        expect(read.scenario.simulate(script)).toEqual(scenario.simulate(script))
      }),
      { numRuns: 200 },
    )
  })

  it('has a definition for every step that an arrow leads to, and an arrow to every step but the first', () => {
    fc.assert(
      fc.property(scenarios, ({ definition: { steps, first } }) => {
        const targets = JSON.stringify(Object.values(steps)).matchAll(/"(?:next|yes|no|failed)":"([^"]+)"/g)
        expect(new Set([first, ...Array.from(targets, ([, target]) => target)])).toEqual(new Set(Object.keys(steps)))
      }),
      { numRuns: 300 },
    )
  })

  it('is the same for an app that upgrades and stored it in format 1', () => {
    fc.assert(
      fc.property(firstScenarios, ({ definition }) => {
        const stored = JSON.parse(JSON.stringify(downgraded(definition)))
        expect(upgradeDefinition(stored)).toEqual(definition)
        expect(parseScenario(stored)).toEqual({ ok: true, definition })
      }),
      { numRuns: 300 },
    )
  })

  it('uses every word now and then', () => {
    const seen = new Set<string>()
    for (const { definition } of fc.sample(scenarios, { numRuns: 500, seed: 7 })) {
      for (const step of Object.values(definition.steps)) seen.add(step.kind === 'branch' ? `branch ${step.on.kind}` : step.kind)
    }
    expect([...seen].toSorted()).toEqual(
      ['branch mail', 'branch segment', 'call', 'end', 'go-to', 'send', 'split', 'update', 'wait', 'wait-for'].toSorted(),
    )
  })
})
