import { waitInWords } from '../../domain/scenario/diagram.ts'
import type { Enrolment, WakeSpec } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition, WaitForStep } from '../../domain/scenario/scenario-definition.ts'
import type { Instant, Milliseconds } from '../../domain/time/instant.ts'
import type { Call, ScenarioRow } from '../../ports/storage/index.ts'
import { armInWords, countedFrom } from './arm-words.ts'
import { callInWords, explainedCall } from './explain-call.ts'
import { type ExplainFinding, finding, localTime, type Speaker } from './explain-finding.ts'
import type { ExplainedArm } from './explanation.ts'
import type { LeavingReason } from './leaving.ts'

export interface Standing {
  readonly enrolment: Enrolment
  readonly definition: ScenarioDefinition | undefined
  /** Calls of the enrolment that have not ended. */
  readonly calls: readonly Call[]
  readonly now: Instant
  /** Those of its scenario that are over. */
  readonly pauses: ScenarioRow['pauses']
  /** It is being ended. */
  readonly leaving: LeavingReason | null
}

/** Where an enrolment stands, for what, and until when. */
export const standingFinding = (speaker: Speaker, { enrolment, definition, calls, now, pauses }: Standing): ExplainFinding => {
  const { stepId: step, stepSeq, wakeAt, wakeSpec } = enrolment
  const kind = 'waiting'
  if (step === null) return finding(speaker, 'lastMail', { kind, at: wakeAt, waitsFor: { kind: 'last-mail' } })
  const nothing = { kind, step, waitsFor: null } as const
  if (wakeSpec === null) return finding(speaker, wakeAt === null ? 'waitingOpen' : 'goesOn', { ...nothing, at: wakeAt })
  const standing = definition?.steps[step]
  if (standing?.kind === 'call') {
    const call = calls.find((each) => each.stepSeq === stepSeq && each.state === 'waiting')
    if (call === undefined) return finding(speaker, 'resultComes', { kind, step, waitsFor: { kind: 'call', call: null } })
    const explained = explainedCall(call)
    const words = { call: callInWords(explained, speaker, now) }
    return finding(speaker, 'waitingForResult', { kind, step, waitsFor: { kind: 'call', call: explained } }, words)
  }
  if (standing?.kind === 'wait-for') return waitForFinding(speaker, enrolment, { step: standing, wakeSpec })
  return timeFinding(speaker, enrolment, { wakeSpec, pauses })
}

interface Waits {
  readonly wakeSpec: WakeSpec
  readonly pauses: ScenarioRow['pauses']
}

const timeFinding = (speaker: Speaker, enrolment: Enrolment, { wakeSpec, pauses }: Waits): ExplainFinding => {
  const { stepId: step } = enrolment
  const { wait, from, anchorAt, endsAt } = wakeSpec
  const name = from.kind === 'attribute' ? from.attribute : from.kind === 'event' ? from.event : null
  // What counts from the mail before counts from the entry where there is none yet.
  const sinceEntry = anchorAt === null ? null : anchorAt - enrolment.enteredAt
  const isAtEntry = sinceEntry === 0 || sinceEntry === (enrolment.memory.shift?.by ?? 0)
  const isEntry = from.kind === 'entry' || (from.kind === 'previous' && enrolment.lastSendAt === null && isAtEntry)
  const movedBy = isEntry ? (sinceEntry ?? 0) : from.kind === 'previous' ? shiftOf(enrolment, wakeSpec, pauses) : 0
  const kind = isEntry ? 'entry' : from.kind
  const waitsFor = { kind: 'time', from: { kind, name }, countsFrom: anchorAt, until: endsAt } as const
  const facts = { kind: 'waiting', step, at: endsAt, waitsFor } as const
  const words = {
    how: waitInWords(wait, speaker.language === 'ja' ? null : from, speaker.language),
    from: countedFrom(speaker, { kind, name }, { from, anchorAt, movedBy }),
  }
  return finding(speaker, endsAt === null ? 'waitingForAnchor' : 'waiting', facts, words)
}

/** By how much pauses that were resumed with `shift` have moved what the wait counts from since the enrolment came to it. */
const shiftOf = ({ enteredAt, memory }: Enrolment, { arrivedAt }: WakeSpec, pauses: Waits['pauses']): Milliseconds => {
  const until = memory.shift?.until ?? Number.NEGATIVE_INFINITY
  return pauses
    .filter(({ missed, to }) => missed === 'shift' && to > arrivedAt && to <= until)
    .reduce((sum, { from, to }) => sum + to - Math.max(from, enteredAt), 0)
}

interface WaitsAt {
  readonly step: WaitForStep
  readonly wakeSpec: WakeSpec
}

const waitForFinding = (speaker: Speaker, enrolment: Enrolment, { step, wakeSpec }: WaitsAt): ExplainFinding => {
  const { arrivedAt, endsAt } = wakeSpec
  const eventsSince = { entry: enrolment.enteredAt, previous: enrolment.anchorAt, step: arrivedAt }[step.since]
  const arms = step.arms.map(({ on }) => armOf(on))
  const waitsFor = { kind: 'first-of', arms, eventsSince, until: endsAt } as const
  const facts = { kind: 'waiting', step: step.id, at: endsAt, waitsFor } as const
  const words = {
    arms: step.arms.map(({ on }) => armInWords(on, speaker.language)).join(speaker.language === 'ja' ? '／' : '; '),
    since: localTime(eventsSince, speaker.timeZone),
  }
  return finding(speaker, endsAt === null ? 'waitingForever' : 'waitingFor', facts, words)
}

const armOf = (on: WaitForStep['arms'][number]['on']): ExplainedArm => {
  if (on.kind === 'event') return { kind: 'event', event: on.event }
  if (on.kind === 'segment') return { kind: 'segment', segment: on.segment }
  const { step, fate, link } = on
  return { kind: 'mail', step, fate, link }
}
