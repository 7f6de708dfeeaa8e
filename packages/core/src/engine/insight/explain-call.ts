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
export const callInWords = ({ handler, tries, attempts, nextAt }: ExplainedCall, { language, timeZone }: Speaker): string => {
  const next = nextAt === null ? '' : localTime(nextAt, timeZone)
  if (language === 'ja') {
    const state = nextAt === null ? '断念' : `次は ${next}`
    return `「${handler}」の呼び出し：${attempts}回中${tries}回試行、${state}`
  }
  const state = nextAt === null ? 'given up' : `${tries === 0 ? 'first' : 'next'} try ${next}`
  return `call of "${handler}": tried ${tries} of ${attempts} times, ${state}`
}

/** A call that its enrolment does not wait for, or that was given up. */
export const callFinding = (speaker: Speaker, call: Call): ExplainFinding => {
  const explained = explainedCall(call)
  const facts = { step: call.stepId, reason: call.state, at: call.runAt, call: explained } as const
  return finding(speaker, 'called', { kind: 'call', ...facts }, { call: callInWords(explained, speaker) })
}
