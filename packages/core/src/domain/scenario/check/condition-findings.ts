import type { EventMatch, ScenarioDefinition } from '../scenario-definition.ts'
import { segmentOf } from '../segment-of.ts'
import { type BareFinding, bare } from './finding.ts'
import { reachOf } from './satisfiable.ts'

interface Use {
  readonly segment: string
  /** Where it is used, in words of the definition. */
  readonly use: string
  readonly step: string | null
  /** Whether it matters that everyone is in it. */
  readonly isChoice: boolean
}

const usesOf = (definition: ScenarioDefinition): readonly Use[] => {
  const { trigger, exitWhen, goal, steps } = definition
  const own = (segment: string, use: string): Use => ({ segment, use, step: null, isChoice: true })
  return [
    ...(trigger?.kind === 'segment' ? [own(trigger.segment, 'enterOn')] : []),
    ...(exitWhen === null ? [] : [own(exitWhen, 'exitWhen')]),
    ...(goal?.kind === 'segment' ? [own(goal.segment, 'goal')] : []),
    ...Object.values(steps).flatMap((step): Use[] => {
      const asked = step.kind === 'branch' ? [step.on] : step.kind === 'wait-for' ? step.arms.map(({ on }) => on) : []
      return asked.flatMap((on) =>
        on.kind === 'segment' ? [{ segment: on.segment, use: step.id, step: step.id, isChoice: true }] : [],
      )
    }),
  ]
}

/** Segments that nobody or everybody is in, and conditions that get in each other's way. */
export const conditionFindings = (definition: ScenarioDefinition): readonly BareFinding[] => [
  ...usesOf(definition).flatMap(({ segment, use, step }) => {
    const tree = segmentOf(definition, segment)
    if (tree === undefined) return [bare('unknown-segment', step, { segment, use })]
    const reach = reachOf(tree)
    if (reach === 'depends') return []
    return [bare(reach === 'never' ? 'segment-never' : 'segment-always', step, { segment, use })]
  }),
  ...entryFindings(definition),
  ...shadowFindings(definition),
  ...splitFindings(definition),
  ...successorFindings(definition),
]

const sameEvent = (a: EventMatch, b: EventMatch): boolean =>
  a.event === b.event && JSON.stringify(a.where) === JSON.stringify(b.where)

const entryFindings = ({ trigger, exitOn, exitWhen, goal }: ScenarioDefinition): readonly BareFinding[] => {
  if (trigger?.kind === 'event') {
    if (exitOn.includes(trigger.event)) return [bare('exits-at-entry', null, { what: trigger.event })]
    if (goal?.kind === 'event' && (goal.where === null || sameEvent(goal, trigger)) && goal.event === trigger.event)
      return [bare('exits-at-entry', null, { what: trigger.event })]
  }
  if (trigger?.kind !== 'segment' || trigger.on !== 'entry') return []
  const ends = [exitWhen, goal?.kind === 'segment' ? goal.segment : null]
  return ends.includes(trigger.segment) ? [bare('exits-at-entry', null, { what: trigger.segment })] : []
}

const shadowFindings = ({ exitOn, goal, steps }: ScenarioDefinition): readonly BareFinding[] => {
  const ending = new Set([...exitOn, ...(goal?.kind === 'event' && goal.where === null ? [goal.event] : [])])
  return Object.values(steps).flatMap((step) =>
    step.kind !== 'wait-for'
      ? []
      : step.arms.flatMap(({ on }) =>
          on.kind === 'event' && ending.has(on.event) ? [bare('arm-shadowed', step.id, { event: on.event })] : [],
        ),
  )
}

const splitFindings = ({ name, reentry, steps }: ScenarioDefinition): readonly BareFinding[] =>
  Object.values(steps).flatMap((step) => {
    if (step.kind === 'split')
      return step.arms.filter(({ weight }) => weight === 0).map((arm) => bare('arm-never-taken', step.id, { arm: arm.name }))
    return step.kind === 'go-to' && step.scenario === name && reentry.kind === 'once' ? [bare('go-to-itself', step.id)] : []
  })

const successorFindings = ({ successors, steps }: ScenarioDefinition): readonly BareFinding[] =>
  Object.entries(successors).flatMap(([step, to]) => {
    if (to !== null && steps[to] === undefined) return [bare('successor-unknown', step, { to })]
    return steps[step] === undefined ? [] : [bare('successor-unused', step)]
  })
