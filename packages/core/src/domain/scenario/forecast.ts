import type { JsonObject } from '../json.ts'
import type { Instant, LocalDate } from '../time/instant.ts'
import { applyUpdate } from './apply-update.ts'
import type { Effect, Enrolment } from './enrolment.ts'
import { endingSegments } from './level-conditions.ts'
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

/** What is known of the contact now. Every fact must be known. */
export interface ForecastFacts extends Omit<TransitionFacts, 'matches' | 'changesAt'> {
  /** Whether the contact would be in the segment with these attributes. */
  matches(segment: string, attributes: JsonObject): boolean
  /** Whether time alone may bring somebody into the segment or out of it. */
  changesWithTime(segment: string): boolean
  /** Whether mail of this template could be sent to the contact now; false: it is counted as skipped. */
  mayGet(template: string): boolean
}

export interface ForecastOptions {
  readonly now: Instant
  /** Exclusive. */
  readonly until: Instant
  /** Pauses that are over and that the enrolment has not taken notice of. */
  readonly pauses?: readonly { readonly from: Instant; readonly to: Instant; readonly missed: 'continue' | 'skip' | 'shift' }[]
}

/** More wakes than this are a loop. */
const mostWakes = 1_000

const nothing: Omit<MailFate, 'state' | 'deliveredAt'> = { openedAt: null, clickedAt: null, bouncedAt: null, links: [] }

/**
 * The mails that an enrolment will queue from `now` until `until` if nobody does anything: no events, no opens or clicks, nobody
 * but the scenario itself changes attributes, what segments ask besides stays as it is, mail is delivered, calls succeed at once.
 */
export const forecastEnrolment = (
  definition: ScenarioDefinition,
  enrolment: Enrolment,
  facts: ForecastFacts,
  { now, until, pauses = [] }: ForecastOptions,
): ForecastMails => {
  const life = new ForecastLife(definition, enrolment, facts)
  life.resume(pauses, now)
  const mails: { step: string; at: Instant }[] = []
  let at = now
  for (let wakes = 0; wakes < mostWakes && life.enrolment.state === 'active'; wakes += 1) {
    const { enrolment: before, isCalling } = life
    if (!isCalling && before.wakeAt === null) break
    at = isCalling ? at : Math.max(at, before.wakeAt ?? at)
    if (at >= until) break
    const queued = life.feed(isCalling ? { kind: 'result', stepSeq: before.stepSeq, ok: true } : { kind: 'wake' }, at)
    mails.push(...queued.filter((mail) => mail.at < until))
    if (life.enrolment === before) break
  }
  return { mails, isUncertain: life.isUncertain }
}

/**
 * The enrolment as it will stand when it has taken notice of these pauses: a wait that they move has its new end. One that goes on
 * to another step at once is answered as it is.
 */
export const enrolmentAfterPauses = (
  definition: ScenarioDefinition,
  enrolment: Enrolment,
  facts: ForecastFacts,
  { now, pauses }: { readonly now: Instant; readonly pauses: NonNullable<ForecastOptions['pauses']> },
): Enrolment => {
  const life = new ForecastLife(definition, enrolment, facts)
  life.resume(pauses, now)
  const { wakeAt, stepSeq } = life.enrolment
  if (life.enrolment === enrolment || wakeAt === null || wakeAt > now) return life.enrolment
  life.feed({ kind: 'wake' }, now)
  const { state, stepId, stepSeq: seq, wakeAt: next } = life.enrolment
  const isStill = state === 'active' && stepId === enrolment.stepId && seq === stepSeq && next !== null && next > now
  return isStill ? life.enrolment : enrolment
}

/** An enrolment on its way through days on which nobody does anything. */
class ForecastLife {
  enrolment: Enrolment
  readonly #facts: ForecastFacts
  /** Notes which steps are looked up: those that the way leads over. */
  readonly #definition: ScenarioDefinition
  readonly #passed = new Set<string>()
  readonly #fates = new Map<string, MailFate>()
  readonly #variants = new Map<string, string>()
  #attributes: JsonObject

  constructor(definition: ScenarioDefinition, enrolment: Enrolment, facts: ForecastFacts) {
    this.enrolment = enrolment
    this.#facts = facts
    this.#attributes = facts.attributes
    const passed = this.#passed
    const steps = new Proxy(definition.steps, {
      get: (all, id) => {
        if (typeof id !== 'string') return undefined
        passed.add(id)
        return all[id]
      },
    })
    this.#definition = { ...definition, steps }
  }

  /** It stands at a call whose result it waits for. */
  get isCalling(): boolean {
    const { stepId, wakeSpec } = this.enrolment
    return wakeSpec !== null && stepId !== null && this.#definition.steps[stepId]?.kind === 'call'
  }

  get isUncertain(): boolean {
    const { steps } = this.#definition
    const decides = (id: string) => ['branch', 'wait-for', 'call'].includes(steps[id]?.kind ?? '')
    const endsWithTime = endingSegments(this.#definition).some((segment) => this.#facts.changesWithTime(segment))
    return endsWithTime || [...this.#passed].some(decides)
  }

  resume(pauses: NonNullable<ForecastOptions['pauses']>, now: Instant): void {
    for (const { from, to, missed } of pauses)
      this.feed({ kind: 'resumed', missed, pausedAt: from, resumedAt: to }, Math.max(now, to))
  }

  /** The mails that this makes the enrolment queue. */
  feed(input: TransitionInput, at: Instant): readonly { readonly step: string; readonly at: Instant }[] {
    const result = transition(this.#definition, this.enrolment, input, this.#still(), at)
    if (result.kind === 'needs') throw new Error('a forecast knows every fact')
    this.enrolment = result.enrolment
    return result.effects.flatMap((effect) => this.#carryOut(effect, at))
  }

  #carryOut(effect: Effect, at: Instant): readonly { readonly step: string; readonly at: Instant }[] {
    if (effect.kind === 'update') this.#attributes = applyUpdate(this.#attributes, effect)
    if (effect.kind === 'assign') this.#variants.set(effect.experiment, effect.variant)
    if (effect.kind === 'skip') this.#fates.set(effect.stepId, { state: 'skipped', deliveredAt: null, ...nothing })
    if (effect.kind !== 'queue') return []
    const goesAt = Math.max(effect.runAt, at)
    const isAllowed = this.#facts.mayGet(effect.template)
    const state = isAllowed ? 'sent' : 'skipped'
    this.#fates.set(effect.stepId, { state, deliveredAt: isAllowed ? goesAt : null, ...nothing })
    return isAllowed ? [{ step: effect.stepId, at: goesAt }] : []
  }

  #still(): TransitionFacts {
    const facts = this.#facts
    return {
      timeZone: facts.timeZone,
      attributes: this.#attributes,
      quietHours: facts.quietHours,
      isHoliday: (date) => facts.isHoliday(date),
      purposeOf: (template) => facts.purposeOf(template),
      matches: (segment) => facts.matches(segment, this.#attributes),
      changesAt: () => null,
      events: (event) => facts.events(event),
      fate: (step) => this.#fates.get(step) ?? facts.fate(step),
      variant: (experiment) => this.#variants.get(experiment) ?? facts.variant(experiment),
    }
  }
}
