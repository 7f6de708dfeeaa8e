import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { enrolmentAfterPauses } from '../../domain/scenario/forecast.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ScenarioRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { readVersions } from '../scenarios/read-definition.ts'
import { entryFindings, type ScenarioQuestion } from './explain-entry.ts'
import { type ExplainFinding, finding, inOrder, type Speaker } from './explain-finding.ts'
import { explainMails } from './explain-mail.ts'
import { stateInWords } from './explain-words.ts'
import { readForecastFacts } from './forecast-facts.ts'

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
  const { contact, definition, row, now } = question
  const stored = yield* reader.enrolments.ofContacts([contact.id], { scenario: definition.name })
  const versions = yield* readVersions(
    reader.scenarios,
    row.name,
    stored.map(({ version }) => version),
  )
  const isRunning = row.state === 'active' || row.state === 'stopped'
  const enrolments = isRunning ? yield* afterPauses(runtime, reader, { row, now, versions }, stored) : stored
  const mails = yield* explainMails(reader, speaker, contact.id, ({ scenario }) => scenario === definition.name)
  const told = enrolments.flatMap((enrolment) => enrolmentFindings(speaker, enrolment, row, versions.get(enrolment.version)))
  const entry = yield* entryFindings(runtime, reader, speaker, question, enrolments)
  const wakeAts = enrolments.flatMap(({ wakeAt, state }) => (wakeAt === null || state !== 'active' ? [] : [wakeAt]))
  const entersAts = entry.flatMap(({ kind, at }) => (kind === 'waiting' && at !== null ? [at] : []))
  const times = isRunning ? [...wakeAts, ...mails.dueAts, ...entersAts] : []
  const nextAt = times.length === 0 ? null : Math.max(now, Math.min(...times))
  return { findings: [...inOrder([...told, ...mails.findings]), ...entry], nextAt }
}

interface Resumed {
  readonly row: ScenarioRow
  readonly now: Instant
  readonly versions: ReadonlyMap<number, ScenarioDefinition>
}

/** Pauses are told to an enrolment when it comes up next; until then its stored times are those from before. */
function* afterPauses(
  runtime: Runtime,
  reader: StorageReader,
  { row, now, versions }: Resumed,
  stored: readonly Enrolment[],
): Step<readonly Enrolment[]> {
  const resumed: Enrolment[] = []
  for (const enrolment of stored) {
    const pauses = row.pauses.slice(enrolment.pausesSeen)
    const definition = versions.get(enrolment.version)
    const isConcerned = enrolment.state === 'active' && pauses.length > 0 && definition !== undefined
    if (!isConcerned) resumed.push(enrolment)
    else {
      const factsOf = yield* readForecastFacts(runtime, reader, definition, [enrolment], now)
      resumed.push(enrolmentAfterPauses(definition, enrolment, factsOf(enrolment), { now, pauses }))
    }
  }
  return resumed
}

const enrolmentFindings = (
  speaker: Speaker,
  enrolment: Enrolment,
  row: ScenarioRow,
  definition: ScenarioDefinition | undefined,
): readonly ExplainFinding[] => {
  const { state, enteredAt, endedAt, endReason, version } = enrolment
  const entered = finding(speaker, 'entered', { kind: 'entered', at: enteredAt }, { version })
  if (state !== 'active')
    return [entered, finding(speaker, 'ended', { kind: 'ended', at: endedAt, reason: endReason ?? 'completed' })]
  return [entered, standingFinding(speaker, enrolment, row, definition)]
}

const standingFinding = (
  speaker: Speaker,
  { stepId: step, wakeAt, wakeSpec }: Enrolment,
  { state }: ScenarioRow,
  definition: ScenarioDefinition | undefined,
): ExplainFinding => {
  const kind = 'waiting'
  if (state !== 'active' && state !== 'stopped')
    return finding(speaker, 'held', { kind, step, reason: state }, { state: stateInWords(state, speaker.language) })
  if (step === null) return finding(speaker, 'lastMail', { kind, at: wakeAt })
  if (wakeSpec === null) return finding(speaker, wakeAt === null ? 'waitingOpen' : 'goesOn', { kind, step, at: wakeAt })
  if (definition?.steps[step]?.kind === 'call') return finding(speaker, 'waitingForResult', { kind, step })
  const { endsAt } = wakeSpec
  return finding(speaker, endsAt === null ? 'waitingOpen' : 'waiting', { kind, step, at: endsAt })
}
