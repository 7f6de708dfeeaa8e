import { rulesFor } from '../../domain/caps/cap-rule.ts'
import { decideSend } from '../../domain/consent/decide-send.ts'
import { type Instant, minute } from '../../domain/time/instant.ts'
import type { ClaimedMail } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { lookUpSuppressions, type SuppressionsOf } from '../suppression-lookup.ts'
import { type AllowedMail, type Ending, heldUntil } from './allowed-mail.ts'
import { applyCaps } from './apply-caps.ts'
import { type CapStanding, type Rival, readCapStanding } from './cap-standing.ts'
import { type EnrolmentOrder, readEnrolmentOrder } from './enrolment-order.ts'
import { finishOf } from './finish-of.ts'
import { BatchOpenings, openingFor, readSendWindows } from './send-windows.ts'

/** Long enough to decide, render and reach a free connection; a crashed claim comes back after it. */
const claimLease = 2 * minute

export interface ClaimedBatch {
  /** How many rows were taken, whatever was decided. */
  readonly taken: number
  readonly send: readonly AllowedMail[]
  /** What is not sent now: skipped, or put back until its window opens or a cap has room. */
  readonly ended: readonly Ending[]
}

/** A batch with the facts that were read with it, as of one instant. */
interface Batch {
  readonly mails: readonly ClaimedMail[]
  readonly order: EnrolmentOrder
  readonly suppressionsOf: SuppressionsOf
  /** Null: no cap concerns it. */
  readonly standing: CapStanding | null
  readonly now: Instant
}

/**
 * Takes due mail, reads the facts of the whole batch in the same transaction, and decides. Mail whose window is closed by now (a
 * late worker, an outage), or that comes in quiet hours, waits for the next opening, and mail that would overtake an earlier one
 * of its enrolment, or follow it too closely, for its turn; it is skipped as expired where that comes too late. Mail that finds a
 * cap full fares as its policy says. Mail whose template or version this process does not know, or whose window needs a date
 * that the calendar lacks, is left alone: its claim runs out by itself, so that a process that knows better takes it, until it expires.
 */
export const claimBatch = async (runtime: Runtime, limit: number): Promise<ClaimedBatch> => {
  const now = runtime.clock.now()
  const batch = await runtime.storage.transaction(function* (tx) {
    const mails = yield* tx.queue.claim({ now, limit, leaseUntil: now + claimLease, owner: runtime.owner })
    const suppressionsOf = yield* lookUpSuppressions(
      runtime,
      tx,
      mails.map((mail) => mail.contact),
    )
    yield* readSendWindows(
      runtime,
      tx,
      mails.map(({ message }) => message),
    )
    const order = yield* readEnrolmentOrder(runtime, tx, mails, now)
    const standing = yield* readCapStanding(runtime, tx, mails, now)
    return { mails: order.mails, order, suppressionsOf, standing, now }
  })
  return new Sorting(runtime, batch).sort()
}

/** Sorts one batch: what goes out, what ends, and what is left alone. Used once. */
class Sorting {
  readonly #runtime: Runtime
  readonly #batch: Batch
  /** Later than the claim by as long as it took: what expired meanwhile is not sent. */
  readonly #decidedAt: Instant
  readonly #openings: BatchOpenings
  readonly #send: AllowedMail[] = []
  readonly #ended: Ending[] = []
  /** Mail with an opening that falls under a cap, and of the same contacts what must wait for its opening. */
  readonly #capped = new Map<string, AllowedMail[]>()
  readonly #held = new Map<string, Rival[]>()
  readonly #foreign = new Set<string>()
  readonly #undated = new Map<string | null, unknown>()

  constructor(runtime: Runtime, batch: Batch) {
    this.#runtime = runtime
    this.#batch = batch
    this.#decidedAt = runtime.clock.now()
    this.#openings = new BatchOpenings(runtime, batch.now, claimLease)
  }

  sort(): ClaimedBatch {
    const { logger } = this.#runtime
    const { mails, standing } = this.#batch
    for (const mail of mails) this.#place(mail)
    if (standing !== null) this.#applyCaps(standing)
    for (const template of this.#foreign) logger.warn('template.unknownHere', { template })
    for (const [scenario, error] of this.#undated) logger.error('window.undecided', { scenario, error })
    return { taken: mails.length, send: this.#send, ended: this.#ended }
  }

  #place(mail: ClaimedMail): void {
    const { template, scenario } = mail.message
    const reason = this.#refusal(mail, mail.message, mail.queue.expiresAt)
    if (reason !== null) {
      this.#ended.push({ finish: finishOf(mail, 'skipped', { reason }) })
      return
    }
    if (!this.#runtime.prepared.has(template)) {
      this.#foreign.add(template)
      return
    }
    try {
      this.#placeInTime(mail)
    } catch (error) {
      this.#undated.set(scenario, error)
    }
  }

  #placeInTime(mail: ClaimedMail): void {
    const { settings } = this.#runtime
    const { standing, now } = this.#batch
    const { opensAt: open, closesAt } = this.#openings.of(mail)
    const turn = this.#batch.order.holdOf(mail)
    const opensAt = turn > now ? openingFor(this.#runtime, mail, turn) : open
    const isCapped = standing !== null && rulesFor(settings.caps, mail.message).length > 0
    if (opensAt > now) {
      this.#ended.push({ finish: heldUntil(mail, opensAt) })
      if (isCapped) push(this.#held, mail.contact.id, rivalOf(mail, opensAt))
      return
    }
    const allowed = closesAt === null ? mail : { ...mail, closesAt }
    if (isCapped) push(this.#capped, mail.contact.id, allowed)
    else this.#send.push(allowed)
  }

  #applyCaps(standing: CapStanding): void {
    const own = new Set(this.#batch.mails.map(({ message }) => message.id))
    for (const [contactId, mails] of this.#capped) {
      const [first] = mails
      if (first === undefined) continue
      const others = standing
        .rivalsOf(contactId)
        .filter((rival) => !own.has(rival.id) && this.#refusal(first, rival, null) === null)
      const rivals = [...others, ...(this.#held.get(contactId) ?? [])]
      try {
        const { send, ended } = applyCaps(this.#runtime, standing, { mails, rivals }, this.#batch.now)
        this.#send.push(...send)
        this.#ended.push(...ended)
      } catch (error) {
        this.#undated.set(first.message.scenario, error)
      }
    }
  }

  /** Why mail of this purpose and topic may not go to the contact; null: it may. */
  #refusal({ contact }: ClaimedMail, mail: Pick<Rival, 'purpose' | 'topic'>, expiresAt: Instant | null) {
    const { jurisdiction, audience } = this.#runtime.settings
    const decision = decideSend({
      contact,
      message: { purpose: mail.purpose, topic: mail.topic, expiresAt },
      suppressions: this.#batch.suppressionsOf(contact),
      jurisdiction,
      audience,
      now: this.#decidedAt,
    })
    return decision.allow ? null : decision.reason
  }
}

const rivalOf = ({ message }: ClaimedMail, runAt: Instant): Rival => ({ ...message, runAt })

const push = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
