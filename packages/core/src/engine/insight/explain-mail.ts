import type { Instant } from '../../domain/time/instant.ts'
import type { Message } from '../../ports/storage/index.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'
import { reasonInWords } from './explain-words.ts'

/** What became of a mail. `runAt`: when a queued one may go. */
export const mailFinding = (speaker: Speaker, message: Message, runAt: Instant | null): ExplainFinding => {
  const { id: messageId, state, reason, stepId: step } = message
  const words = { mail: message.template, reason: reasonInWords(reason ?? '', speaker.language) }
  const at = state === 'queued' ? (runAt ?? message.plannedAt) : (message.finishedAt ?? message.createdAt)
  return finding(speaker, state, { kind: state, at, step, reason, messageId }, words)
}
