import type { SkipReason } from '../../domain/consent/consent.ts'
import { decideSend } from '../../domain/consent/decide-send.ts'
import { minute } from '../../domain/time/instant.ts'
import type { ClaimedMail, FinishRequest } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { lookUpSuppressions, type SuppressionsOf } from '../suppression-lookup.ts'

/** Long enough to decide, render and reach a free connection; a crashed claim comes back after it. */
const claimLease = 2 * minute

export interface ClaimedBatch {
  /** How many rows were taken, whatever was decided. */
  readonly taken: number
  readonly send: readonly ClaimedMail[]
  readonly skip: readonly FinishRequest[]
}

/**
 * Takes due mail, reads the facts of the whole batch in the same transaction, and decides. Mail whose template this process
 * does not know is left alone: its claim runs out by itself, so that a process that knows it takes it.
 */
export const claimBatch = async (runtime: Runtime, limit: number): Promise<ClaimedBatch> => {
  const now = runtime.clock.now()
  const { mails, suppressionsOf } = await runtime.storage.transaction(function* (tx) {
    const mails = yield* tx.queue.claim({ now, limit, leaseUntil: now + claimLease, owner: runtime.owner })
    const suppressionsOf = yield* lookUpSuppressions(
      runtime,
      tx,
      mails.map((mail) => mail.contact),
    )
    return { mails, suppressionsOf }
  })
  return sort(runtime, mails, suppressionsOf)
}

const sort = (runtime: Runtime, mails: readonly ClaimedMail[], suppressionsOf: SuppressionsOf): ClaimedBatch => {
  const now = runtime.clock.now()
  const { jurisdiction, audience } = runtime.settings
  const send: ClaimedMail[] = []
  const skip: FinishRequest[] = []
  const foreign = new Set<string>()
  for (const mail of mails) {
    const { purpose, topic, template } = mail.message
    if (!runtime.prepared.has(template)) {
      foreign.add(template)
      continue
    }
    const decision = decideSend({
      contact: mail.contact,
      message: { purpose, topic, expiresAt: mail.queue.expiresAt },
      suppressions: suppressionsOf(mail.contact),
      jurisdiction,
      audience,
      now,
    })
    if (decision.allow) send.push(mail)
    else skip.push(skipped(mail, decision.reason))
  }
  for (const template of foreign) runtime.logger.warn('template.unknownHere', { template })
  return { taken: mails.length, send, skip }
}

const skipped = (mail: ClaimedMail, reason: SkipReason): FinishRequest => ({
  kind: 'done',
  messageId: mail.message.id,
  token: mail.token,
  state: 'skipped',
  reason,
  templateHash: null,
  providerId: null,
  answer: null,
})
