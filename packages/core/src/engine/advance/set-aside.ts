import { failEnrolment } from '../../domain/scenario/end-enrolment.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'

const manyEntries = 1_000

/**
 * Takes a contact whose batch fails even alone out of everyone's way: its waiting entries are set aside with the reason; with
 * none waiting it is a due enrolment that fails, so those become `failed`. Answers the contacts for whom that was done.
 */
export function* setAside(
  tx: StorageTransaction,
  contactIds: readonly string[],
  { now, reason }: { readonly now: Instant; readonly reason: string },
): Step<string[]> {
  const ids = (yield* tx.contacts.lock(contactIds, { skipLocked: true })).map(({ id }) => id)
  const entries = yield* tx.inbox.load(ids, manyEntries)
  if (entries.length > 0) {
    yield* tx.inbox.fail(
      entries.map(({ id }) => id),
      reason,
    )
    return ids
  }
  const due = (yield* tx.enrolments.lockActive(ids)).filter(({ wakeAt }) => wakeAt !== null && wakeAt <= now)
  yield* tx.enrolments.save(due.map((enrolment) => failedEnrolment(enrolment, now, reason)))
  if (due.length > 0) {
    const enrolmentIds = due.map(({ id }) => id)
    yield* tx.messages.dropQueued({ enrolmentIds }, 'exited', now)
  }
  return ids
}

/** An enrolment that cannot go on, with its revision raised so that its queued mail is looked at again. */
export const failedEnrolment = (enrolment: Enrolment, now: Instant, reason: string): Enrolment => ({
  ...failEnrolment(enrolment, reason, now),
  rev: enrolment.rev + 1,
})
