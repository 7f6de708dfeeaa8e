import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { entryKeyOf } from '../../domain/scenario/reentry.ts'
import type { DateTrigger, ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { isLocalDate } from '../../domain/time/local-date.ts'
import { nextOccurrence, type Occurrence } from '../../domain/time/next-occurrence.ts'
import type { Runtime } from '../runtime.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'
import { notEntered, reentryOf } from './not-entered.ts'
import type { ScenarioQuestion } from './scenario-question.ts'

/** Further dates are not looked at: a cooldown that is longer lets nobody in again. */
const mostDates = 20

/** When the contact enters next by its date, and by which date re-entry does not let it. */
export const dateFindings = (
  { settings }: Runtime,
  speaker: Speaker,
  { contact, definition, now }: ScenarioQuestion,
  trigger: DateTrigger,
  enrolments: readonly Enrolment[],
): readonly ExplainFinding[] => {
  const { attribute } = trigger
  const value = Object.hasOwn(contact.attributes, attribute) ? contact.attributes[attribute] : undefined
  if (typeof value !== 'string' || !isLocalDate(value)) return [notEntered(speaker, 'noDate', 'no-date', { attribute })]
  const after = (instant: Instant) => nextOccurrence(trigger, value, contact.timeZone ?? settings.timeZone, instant)
  const { refused, next } = comingDates(definition, after, now, enrolments)
  const findings: ExplainFinding[] = []
  if (refused !== null) {
    const words = { attribute, reentry: reentryOf(speaker, definition.reentry, enrolments) }
    findings.push(notEntered(speaker, 'dateRefused', 'reentry', words, refused.at))
  }
  if (next !== null) findings.push(finding(speaker, 'nextDate', { kind: 'waiting', at: next.at, waitsFor: null }))
  return findings.length > 0 ? findings : [notEntered(speaker, 'dateOver', 'date-over', { attribute })]
}

interface ComingDates {
  /** The first that re-entry keeps the contact out of, as things are. */
  readonly refused: Occurrence | null
  readonly next: Occurrence | null
}

const comingDates = (
  { reentry }: ScenarioDefinition,
  after: (instant: Instant) => Occurrence | null,
  now: Instant,
  enrolments: readonly Enrolment[],
): ComingDates => {
  const first = after(now)
  let refused: Occurrence | null = null
  let next = first
  for (let count = 0; next !== null && count < mostDates; count += 1) {
    const { date: key, at: occurredAt } = next
    if (entryKeyOf(reentry, { key, occurredAt, isDate: true }, enrolments) !== null) return { refused, next }
    refused ??= next
    // Whether it is out of it by then, nobody knows.
    if (reentry.kind === 'after-exit') return { refused, next: null }
    next = after(occurredAt)
  }
  return { refused, next: null }
}
