import type { MarkAnswer, MarkRequest } from '../ports/storage/index.ts'
import { giveBack, isHeldByPause } from './give-back.ts'
import { endMessage } from './messages.ts'
import type { QueueRow, Tables } from './tables.ts'

/** The committed mark of one row. Never `held`: transactions run one after the other here. */
export const createMark =
  (tables: Tables) =>
  (request: MarkRequest, { now, leaseUntil }: { readonly now: number; readonly leaseUntil: number }): MarkAnswer => {
    const row = tables.queue.get(request.messageId)
    if (row === undefined || row.phase !== 0 || row.token !== request.token || (row.leaseUntil ?? now) <= now) return 'lost'
    if (row.entry.expiresAt <= now) {
      tables.queue.delete(request.messageId)
      endMessage(tables, request.messageId, { state: 'skipped', reason: 'expired', finishedAt: now })
      return 'expired'
    }
    if (hasChanged(tables, row, request)) {
      giveBack(tables, row)
      return 'changed'
    }
    tables.queue.put({ ...row, phase: 1, leaseUntil })
    return 'marked'
  }

const hasChanged = (tables: Tables, row: QueueRow, request: MarkRequest): boolean => {
  const { enrolmentId, enrolmentRev, broadcastId, contactId } = row.entry
  if (tables.contacts.get(contactId)?.consentRev !== request.consentRev) return true
  if (isHeldByPause(tables, row)) return true
  if (broadcastId !== null && tables.broadcasts.get(broadcastId)?.state === 'cancelled') return true
  if (enrolmentId === null) return false
  const enrolment = tables.enrolments.get(enrolmentId)
  if (enrolment === undefined || enrolment.rev !== enrolmentRev) return true
  return enrolment.state !== 'active' && enrolment.state !== 'completed'
}
