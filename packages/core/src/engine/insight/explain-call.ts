import type { Instant } from '../../domain/time/instant.ts'
import type { Call } from '../../ports/storage/index.ts'
import { type ExplainFinding, finding, localTime, type Speaker } from './explain-finding.ts'
import type { ExplainedCall } from './explanation.ts'

export const explainedCall = ({ idemKey, handler, state, attempt, attempts, runAt }: Call): ExplainedCall => ({
  idemKey,
  handler,
  state,
  tries: attempt,
  attempts,
  nextAt: state === 'dead' ? null : runAt,
})

/** How far a call has come, as a part of a sentence. */
export const callInWords = (call: ExplainedCall, speaker: Speaker, now: Instant): string => {
  const { handler, tries, attempts } = call
  const next = speaker.language === 'ja' ? nextInJapanese(call, speaker, now) : nextInEnglish(call, speaker, now)
  if (speaker.language === 'ja') return `「${handler}」の呼び出し：${attempts}回中${tries}回試行、${next}`
  return `call of "${handler}": tried ${tries} of ${attempts} times, ${next}`
}

const nextInEnglish = ({ tries, nextAt }: ExplainedCall, { timeZone }: Speaker, now: Instant): string => {
  if (nextAt === null) return 'given up'
  const nth = tries === 0 ? 'first' : 'next'
  return nextAt <= now ? `the ${nth} try is due or under way` : `${nth} try ${localTime(nextAt, timeZone)}`
}

const nextInJapanese = ({ nextAt }: ExplainedCall, { timeZone }: Speaker, now: Instant): string => {
  if (nextAt === null) return '断念'
  return nextAt <= now ? '実行待ちまたは実行中' : `次は ${localTime(nextAt, timeZone)}`
}

/** A call that its enrolment does not wait for, or that was given up. */
export const callFinding = (speaker: Speaker, call: Call, now: Instant): ExplainFinding => {
  const explained = explainedCall(call)
  const facts = { step: call.stepId, reason: call.state, at: call.runAt, call: explained } as const
  return finding(speaker, 'called', { kind: 'call', ...facts }, { call: callInWords(explained, speaker, now) })
}
