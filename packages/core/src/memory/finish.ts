import type { FinishRequest } from '../ports/storage/index.ts'
import { giveBackCaps } from './caps.ts'
import { giveBack } from './give-back.ts'
import type { QueueRow } from './mail-tables.ts'
import { endMessage } from './messages.ts'
import type { Tables } from './tables.ts'

/** Ends one call, or puts its mail back. True where it took effect. */
export const finish = (tables: Tables, request: FinishRequest, now: number): boolean => {
  const row = tables.queue.get(request.messageId)
  const held = row !== undefined && row.token === request.token && row.leaseUntil !== null ? row : null
  if (request.kind === 'retry') {
    if (held === null) return false
    retry(tables, held, request, now)
    return true
  }
  if (held === null && !isLateAnswer(tables, request)) return false
  tables.queue.delete(request.messageId)
  const { state, reason, templateHash, providerId, answer } = request
  if (state === 'failed' || state === 'skipped') giveBackCaps(tables, request.messageId)
  if (state === 'sent') tables.reservations.delete(request.messageId)
  const unknownToken = state === 'unknown' ? request.token : null
  const isErased = tables.messages.get(request.messageId)?.idemKey.startsWith('erased:') === true
  const kept = isErased ? null : answer
  endMessage(tables, request.messageId, { state, reason, templateHash, providerId, answer: kept, unknownToken, finishedAt: now })
  return true
}

const retry = (tables: Tables, row: QueueRow, request: Extract<FinishRequest, { kind: 'retry' }>, now: number): void => {
  const { messageId, contactId } = row.entry
  giveBackCaps(tables, messageId)
  if (tables.contacts.get(contactId) === undefined) {
    tables.queue.delete(messageId)
    endMessage(tables, messageId, { state: 'skipped', reason: 'contact-erased', finishedAt: now })
    return
  }
  giveBack(tables, {
    ...row,
    entry: { ...row.entry, runAt: request.runAt },
    attempt: row.attempt + (request.isHeld === true ? 0 : 1),
  })
  if (request.answer !== null) endMessage(tables, messageId, { answer: request.answer })
}

/** The answer to a call that was taken for lost: it knows better than `unknown`. */
const isLateAnswer = (tables: Tables, request: FinishRequest): boolean => {
  const message = tables.messages.get(request.messageId)
  return message?.state === 'unknown' && message.unknownToken === request.token
}
