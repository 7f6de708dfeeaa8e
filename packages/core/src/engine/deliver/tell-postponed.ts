import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { FinishRequest, InboxEntry, Message, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { tellContacts } from '../inbox/tell-contacts.ts'
import { mailNotice } from './mail-notice.ts'

type Retry = Extract<FinishRequest, { kind: 'retry' }>

/**
 * Tells of mail that went back into the queue. Enrolments that have come to their end hear it, so that goal and exit still apply
 * until it goes out; those on their way do not: their waits do not move. Mail for a date of the contact is looked at again, because
 * nobody takes it back while it is handed over. Two requests, and none where no mail was put back.
 */
export function* tellPostponed(tx: StorageTransaction, retries: readonly Retry[], now: Instant): Step<void> {
  const runAt = new Map(retries.flatMap((retry) => (retry.runAt > now ? [[retry.messageId, retry.runAt] as const] : [])))
  if (runAt.size === 0) return
  const mails = (yield* tx.messages.get([...runAt.keys()])).filter(({ enrolmentId }) => enrolmentId !== null)
  if (mails.length === 0) return
  const enrolments = yield* tx.enrolments.ofContacts([...new Set(mails.map(({ contactId }) => contactId))])
  const byId = new Map(enrolments.map((enrolment) => [enrolment.id, enrolment]))
  const notices = mails.flatMap((mail) => {
    const plannedAt = runAt.get(mail.id)
    const enrolment = byId.get(mail.enrolmentId ?? '')
    if (plannedAt === undefined || enrolment === undefined) return []
    const told = isAtEnd(enrolment) ? mailNotice(mail, now, (stepSeq) => ({ kind: 'deferred', stepSeq, plannedAt })) : null
    return [...(told === null ? [] : [told]), ...(isForDate(mail, enrolment) ? [lookOf(mail, now)] : [])]
  })
  yield* tellContacts(tx, notices)
}

const isForDate = ({ stepId }: Message, { memory }: Enrolment): boolean =>
  stepId !== null && memory.dated?.sends.includes(stepId) === true

const lookOf = ({ id, contactId }: Message, now: Instant): InboxEntry => ({
  contactId,
  kind: 'look',
  name: 'postponed',
  key: id,
  payload: {},
  occurredAt: now,
  receivedAt: now,
  startScenarios: true,
})

const isAtEnd = ({ state, stepId }: Enrolment): boolean => state === 'completed' || (state === 'active' && stepId === null)
