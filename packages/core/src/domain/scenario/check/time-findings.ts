import { day } from '../../time/instant.ts'
import { parseTimeOfDay } from '../../time/time-of-day.ts'
import type { WaitSpec } from '../../time/wait-spec.ts'
import type { ScenarioDefinition, ScenarioStep, SendWindow } from '../scenario-definition.ts'
import type { CheckContext } from './check-context.ts'
import { type BareFinding, bare } from './finding.ts'
import { waysOf } from './graph.ts'

type Band = Pick<SendWindow, 'from' | 'to'>

const isIn = (time: number, { from, to }: Band): boolean => {
  const [start, end] = [parseTimeOfDay(from), parseTimeOfDay(to)]
  return start < end ? time >= start && time < end : time >= start || time < end
}

const isWhollyIn = (inner: Band, outer: Band): boolean => {
  const length = ({ from, to }: Band) => (((parseTimeOfDay(to) - parseTimeOfDay(from)) % day) + day) % day || day
  const offset = (((parseTimeOfDay(inner.from) - parseTimeOfDay(outer.from)) % day) + day) % day
  return offset + length(inner) <= length(outer)
}

/** Times at which nothing can go out, or other times than a reader would expect. */
export const timeFindings = (definition: ScenarioDefinition, context: CheckContext): readonly BareFinding[] => {
  const { window } = definition
  const quiet = context.quietHours ?? null
  return [
    ...(window !== null && quiet !== null && isWhollyIn(window, quiet)
      ? [bare('window-never-opens', null, { ...bandOf(window) })]
      : []),
    ...(window === null ? [] : Object.values(definition.steps).flatMap((step) => waitFindings(definition, step, window))),
    ...capFindings(definition, context),
  ]
}

const bandOf = ({ from, to }: Band): Band => ({ from, to })

/** What a step waits for, the time-out of a wait-for too, and what comes after it. */
const waitOf = (step: ScenarioStep): { readonly wait: WaitSpec; readonly next: string | null } | null =>
  step.kind === 'wait' ? step : step.kind === 'wait-for' ? step.timeout : null

const waitFindings = (definition: ScenarioDefinition, step: ScenarioStep, window: SendWindow): readonly BareFinding[] => {
  const { wait, next } = waitOf(step) ?? {}
  if (wait === undefined || wait.kind === 'elapsed' || wait.at === null || isIn(parseTimeOfDay(wait.at), window)) return []
  const sendsNext = next != null && definition.steps[next]?.kind === 'send'
  return sendsNext ? [bare('outside-window', step.id, { at: wait.at, ...bandOf(window) })] : []
}

/** Whether a wait surely ends on a later date than it began. */
const passesADay = (step: ScenarioStep): boolean => {
  const { wait } = waitOf(step) ?? {}
  if (wait === undefined) return false
  if (wait.kind === 'elapsed') return wait.ms >= day
  if (wait.kind === 'calendar') return wait.months + wait.weeks + wait.days > 0
  return wait.kind === 'weekday' || wait.days > 0
}

/** More mails on one day than a cap of all marketing mail lets through; transactional mail is exempt. */
const capFindings = (definition: ScenarioDefinition, { caps = [], templates = {} }: CheckContext): readonly BareFinding[] => {
  const daily = caps.filter(({ per }) => per === 'day')
  if (daily.length === 0) return []
  const isCapped = (step: ScenarioStep) => step.kind === 'send' && templates[step.template]?.purpose !== 'transactional'
  const run: Run = { definition, isCapped, known: new Map() }
  const most = Math.max(
    0,
    ...Object.values(definition.steps)
      .filter(isCapped)
      .map(({ id }) => longestRun(run, id)),
  )
  return daily
    .filter(({ limit }) => most > limit)
    .map(({ name, limit }) => bare('over-cap', null, { mails: most, cap: name, limit }))
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
