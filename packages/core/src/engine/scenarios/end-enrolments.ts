import type { SkipReason } from '../../domain/consent/consent.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'

/** Writes enrolments that ended from outside, with their queued mail skipped and their calls dropped. Their contacts are locked. */
export function* endEnrolments(
  tx: StorageTransaction,
  ended: readonly Enrolment[],
  { reason, now }: { readonly reason: SkipReason; readonly now: Instant },
): Step<void> {
  if (ended.length === 0) return
  const enrolmentIds = ended.map(({ id }) => id)
  yield* tx.enrolments.save(ended)
  yield* tx.messages.dropQueued({ enrolmentIds }, reason, now)
  yield* tx.calls.drop(enrolmentIds, now)
}
