import { failEnrolment } from '../../domain/scenario/end-enrolment.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { day, type Instant } from '../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'

const manyEntries = 1_000
/** When a watch that could not be looked at is tried again. */
const watchPause = day

interface Trouble {
  readonly now: Instant
  readonly reason: string
}

/**
 * Takes a contact whose batch fails even alone out of everyone's way: its waiting entries are set aside with the reason; with
 * none waiting it is a due enrolment that fails, so those become `failed`; else a watch that is due waits for a day. Answers the
 * contacts for whom that was done.
 */
export function* setAside(tx: StorageTransaction, contactIds: readonly string[], trouble: Trouble): Step<string[]> {
  const ids = (yield* tx.contacts.lock(contactIds, { skipLocked: true })).map(({ id }) => id)
  const entries = yield* tx.inbox.load(ids, manyEntries)
  if (entries.length > 0) {
    yield* tx.inbox.fail(
      entries.map(({ id }) => id),
      trouble.reason,
    )
    return ids
  }
  const hasFailed = yield* failDue(tx, ids, trouble)
  const hasWaited = yield* postponeWatches(tx, ids, trouble)
  return hasFailed || hasWaited ? ids : []
}

function* failDue(tx: StorageTransaction, ids: readonly string[], { now, reason }: Trouble): Step<boolean> {
  const due = (yield* tx.enrolments.lockActive(ids)).filter(({ wakeAt }) => wakeAt !== null && wakeAt <= now)
  if (due.length === 0) return false
  yield* tx.enrolments.save(due.map((enrolment) => failedEnrolment(enrolment, now, reason)))
  const enrolmentIds = due.map(({ id }) => id)
  yield* tx.messages.dropQueued({ enrolmentIds }, 'exited', now)
  yield* tx.calls.drop(enrolmentIds, now)
  return true
}

function* postponeWatches(tx: StorageTransaction, ids: readonly string[], { now }: Trouble): Step<boolean> {
  const keys = (yield* tx.watches.all()).map(({ key }) => key)
  const members = keys.length === 0 ? [] : yield* tx.watches.members(keys, ids)
  const due = members.filter(({ nextAt }) => nextAt !== null && nextAt <= now)
  if (due.length > 0) yield* tx.watches.put(due.map((member) => ({ ...member, nextAt: now + watchPause })))
  return due.length > 0
}

/** An enrolment that cannot go on, with its revision raised so that its queued mail is looked at again. */
export const failedEnrolment = (enrolment: Enrolment, now: Instant, reason: string): Enrolment => ({
  ...failEnrolment(enrolment, reason, now),
  rev: enrolment.rev + 1,
})
