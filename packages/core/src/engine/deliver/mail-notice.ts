import type { TransitionInput } from '../../domain/scenario/transition-contract.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { InboxEntry, Message } from '../../ports/storage/index.ts'
import { isCopy } from './resend.ts'

/** What an enrolment is told of its mail; null for other mail. A copy of mail that may have gone out says nothing new. */
export const mailNotice = (message: Message, now: Instant, input: (stepSeq: number) => TransitionInput): InboxEntry | null => {
  const { contactId, enrolmentId, scenario, idemKey } = message
  if (enrolmentId === null || scenario === null || isCopy(message)) return null
  return {
    contactId,
    kind: 'step',
    name: scenario,
    key: idemKey,
    payload: {},
    occurredAt: now,
    receivedAt: now,
    startScenarios: false,
    meta: { enrolmentId, input: input(Number(idemKey.slice(enrolmentId.length + 1))) },
  }
}
