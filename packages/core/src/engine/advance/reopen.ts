import { reopenEnrolment } from '../../domain/scenario/end-enrolment.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { InboxRow, Step, StorageTransaction } from '../../ports/storage/index.ts'

/**
 * Brings back completed enrolments whose last mail was put off, as these rows tell: they are in the scenario until it goes out, so
 * that whatever ends an enrolment drops it. Asks nothing unless there is such a row for one that is not `active`. Answers those that
 * are back.
 */
export function* reopen(
  tx: StorageTransaction,
  inbox: readonly InboxRow[],
  active: readonly Enrolment[],
  now: Instant,
): Step<readonly Enrolment[]> {
  const isActive = new Set(active.map(({ id }) => id))
  const rows = inbox.filter(({ meta }) => meta?.enrolmentId !== undefined && !isActive.has(meta.enrolmentId))
  const postponed = rows.filter(({ meta }) => meta?.input?.kind === 'deferred' && meta.input.plannedAt > now)
  if (postponed.length === 0) return []
  const contactIds = [...new Set(postponed.map(({ contactId }) => contactId))]
  const enrolments = yield* tx.enrolments.ofContacts(contactIds)
  const back = enrolments.flatMap((enrolment) => {
    const plannedAt = enrolment.state === 'completed' ? plannedFor(enrolment, postponed) : undefined
    return plannedAt === undefined ? [] : [reopenEnrolment(enrolment, plannedAt)]
  })
  // Written at once: jobs that run ahead read who is active anew.
  if (back.length > 0) yield* tx.enrolments.save(back)
  return back
}

const plannedFor = ({ id, memory }: Enrolment, rows: readonly InboxRow[]): Instant | undefined => {
  for (const { meta } of rows) {
    const { enrolmentId, input } = meta ?? {}
    if (enrolmentId === id && input?.kind === 'deferred' && input.stepSeq === memory.lastSendSeq) return input.plannedAt
  }
  return undefined
}
