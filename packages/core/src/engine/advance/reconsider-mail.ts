import type { TransitionInput } from '../../domain/scenario/transition-contract.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Message, Step } from '../../ports/storage/index.ts'
import { mailNotice } from '../deliver/mail-notice.ts'
import { BatchOpenings, readSendWindows } from '../deliver/send-windows.ts'
import type { Batch } from './batch.ts'

type Deferred = Extract<TransitionInput, { kind: 'deferred' }>

/** By enrolment, when its mail is planned for now. */
export type Replanned = ReadonlyMap<string, readonly Deferred[]>

/**
 * Mail that waits for an opening in the zone that a contact has left goes by the new zone, earlier or later; answers when, because
 * the waits after it count from there. Without any request unless somebody has moved, or come with another contact.
 */
export function* reconsiderMail(batch: Batch): Step<Replanned> {
  const { tx, now } = batch
  const moved = movedContacts(batch)
  if (moved.length === 0) return new Map()
  const waiting = (yield* tx.messages.waitingOf(moved)).filter(({ scenario, attempt }) => scenario !== null && attempt === 0)
  if (waiting.length === 0) return new Map()
  yield* tx.messages.reconsider(moved, now)
  const mails = yield* tx.messages.get(waiting.map(({ messageId }) => messageId))
  yield* readSendWindows(batch.runtime, tx, mails)
  return replanned(batch, mails)
}

const movedContacts = ({ before, contacts, inbox }: Batch): readonly string[] => {
  const moved = new Set(inbox.filter(({ kind, name }) => kind === 'look' && name === 'merge').map(({ contactId }) => contactId))
  for (const [id, { timeZone }] of before) if (contacts.get(id)?.timeZone !== timeZone) moved.add(id)
  return [...moved].toSorted()
}

const replanned = (batch: Batch, mails: readonly Message[]): Replanned => {
  const openings = new BatchOpenings(batch.runtime, batch.now, 0)
  const planned = new Map<string, Deferred[]>()
  for (const mail of mails) {
    const plannedAt = openingOf(batch, openings, mail)
    if (plannedAt === null) continue
    const { enrolmentId, input } =
      mailNotice(mail, batch.now, (stepSeq) => ({ kind: 'deferred', stepSeq, plannedAt }))?.meta ?? {}
    if (enrolmentId === undefined || input?.kind !== 'deferred') continue
    planned.set(enrolmentId, [...(planned.get(enrolmentId) ?? []), input])
  }
  return planned
}

/** Null where this process cannot tell: the version or the calendar is another process's business, which takes the mail too. */
const openingOf = ({ contacts }: Batch, openings: BatchOpenings, mail: Message): Instant | null => {
  const contact = contacts.get(mail.contactId)
  if (contact === undefined) return null
  try {
    return openings.of({ message: mail, contact }).opensAt
  } catch {
    return null
  }
}
