import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { FinishRequest, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { tellContacts } from '../inbox/tell-contacts.ts'
import { mailNotice } from './mail-notice.ts'

type Retry = Extract<FinishRequest, { kind: 'retry' }>

/**
 * Tells enrolments that have come to their end that their mail went back into the queue, so that goal and exit still apply until it
 * goes out. Those on their way hear nothing: their waits do not move. Two requests, and none where no mail was put back.
 */
export function* tellPostponed(tx: StorageTransaction, retries: readonly Retry[], now: Instant): Step<void> {
  const runAt = new Map(retries.flatMap((retry) => (retry.runAt > now ? [[retry.messageId, retry.runAt] as const] : [])))
  if (runAt.size === 0) return
  const mails = (yield* tx.messages.get([...runAt.keys()])).filter(({ enrolmentId }) => enrolmentId !== null)
  if (mails.length === 0) return
  const enrolments = yield* tx.enrolments.ofContacts([...new Set(mails.map(({ contactId }) => contactId))])
  const atEnd = new Set(enrolments.filter(isAtEnd).map(({ id }) => id))
  const notices = mails.flatMap((mail) => {
    const plannedAt = runAt.get(mail.id)
    if (plannedAt === undefined || mail.enrolmentId === null || !atEnd.has(mail.enrolmentId)) return []
    return mailNotice(mail, now, (stepSeq) => ({ kind: 'deferred', stepSeq, plannedAt })) ?? []
  })
  yield* tellContacts(tx, notices)
}

const isAtEnd = ({ state, stepId }: Enrolment): boolean => state === 'completed' || (state === 'active' && stepId === null)
