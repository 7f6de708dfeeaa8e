import type { Contact } from '../../domain/contact/contact.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { matchesPayload } from '../../domain/scenario/match-event.ts'
import { entryKeyOf } from '../../domain/scenario/reentry.ts'
import type { DateTrigger, ScenarioDefinition, Trigger } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { isLocalDate, today } from '../../domain/time/local-date.ts'
import { nextOccurrence } from '../../domain/time/next-occurrence.ts'
import type { EventRow, ScenarioRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { type ExplainFinding, finding, localTime, type Speaker } from './explain-finding.ts'
import type { SentenceName } from './explain-words.ts'
import { cooldownInWords, reentryInWords, stateInWords } from './explain-words.ts'

/** What an explanation of a scenario looks at. */
export interface ScenarioQuestion {
  readonly contact: Contact
  readonly definition: ScenarioDefinition
  readonly row: ScenarioRow
  readonly now: Instant
}

/** Why somebody is not in a scenario, or not again, and when that may change. */
export function* entryFindings(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  question: ScenarioQuestion,
  enrolments: readonly Enrolment[],
): Step<readonly ExplainFinding[]> {
  const { row, contact, definition, now } = question
  const { trigger } = definition
  const findings: ExplainFinding[] = []
  if (enrolments.length === 0) findings.push(notEntered(speaker, 'neverEntered', null))
  findings.push(...stateFindings(speaker, row, enrolments))
  if (row.state !== 'active' && row.state !== 'paused') return findings
  if (trigger?.kind === 'date') return [...findings, dateFinding(runtime, speaker, contact, trigger, now)]
  if (trigger?.kind === 'event') {
    const [last] = yield* reader.events.ofContact(contact.id, { names: [trigger.event], limit: 1 })
    return [...findings, ...eventFindings(speaker, definition, trigger, last, enrolments)]
  }
  if (enrolments.length > 0) return findings
  if (trigger === null) return [...findings, notEntered(speaker, 'byHandOnly', 'by-hand-only')]
  return [...findings, yield* segmentFinding(runtime, reader, speaker, question, trigger)]
}

const notEntered = (
  speaker: Speaker,
  name: SentenceName,
  reason: string | null,
  words: Readonly<Record<string, string | number>> = {},
  at: Instant | null = null,
): ExplainFinding => finding(speaker, name, { kind: 'not-entered', reason, at }, words)

const stateFindings = (speaker: Speaker, { state }: ScenarioRow, enrolments: readonly Enrolment[]): readonly ExplainFinding[] => {
  if (state === 'active') return []
  if (state !== 'paused') return [notEntered(speaker, 'notActive', state, { state: stateInWords(state, speaker.language) })]
  const isIn = enrolments.some((enrolment) => enrolment.state === 'active')
  return isIn ? [] : [finding(speaker, 'pausedNow', { kind: 'waiting', reason: state, waitsFor: null })]
}

const eventFindings = (
  speaker: Speaker,
  definition: ScenarioDefinition,
  trigger: Extract<Trigger, { kind: 'event' }>,
  last: EventRow | undefined,
  enrolments: readonly Enrolment[],
): readonly ExplainFinding[] => {
  const words = { event: trigger.event }
  if (last === undefined) return enrolments.length > 0 ? [] : [notEntered(speaker, 'noEvent', 'no-event', words)]
  const { occurredAt, receivedAt, id } = last
  const isAnswered = enrolments.some(({ enteredAt, entryKey }) => entryKey === id || enteredAt >= occurredAt)
  if (isAnswered) return []
  if (!matchesPayload(trigger, last, speaker.timeZone))
    return [notEntered(speaker, 'eventNotFit', 'event-not-fit', words, occurredAt)]
  if (receivedAt - occurredAt > definition.maxEventAge)
    return [notEntered(speaker, 'eventTooOld', 'event-too-old', words, occurredAt)]
  if (entryKeyOf(definition.reentry, { key: id, occurredAt }, enrolments) === null)
    return [
      notEntered(speaker, 'alreadyIn', 'reentry', { ...words, reentry: reentryOf(speaker, definition, enrolments) }, occurredAt),
    ]
  return [notEntered(speaker, 'eventMissed', 'event-missed', words, occurredAt)]
}

/** The rule of re-entry; of a cooldown since when and until when it counts. */
const reentryOf = (
  { language, timeZone }: Speaker,
  { reentry }: ScenarioDefinition,
  enrolments: readonly Enrolment[],
): string => {
  if (reentry.kind !== 'cooldown') return reentryInWords(reentry.kind, language)
  const last = Math.max(...enrolments.map(({ enteredAt }) => enteredAt))
  return cooldownInWords(localTime(last + reentry.ms, timeZone), language)
}

function* segmentFinding(
  { settings }: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  { contact, definition, now }: ScenarioQuestion,
  { segment, on }: Extract<Trigger, { kind: 'segment' }>,
): Step<ExplainFinding> {
  const tree = definition.segments[segment] ?? { kind: 'any', of: [] }
  const query = { tree, now, today: today(now, settings.timeZone) }
  const isIn = (yield* reader.segments.matching(query, [contact.id])).length > 0
  const name = on === 'entry' ? (isIn ? 'wasIn' : 'mayComeIn') : isIn ? 'mayLeave' : 'wasOut'
  return notEntered(speaker, name, isIn ? 'in-segment' : 'not-in-segment', { segment })
}

const dateFinding = (
  { settings }: Runtime,
  speaker: Speaker,
  contact: Contact,
  trigger: DateTrigger,
  now: Instant,
): ExplainFinding => {
  const { attribute } = trigger
  const value = Object.hasOwn(contact.attributes, attribute) ? contact.attributes[attribute] : undefined
  if (typeof value !== 'string' || !isLocalDate(value)) return notEntered(speaker, 'noDate', 'no-date', { attribute })
  const next = nextOccurrence(trigger, value, contact.timeZone ?? settings.timeZone, now)
  if (next === null) return notEntered(speaker, 'dateOver', 'date-over', { attribute })
  return finding(speaker, 'nextDate', { kind: 'waiting', at: next.at, waitsFor: null })
}
