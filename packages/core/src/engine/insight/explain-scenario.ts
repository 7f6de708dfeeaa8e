import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { enrolmentAfterPauses } from '../../domain/scenario/forecast.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Call, Message, ScenarioRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { readVersions } from '../scenarios/read-definition.ts'
import { callFinding } from './explain-call.ts'
import { entryFindings } from './explain-entry.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'
import { explainMails } from './explain-mail.ts'
import { type Standing, standingFinding } from './explain-wait.ts'
import { stateInWords } from './explain-words.ts'
import { readForecastFacts } from './forecast-facts.ts'
import { inOrder, type Placed } from './in-order.ts'
import { readLeaving } from './leaving.ts'
import type { ScenarioQuestion } from './scenario-question.ts'

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
  const isMeant = ({ scenario }: Message) => scenario === definition.name
  const leavingOf = yield* readLeaving(reader, row.name)
  const isPaused = row.state === 'paused'
  const mails = yield* explainMails(runtime, reader, speaker, { contact, now, isPaused, leavingOf, pauses: row.pauses, isMeant })
  const staying = enrolments.filter(({ state, version }) => state !== 'active' || leavingOf(version) === null)
  const calls = staying.length === 0 ? [] : yield* reader.calls.ofEnrolments(staying.map(({ id }) => id))
  const told = enrolments.flatMap((enrolment) => {
    const own = calls.filter(({ enrolmentId }) => enrolmentId === enrolment.id)
    const { version } = enrolment
    const standing = {
      enrolment,
      definition: versions.get(version),
      calls: own,
      now,
      leaving: leavingOf(version),
      pauses: row.pauses,
    }
    return enrolmentFindings(speaker, row, standing)
  })
  const entry = yield* entryFindings(runtime, reader, speaker, question, enrolments)
  const wakeAts = staying.flatMap(({ wakeAt, state }) => (wakeAt === null || state !== 'active' ? [] : [wakeAt]))
  const entersAts = entry.flatMap(({ kind, at }) => (kind === 'waiting' && at !== null ? [at] : []))
  const callAts = calls.flatMap(({ state, runAt }) => (state === 'waiting' ? [runAt] : []))
  const times = isRunning ? [...wakeAts, ...callAts, ...mails.dueAts, ...entersAts] : []
  const nextAt = times.length === 0 ? null : Math.max(now, Math.min(...times))
  return { findings: [...inOrder([...told, ...mails.told], enrolments), ...entry], nextAt }
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

const enrolmentFindings = (speaker: Speaker, row: ScenarioRow, standing: Standing): readonly Placed[] => {
  const { id: enrolmentId, state, endedAt, endReason, stepId, stepSeq } = standing.enrolment
  const entered = enteredFinding(speaker, standing.enrolment)
  const reason = state === 'failed' && endReason !== null ? codeOf(endReason) : endReason
  const ended = finding(speaker, 'ended', { kind: 'ended', at: endedAt, reason: reason ?? 'completed' })
  const isAwaited = (call: Call) =>
    state === 'active' && call.stepSeq === stepSeq && call.stepId === stepId && call.state === 'waiting'
  const calls = standing.calls
    .filter((call) => !isAwaited(call))
    .map((call) => ({ finding: callFinding(speaker, call, standing.now), enrolmentId, seq: call.stepSeq }))
  const last = state === 'active' ? presentFinding(speaker, row, standing) : ended
  return [
    { finding: entered, enrolmentId, seq: Number.NEGATIVE_INFINITY },
    ...calls,
    { finding: last, enrolmentId, seq: Number.POSITIVE_INFINITY },
  ]
}

const enteredFinding = (speaker: Speaker, { enteredAt, version, memory }: Enrolment): ExplainFinding => {
  const enteredVersion = memory.enteredVersion ?? version
  const name = enteredVersion === version ? 'entered' : 'enteredAndMoved'
  const facts = { kind: 'entered', at: enteredAt, version, enteredVersion } as const
  return finding(speaker, name, facts, { version, entered: enteredVersion })
}

/** Of an error only its code: its sentence may be anybody's. */
const codeOf = (endReason: string): string => /^[\w.-]+(?=$|:)/.exec(endReason)?.[0] ?? 'error'

const presentFinding = (speaker: Speaker, { state }: ScenarioRow, standing: Standing): ExplainFinding => {
  const { enrolment, leaving } = standing
  const nothing = { kind: 'waiting', step: enrolment.stepId, waitsFor: null } as const
  if (leaving !== null) return finding(speaker, 'leaving', { ...nothing, reason: leaving })
  if (state === 'active' || state === 'stopped') return standingFinding(speaker, standing)
  return finding(speaker, 'held', { ...nothing, reason: state }, { state: stateInWords(state, speaker.language) })
}
