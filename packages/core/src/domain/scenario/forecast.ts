import type { Instant, LocalDate } from '../time/instant.ts'
import type { Effect, Enrolment } from './enrolment.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { transition } from './transition.ts'
import type { MailFate, TransitionFacts, TransitionInput } from './transition-contract.ts'

/** Mails a day, from current enrolments. */
export interface Forecast {
  readonly days: readonly {
    readonly date: LocalDate
    readonly mails: number
    readonly byStep: { readonly [step: string]: number }
  }[]
  /** Enrolments whose way depends on what nobody can know yet (events, opens, segments): counted on the way they take if nothing happens. */
  readonly uncertain: number
}

/** The mails that one enrolment has before it. */
export interface ForecastMails {
  readonly mails: readonly { readonly step: string; readonly at: Instant }[]
  /** It passes a place where something that may still happen decides. */
  readonly isUncertain: boolean
}

/** More wakes than this are a loop. */
const mostWakes = 1_000

const unread: MailFate = { state: 'sent', deliveredAt: null, openedAt: null, clickedAt: null, bouncedAt: null, links: [] }

/**
 * The mails that an enrolment will queue from `now` until `until` if nobody does anything: no events, no opens or clicks, segments
 * and attributes stay as `facts` have them, calls succeed at once. Every fact must be known.
 */
export const forecastEnrolment = (
  definition: ScenarioDefinition,
  enrolment: Enrolment,
  facts: TransitionFacts,
  { now, until }: { readonly now: Instant; readonly until: Instant },
): ForecastMails => {
  const mails: { step: string; at: Instant }[] = []
  const sent = new Set<string>()
  const passed = new Set<string>()
  const still: TransitionFacts = {
    ...facts,
    isHoliday: (date) => facts.isHoliday(date),
    purposeOf: (template) => facts.purposeOf(template),
    matches: (segment) => facts.matches(segment),
    changesAt: () => null,
    events: (event) => facts.events(event),
    fate: (step) => (sent.has(step) ? { ...unread, deliveredAt: now } : facts.fate(step)),
    variant: (experiment) => facts.variant(experiment),
  }
  let at = now
  let current = enrolment
  const feed = (input: TransitionInput): readonly Effect[] => {
    if (current.stepId !== null) passed.add(current.stepId)
    const result = transition(definition, current, input, still, at)
    if (result.kind === 'needs') throw new Error('a forecast knows every fact')
    current = result.enrolment
    return result.effects
  }
  for (let wakes = 0; wakes < mostWakes && current.state === 'active'; wakes += 1) {
    const call = waitedCall(definition, current)
    if (current.wakeAt === null && call === null) break
    at = Math.max(at, current.wakeAt ?? at)
    if (at >= until) break
    const before = current
    const effects = feed(call === null ? { kind: 'wake' } : { kind: 'result', stepSeq: current.stepSeq, ok: true })
    for (const effect of effects) {
      if (effect.kind !== 'queue') continue
      sent.add(effect.stepId)
      if (effect.runAt < until) mails.push({ step: effect.stepId, at: Math.max(effect.runAt, now) })
    }
    if (current === before) break
  }
  return { mails, isUncertain: [...passed].some((id) => isOpen(definition, id)) }
}

/** Whether it stands at a call whose result it waits for. */
const waitedCall = (definition: ScenarioDefinition, { stepId, wakeAt }: Enrolment): string | null => {
  const step = stepId === null ? undefined : definition.steps[stepId]
  return wakeAt === null && step?.kind === 'call' ? step.id : null
}

const isOpen = ({ steps }: ScenarioDefinition, id: string): boolean => {
  const kind = steps[id]?.kind
  return kind === 'branch' || kind === 'wait-for' || kind === 'call'
}
