import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { dateFindings } from './explain-date-entry.ts'
import { eventFindings } from './explain-event-entry.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'
import { segmentFindings } from './explain-segment-entry.ts'
import { stateInWords } from './explain-words.ts'
import { notEntered } from './not-entered.ts'
import type { ScenarioQuestion } from './scenario-question.ts'

/** Why somebody is not in a scenario, or not again, and when that may change. */
export function* entryFindings(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  question: ScenarioQuestion,
  enrolments: readonly Enrolment[],
): Step<readonly ExplainFinding[]> {
  const { row } = question
  const findings: ExplainFinding[] = []
  if (enrolments.length === 0) findings.push(notEntered(speaker, 'neverEntered', null))
  findings.push(...stateFindings(speaker, row, enrolments))
  if (row.state !== 'active' && row.state !== 'paused') return findings
  return [...findings, ...(yield* triggerFindings(runtime, reader, speaker, question, enrolments))]
}

function* triggerFindings(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  question: ScenarioQuestion,
  enrolments: readonly Enrolment[],
): Step<readonly ExplainFinding[]> {
  const { trigger } = question.definition
  switch (trigger?.kind) {
    case 'date':
      return dateFindings(runtime, speaker, question, trigger, enrolments)
    case 'event':
      return yield* eventFindings(reader, speaker, question, trigger, enrolments)
    case 'segment':
      return yield* segmentFindings(runtime, reader, speaker, question, trigger, enrolments)
    case undefined:
      return enrolments.length > 0 ? [] : [notEntered(speaker, 'byHandOnly', 'by-hand-only')]
  }
}

const stateFindings = (speaker: Speaker, { state }: ScenarioRow, enrolments: readonly Enrolment[]): readonly ExplainFinding[] => {
  if (state === 'active') return []
  if (state !== 'paused') return [notEntered(speaker, 'notActive', state, { state: stateInWords(state, speaker.language) })]
  const isIn = enrolments.some((enrolment) => enrolment.state === 'active')
  return isIn ? [] : [finding(speaker, 'pausedNow', { kind: 'waiting', reason: state, waitsFor: null })]
}
