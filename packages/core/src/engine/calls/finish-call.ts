import type { Instant } from '../../domain/time/instant.ts'
import type { CallWriter, ClaimedCall, InboxEntry, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { callRetryAt } from './call-retry-at.ts'
import type { CallOutcome } from './make-call.ts'

type FinishCall = Parameters<CallWriter['finish']>[0][number]

/** What a call that ended comes to: done, tried again later (at once, where it was only interrupted), or given up. */
export const finishOfCall = (call: ClaimedCall, outcome: CallOutcome, now: Instant): FinishCall => {
  const { idemKey, token } = call
  if (outcome.isDone) return { idemKey, token, outcome: 'done', runAt: now, error: null }
  const retryAt = outcome.isStopped === true ? now : callRetryAt(call, now)
  const error = outcome.reason
  if (retryAt === null) return { idemKey, token, outcome: 'dead', runAt: now, error }
  return { idemKey, token, outcome: 'retry', runAt: retryAt, error }
}

/**
 * Writes down what became of a call, and tells the enrolment that waits for it, in one transaction; nothing where the call is not
 * ours any more. One that failed is not tried again, nor given up, where its enrolment has left meanwhile. Where the contact was merged into another meanwhile, the call goes back instead (at most once more than it has
 * attempts), so that the result reaches the enrolment under its new contact. Answers what took effect.
 */
export function* writeCall(
  tx: StorageTransaction,
  call: ClaimedCall,
  finish: FinishCall,
  now: Instant,
): Step<FinishCall['outcome'] | null> {
  if (finish.outcome !== 'done' && (yield* hasLeft(tx, call))) {
    const [isDropped] = yield* tx.calls.finish([{ ...finish, outcome: 'done' }])
    return isDropped === true ? 'done' : null
  }
  const isAwaited = call.waits && finish.outcome !== 'retry'
  const isGone = isAwaited && (yield* tx.contacts.lock([call.contactId], { skipLocked: false })).length === 0
  const written: FinishCall = isGone && call.attempt <= call.attempts ? { ...finish, outcome: 'retry', runAt: now } : finish
  const [tookEffect] = yield* tx.calls.finish([written])
  if (tookEffect !== true) return null
  if (isAwaited && !isGone) yield* tx.inbox.append([resultOf(call, finish.outcome === 'done', now)])
  return written.outcome
}

/** The lock is that of whoever ends the enrolment, who drops calls that are not under way. */
function* hasLeft(tx: StorageTransaction, { contactId, enrolmentId }: ClaimedCall): Step<boolean> {
  yield* tx.contacts.lock([contactId], { skipLocked: false })
  const enrolments = yield* tx.enrolments.ofContact(contactId)
  return enrolments.some(({ id, state }) => id === enrolmentId && (state === 'exited' || state === 'failed'))
}

const resultOf = (
  { contactId, scenario, idemKey, enrolmentId, stepSeq }: ClaimedCall,
  ok: boolean,
  now: Instant,
): InboxEntry => ({
  contactId,
  kind: 'step',
  name: scenario,
  key: idemKey,
  payload: {},
  occurredAt: now,
  receivedAt: now,
  startScenarios: false,
  meta: { enrolmentId, input: { kind: 'result', stepSeq, ok } },
})
