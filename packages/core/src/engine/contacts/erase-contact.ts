import { exitEnrolment } from '../../domain/scenario/end-enrolment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import { endEnrolments } from '../scenarios/end-enrolments.ts'

export interface Erasure {
  readonly id: string
  /** Opaque: stands for the person in what is kept for counts and as evidence. */
  readonly alias: string
  readonly now: Instant
  /** Of the address, as suppressions have it; null: the address is not suppressed. */
  readonly keyOf: ((emailKey: string) => string) | null
}

/**
 * Takes a person out of every table, in a transaction that holds the contact's lock. Mail that is not marked is skipped as
 * `contact-erased`; a call that is under way is finished by its message and token, for which nobody need be there. An id that
 * nobody has only loses what waits for it in the inbox.
 */
export function* eraseContact(tx: StorageTransaction, { id, alias, now, keyOf }: Erasure): Step<void> {
  const [contact] = yield* tx.contacts.lock([id], { skipLocked: false })
  yield* tx.inbox.erase(id)
  if (contact === undefined) return
  yield* eraseEnrolments(tx, { id, alias, now })
  yield* tx.messages.erase(id, alias, now)
  yield* tx.calls.move(id, null)
  yield* tx.assignments.move(id, null)
  yield* tx.watches.erase(id)
  yield* tx.events.erase(id)
  yield* tx.consents.move(id, alias)
  yield* tx.contacts.remove(id)
  if (keyOf !== null && contact.emailKey !== null) yield* suppressErased(tx, keyOf(contact.emailKey), { alias, now })
}

function* eraseEnrolments(tx: StorageTransaction, { id, alias, now }: Omit<Erasure, 'keyOf'>): Step<void> {
  const active = yield* tx.enrolments.lockActive([id])
  yield* endEnrolments(
    tx,
    active.map((enrolment) => exitEnrolment(enrolment, 'erased', now)),
    { reason: 'contact-erased', now },
  )
  yield* tx.enrolments.forget(id)
  yield* tx.enrolments.move(id, alias)
}

/** Whoever has the address can still find the evidence of its consent: the ledger of the alias. An earlier suppression gives way. */
function* suppressErased(tx: StorageTransaction, key: string, { alias, now }: Pick<Erasure, 'alias' | 'now'>): Step<void> {
  const [before] = yield* tx.suppressions.find([key])
  if (before !== undefined) yield* tx.suppressions.remove([key])
  const since = Math.min(before?.since ?? now, now)
  yield* tx.suppressions.put([{ key, scope: 'all', reason: 'erased', since, details: { ...before?.details, ledger: alias } }])
}
