import type { MarkAnswer, MarkRequest } from '../ports/storage/index.ts'
import { reserveCaps } from './caps.ts'
import { giveBack } from './give-back.ts'
import { leavesFor } from './is-leaving.ts'
import { isPaused } from './is-paused.ts'
import type { QueueRow } from './mail-tables.ts'
import { endMessage } from './messages.ts'
import type { Tables } from './tables.ts'

/** The committed mark of one row. Never `held`: transactions run one after the other here. */
export const createMark =
  (tables: Tables) =>
  (request: MarkRequest, { now, leaseUntil }: { readonly now: number; readonly leaseUntil: number }): MarkAnswer => {
    const { messageId, caps = [] } = request
    const row = tables.queue.get(messageId)
    if (row === undefined || row.phase !== 0 || row.token !== request.token || (row.leaseUntil ?? now) <= now) return 'lost'
    if (row.entry.expiresAt <= now) {
      tables.queue.delete(messageId)
      endMessage(tables, messageId, { state: 'skipped', reason: 'expired', finishedAt: now })
      return 'expired'
    }
    const ending = endingOf(tables, row)
    if (ending !== null) {
      tables.queue.delete(messageId)
      endMessage(tables, messageId, { state: 'skipped', reason: ending, finishedAt: now })
      return 'ended'
    }
    if (hasChanged(tables, row, request)) {
      giveBack(tables, row)
      return 'changed'
    }
    if (!reserveCaps(tables, { messageId, contactId: row.entry.contactId, caps })) {
      giveBack(tables, row)
      return 'capped'
    }
    tables.queue.put({ ...row, phase: 1, leaseUntil })
    return 'marked'
  }

/** Why the enrolment of a mail is no longer to be written to; null: it is, or the mail is of none. */
const endingOf = (tables: Tables, { entry: { enrolmentId } }: QueueRow): string | null => {
  const enrolment = enrolmentId === null ? undefined : tables.enrolments.get(enrolmentId)
  if (enrolment === undefined) return null
  return enrolment.state === 'exited' || enrolment.state === 'failed' ? 'exited' : leavesFor(tables, enrolment)
}

const hasChanged = (tables: Tables, row: QueueRow, request: MarkRequest): boolean => {
  const { enrolmentId, enrolmentRev, broadcastId, contactId, scenario } = row.entry
  if (tables.contacts.get(contactId)?.consentRev !== request.consentRev) return true
  if (isPaused(tables, scenario)) return true
  if (broadcastId !== null && tables.broadcasts.get(broadcastId)?.state === 'cancelled') return true
  if (enrolmentId === null) return false
  const enrolment = tables.enrolments.get(enrolmentId)
  return enrolment === undefined || enrolment.rev !== enrolmentRev
}
