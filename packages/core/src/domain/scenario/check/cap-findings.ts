import type { ScenarioDefinition, ScenarioStep, SendStep } from '../scenario-definition.ts'
import type { CheckContext, CheckedCap } from './check-context.ts'
import { type BareFinding, bare } from './finding.ts'
import { waysOf } from './graph.ts'
import { isIn, passesADay } from './step-times.ts'

/** More mails on one day than a cap lets through, and mail that a cap would put off to midnight. */
export const capFindings = (definition: ScenarioDefinition, context: CheckContext): readonly BareFinding[] =>
  (context.caps ?? []).flatMap((cap) => {
    const isCapped = (step: ScenarioStep) => step.kind === 'send' && isOf(cap, step, context)
    if (!Object.values(definition.steps).some(isCapped)) return []
    return [...crowdFindings(definition, cap, isCapped), ...midnightFindings(definition, cap, context)]
  })

/** Transactional mail is exempt; mail of an unknown template counts for caps on all marketing. */
const isOf = ({ topic = null }: CheckedCap, { template }: SendStep, { templates = {} }: CheckContext): boolean => {
  const known = Object.hasOwn(templates, template) ? templates[template] : undefined
  return known?.purpose !== 'transactional' && (topic === null || known?.topic === topic)
}

/** Mail that is put off goes at the first moment of the next day that window and quiet hours allow. */
const midnightFindings = (
  { window }: ScenarioDefinition,
  { name, policy = 'defer' }: CheckedCap,
  { quietHours = null }: CheckContext,
): readonly BareFinding[] => {
  const isQuiet = quietHours !== null && isIn(0, quietHours)
  return policy === 'defer' && window === null && !isQuiet ? [bare('cap-at-midnight', null, { cap: name })] : []
}

const crowdFindings = (
  definition: ScenarioDefinition,
  { name, per, limit }: CheckedCap,
  isCapped: (step: ScenarioStep) => boolean,
): readonly BareFinding[] => {
  if (per !== 'day') return []
  const run: Run = { definition, isCapped, known: new Map() }
  const mails = Math.max(0, ...Object.keys(definition.steps).map((id) => longestRun(run, id)))
  return mails > limit ? [bare('over-cap', null, { mails, cap: name, limit })] : []
}

interface Run {
  readonly definition: ScenarioDefinition
  readonly isCapped: (step: ScenarioStep) => boolean
  /** What was counted, by step; 0 while it is being counted (a loop). */
  readonly known: Map<string, number>
}

/** Most capped mails from a step on before a day passes. */
const longestRun = (run: Run, id: string): number => {
  const { definition, isCapped, known } = run
  const before = known.get(id)
  if (before !== undefined) return before
  const step = definition.steps[id]
  if (step === undefined || passesADay(step)) return 0
  known.set(id, 0)
  const after = waysOf(step).map((next) => (next === null ? 0 : longestRun(run, next)))
  const mails = (isCapped(step) ? 1 : 0) + Math.max(0, ...after)
  known.set(id, mails)
  return mails
}
