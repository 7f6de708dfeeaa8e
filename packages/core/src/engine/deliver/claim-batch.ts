import { decideSend } from '../../domain/consent/decide-send.ts'
import { type Instant, minute } from '../../domain/time/instant.ts'
import type { ClaimedMail, FinishRequest } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { lookUpSuppressions, type SuppressionsOf } from '../suppression-lookup.ts'
import { finishOf, retryOf } from './finish-of.ts'
import { openingFor, readSendWindows } from './send-windows.ts'

/** Long enough to decide, render and reach a free connection; a crashed claim comes back after it. */
const claimLease = 2 * minute

export interface ClaimedBatch {
  /** How many rows were taken, whatever was decided. */
  readonly taken: number
  readonly send: readonly ClaimedMail[]
  /** What is not sent now: skipped, or put back until its window opens. */
  readonly ended: readonly FinishRequest[]
}

/**
 * Takes due mail, reads the facts of the whole batch in the same transaction, and decides. Mail whose window is closed
 * by now (a late worker, an outage) waits for the next opening, and is skipped as expired where that comes too late. Mail whose
 * template this process does not know, or whose window needs a date that the calendar lacks, is left alone: its claim runs out
 * by itself, so that a process that knows better takes it.
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
    yield* readSendWindows(runtime, tx, mails)
    return { mails, suppressionsOf }
  })
  return sort(runtime, mails, suppressionsOf)
}

const sort = (runtime: Runtime, mails: readonly ClaimedMail[], suppressionsOf: SuppressionsOf): ClaimedBatch => {
  const now = runtime.clock.now()
  const { jurisdiction, audience } = runtime.settings
  const send: ClaimedMail[] = []
  const ended: FinishRequest[] = []
  const foreign = new Set<string>()
  const undated = new Map<string | null, unknown>()
  for (const mail of mails) {
    const { purpose, topic, template, scenario } = mail.message
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
    if (!decision.allow) {
      ended.push(finishOf(mail, 'skipped', { reason: decision.reason }))
      continue
    }
    try {
      const opening = openingFor(runtime, mail, now)
      if (opening <= now) send.push(mail)
      else ended.push(heldUntil(mail, opening))
    } catch (error) {
      undated.set(scenario, error)
    }
  }
  for (const template of foreign) runtime.logger.warn('template.unknownHere', { template })
  for (const [scenario, error] of undated) runtime.logger.error('window.undecided', { scenario, error })
  return { taken: mails.length, send, ended }
}

const heldUntil = (mail: ClaimedMail, opening: Instant): FinishRequest =>
  opening < mail.queue.expiresAt
    ? { ...retryOf(mail, opening, null), isHeld: true }
    : finishOf(mail, 'skipped', { reason: 'expired' })
