import { day } from '../../time/instant.ts'
import { parseTimeOfDay } from '../../time/time-of-day.ts'
import type { ScenarioDefinition, ScenarioStep, SendWindow } from '../scenario-definition.ts'
import { capFindings } from './cap-findings.ts'
import type { CheckContext } from './check-context.ts'
import { type BareFinding, bare } from './finding.ts'
import { type Band, isIn, waitOf } from './step-times.ts'

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
    ...(window !== null && quiet !== null && isWhollyIn(window, quiet) && hasMarketing(definition, context)
      ? [bare('window-never-opens', null, { ...bandOf(window) })]
      : []),
    ...(window === null ? [] : Object.values(definition.steps).flatMap((step) => waitFindings(definition, step, window))),
    ...capFindings(definition, context),
  ]
}

/** Transactional mail ignores quiet hours. Mail of an unknown template is taken for marketing. */
const hasMarketing = ({ steps }: ScenarioDefinition, { templates = {} }: CheckContext): boolean =>
  Object.values(steps).some((step) => step.kind === 'send' && templates[step.template]?.purpose !== 'transactional')

const bandOf = ({ from, to }: Band): Band => ({ from, to })

const waitFindings = (definition: ScenarioDefinition, step: ScenarioStep, window: SendWindow): readonly BareFinding[] => {
  const { wait, next } = waitOf(step) ?? {}
  if (wait === undefined || wait.kind === 'elapsed' || wait.at === null || isIn(parseTimeOfDay(wait.at), window)) return []
  const sendsNext = next != null && definition.steps[next]?.kind === 'send'
  return sendsNext ? [bare('outside-window', step.id, { at: wait.at, ...bandOf(window) })] : []
}
