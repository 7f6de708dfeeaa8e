import { hour, type Milliseconds } from '../../time/instant.ts'
import type { GoToStep, ScenarioDefinition } from '../scenario-definition.ts'
import { Agenda } from '../simulate/agenda.ts'
import { type BareFinding, bare } from './finding.ts'
import { isPause, reachableFrom } from './graph.ts'
import { timedWaysOf } from './timed-ways.ts'

/** Rings that take at least this long are taken for meant. */
const briefest = hour

type Known = ReadonlyMap<string, ScenarioDefinition>

/**
 * Ways by which a `go-to` leads back to itself, through this scenario alone or through others that are known, so quickly that a
 * contact would walk it again and again at once, up to the limit of 20 entries. Rings through a scenario that is entered `once` or
 * after a cooldown end there.
 */
export const ringFindings = (
  definition: ScenarioDefinition,
  scenarios: readonly (string | ScenarioDefinition)[],
): readonly BareFinding[] => {
  const others = scenarios.filter((one) => typeof one !== 'string')
  const known: Known = new Map([...others, definition].map((one) => [one.name, one]))
  const reached = reachableFrom(definition, [definition.first])
  return Object.values(definition.steps).flatMap((step) => {
    if (step.kind !== 'go-to' || !reached.has(step.id)) return []
    const empty = wayBack(known, definition.name, step, true)
    if (empty !== null) return [bare('ring-without-wait', step.id, { ring: empty.join(' → ') })]
    const brief = wayBack(known, definition.name, step, false)
    return brief === null ? [] : [bare('ring-too-fast', step.id, { ring: brief.join(' → ') })]
  })
}

interface Place {
  readonly scenario: ScenarioDefinition
  readonly step: string | null
  /** Names on the way, the first and this one included. */
  readonly ring: readonly string[]
}

/** The scenarios on the quickest way back to a `go-to`, if there is one under `briefest`. `isBare`: without any wait or call that is waited for. */
const wayBack = (known: Known, from: string, goTo: GoToStep, isBare: boolean): readonly string[] | null => {
  const open = new Agenda<Place>()
  const seen = new Set<string>()
  enter(known, open, 0, [from], goTo)
  for (let next = open.take(briefest); next !== null; next = open.take(briefest)) {
    const { scenario, step: id, ring } = next.item
    const step = id === null ? undefined : scenario.steps[id]
    const key = `${scenario.name}\n${id}`
    if (step === undefined || seen.has(key)) continue
    if (scenario.name === from && step.id === goTo.id) return ring
    seen.add(key)
    if (step.kind === 'go-to') enter(known, open, next.at, ring, step)
    else if (!isBare || !isPause(step))
      for (const way of timedWaysOf(step, true)) open.add(next.at + way.ms, { scenario, step: way.next, ring })
  }
  return null
}

const enter = (known: Known, open: Agenda<Place>, at: Milliseconds, ring: readonly string[], goTo: GoToStep): void => {
  const scenario = known.get(goTo.scenario)
  const isEntered = scenario?.reentry.kind === 'every-event' || scenario?.reentry.kind === 'after-exit'
  if (scenario !== undefined && isEntered) open.add(at, { scenario, step: scenario.first, ring: [...ring, scenario.name] })
}
