import type { Contact } from '../../domain/contact/contact.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition, Trigger } from '../../domain/scenario/scenario-definition.ts'
import { evaluateSegment } from '../../domain/segment/evaluate-segment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { today } from '../../domain/time/local-date.ts'
import { nextOccurrence } from '../../domain/time/next-occurrence.ts'
import type { ScenarioRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'
import { mailFinding } from './explain-mail.ts'
import { reasonInWords } from './explain-words.ts'

const manyMails = 1_000

/** What an explanation of a scenario looks at. */
export interface ScenarioQuestion {
  readonly contact: Contact
  readonly definition: ScenarioDefinition
  readonly row: ScenarioRow
  readonly now: Instant
}

export interface ScenarioAnswer {
  readonly findings: readonly ExplainFinding[]
  readonly nextAt: Instant | null
}

/** A contact's way through a scenario so far, in the order of time, and what comes next. */
export function* explainScenario(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  question: ScenarioQuestion,
): Step<ScenarioAnswer> {
  const { contact, definition, row } = question
  const enrolments = yield* reader.enrolments.ofContacts([contact.id], { scenario: definition.name })
  const mails = (yield* reader.messages.ofContact(contact.id, { limit: manyMails })).filter(
    ({ scenario }) => scenario === definition.name,
  )
  const waiting = new Map((yield* reader.messages.waitingOf([contact.id])).map(({ messageId, runAt }) => [messageId, runAt]))
  const told = [
    ...enrolments.flatMap((enrolment) => enrolmentFindings(speaker, enrolment, row)),
    ...mails.map((mail) => mailFinding(speaker, mail, waiting.get(mail.id) ?? null)),
  ].toSorted((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY))
  const entry = yield* entryFindings(runtime, reader, speaker, question, enrolments)
  const isRunning = row.state === 'active' || row.state === 'stopped'
  const times = [
    ...(isRunning ? enrolments.flatMap(({ wakeAt, state }) => (wakeAt === null || state !== 'active' ? [] : [wakeAt])) : []),
    ...mails.flatMap(({ id }) => (isRunning ? (waiting.get(id) ?? []) : [])),
    ...entry.flatMap(({ kind, at }) => (kind === 'waiting' && at !== null && row.state === 'active' ? [at] : [])),
  ]
  const nextAt = times.length === 0 ? null : Math.max(question.now, Math.min(...times))
  return { findings: [...told, ...entry], nextAt }
}

const enrolmentFindings = (speaker: Speaker, enrolment: Enrolment, row: ScenarioRow): readonly ExplainFinding[] => {
  const { state, stepId: step, wakeAt, enteredAt, endedAt, endReason, version } = enrolment
  const entered = finding(speaker, 'entered', { kind: 'entered', at: enteredAt }, { version })
  if (state !== 'active') {
    const reason = endReason ?? 'completed'
    const how = { how: reasonInWords(reason, speaker.language) }
    return [entered, finding(speaker, 'ended', { kind: 'ended', at: endedAt, reason }, how)]
  }
  if (row.state !== 'active' && row.state !== 'stopped')
    return [entered, finding(speaker, 'held', { kind: 'waiting', step, reason: row.state }, { state: row.state })]
  if (step === null) return [entered]
  return wakeAt === null
    ? [entered, finding(speaker, 'waitingForResult', { kind: 'waiting', step }, { step })]
    : [entered, finding(speaker, 'waiting', { kind: 'waiting', at: wakeAt, step }, { step })]
}

/** Why somebody who was never in it was not, and when that may change. */
function* entryFindings(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  { contact, definition, row, now }: ScenarioQuestion,
  enrolments: readonly Enrolment[],
): Step<readonly ExplainFinding[]> {
  const { trigger } = definition
  const none = { kind: 'not-entered' } as const
  const findings: ExplainFinding[] = []
  if (enrolments.length === 0) findings.push(finding(speaker, 'neverEntered', none))
  if (row.state !== 'active') findings.push(finding(speaker, 'notActive', { ...none, reason: row.state }, { state: row.state }))
  if (trigger?.kind === 'date') return [...findings, dateFinding(runtime, speaker, contact, trigger, now)]
  if (enrolments.length > 0) return findings
  if (trigger === null) return [...findings, finding(speaker, 'byHandOnly', none)]
  if (trigger.kind === 'segment') {
    const tree = definition.segments[trigger.segment] ?? { kind: 'any', of: [] }
    const query = { tree, now, today: today(now, runtime.settings.timeZone) }
    const isIn = (yield* reader.segments.matching(query, [contact.id])).length > 0
    const is = speaker.language === 'ja' ? (isIn ? '該当しています' : '該当していません') : isIn ? 'in' : 'not in'
    return [...findings, finding(speaker, 'notInSegment', none, { segment: trigger.segment, is })]
  }
  const [last] = yield* reader.events.ofContact(contact.id, { names: [trigger.event], limit: 1 })
  const words = { event: trigger.event }
  if (last === undefined) return [...findings, finding(speaker, 'noEvent', none, words)]
  const fits =
    trigger.where === null || evaluateSegment({ tree: trigger.where, now, today: '1970-01-01' }, { attributes: last.payload }, [])
  return [...findings, finding(speaker, fits ? 'eventTooOld' : 'eventNotFit', { ...none, at: last.occurredAt }, words)]
}

const dateFinding = (
  runtime: Runtime,
  speaker: Speaker,
  contact: Contact,
  trigger: Extract<Trigger, { kind: 'date' }>,
  now: Instant,
): ExplainFinding => {
  const value = contact.attributes[trigger.attribute]
  const zone = contact.timeZone ?? runtime.settings.timeZone
  const next = typeof value === 'string' ? nextOccurrence(trigger, value, zone, now) : null
  if (next === null) return finding(speaker, 'noDate', { kind: 'not-entered' }, { attribute: trigger.attribute })
  return finding(speaker, 'nextDate', { kind: 'waiting', at: next.at })
}
