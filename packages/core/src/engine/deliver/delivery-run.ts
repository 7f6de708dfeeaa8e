import { type Milliseconds, second } from '../../domain/time/instant.ts'
import type { ClaimedMail, MarkRequest } from '../../ports/storage/index.ts'
import type { TransportResult } from '../../ports/transport.ts'
import { applyRejections } from '../ingest/apply-rejections.ts'
import type { Runtime } from '../runtime.ts'
import { giveBackClosed, hasClosed } from './allowed-mail.ts'
import { CallSlots } from './call-slots.ts'
import { Calls, leaseMargin } from './calls.ts'
import { countFinishes, type DeliverReport, emptyCounts } from './deliver-report.ts'
import { retryOf } from './finish-of.ts'
import { Intake } from './intake.ts'
import { Pulse } from './pulse.ts'
import type { ReadyMail } from './render-mail.ts'
import { type StartedCall, settleCall } from './settle-call.ts'
import { TroubleLog } from './trouble-log.ts'
import { emptyWrites, type TurnAnswers, type TurnWrites, turn } from './turn.ts'

/** Longest that ended calls wait for others to be written down with. */
const longestHold: Milliseconds = 8
/** Pauses before results that could not be written down are tried again. */
const writePauses: readonly Milliseconds[] = [100, 500, 2 * second, 5 * second]

export interface DeliverOptions {
  /** Most mails to claim. */
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

/** What a turn starts and writes, and when. */
interface Round {
  readonly starting: readonly ReadyMail[]
  readonly writes: TurnWrites
  readonly leaseUntil: number
  /** Monotonic. */
  readonly markedAt: Milliseconds
}

const markOf = ({ mail }: ReadyMail): MarkRequest => {
  const { message, contact, token, places } = mail
  const request = { messageId: message.id, contactId: contact.id, token, consentRev: contact.consentRev }
  return places === undefined ? request : { ...request, caps: places }
}

/**
 * One delivery run: a rolling pipeline over claim, decide, render, mark, send and finish (design §6). Marks are committed
 * right before their calls and only as many as there are free connections; ended calls are written down in the transaction
 * that marks the next ones, gathered for a moment so that one commit serves several. Used once.
 */
export class DeliveryRun {
  readonly #runtime: Runtime
  readonly #signal: AbortSignal | undefined
  readonly #slots: CallSlots
  readonly #calls: Calls
  readonly #intake: Intake
  readonly #pulse = new Pulse()
  readonly #counts = emptyCounts()
  readonly #trouble = new TroubleLog()
  #writes: TurnWrites = emptyWrites()
  #aftermath: Promise<void> = Promise.resolve()
  #isOver = false
  #turnTook: Milliseconds = 0
  #failedTurns = 0
  #failure: { readonly error: unknown } | null = null

  constructor(runtime: Runtime, options: DeliverOptions) {
    this.#runtime = runtime
    this.#signal = options.signal
    this.#slots = CallSlots.of(runtime.transport)
    this.#calls = new Calls(runtime, this.#slots, (call, result) => this.#ended(call, result))
    this.#intake = new Intake(runtime, { limit: options.limit, onLanded: (failure) => this.#landed(failure) })
  }

  /** Works until nothing is due, the limit is reached or the signal aborts; what is under way is finished first. */
  async run(): Promise<DeliverReport> {
    const wake = () => this.#pulse.soon()
    const forgetSlots = this.#slots.onFree(() => this.#stir())
    this.#signal?.addEventListener('abort', wake)
    try {
      await this.#loop()
    } finally {
      this.#isOver = true
      forgetSlots()
      this.#signal?.removeEventListener('abort', wake)
      this.#pulse.stop()
      this.#calls.close()
      this.#trouble.flush(this.#runtime)
    }
    await this.#handBack(this.#intake.takeAll())
    await this.#aftermath
    if (this.#failure !== null) throw this.#failure.error
    return this.#counts
  }

  async #loop(): Promise<void> {
    for (;;) {
      if (!this.#isStopping) this.#intake.claimAhead()
      if (this.#isFinished) return
      if (this.#worth > 0) this.#stir()
      await this.#pulse.beat()
      await this.#turn()
    }
  }

  get #isStopping(): boolean {
    return this.#signal?.aborted === true || this.#failure !== null
  }

  get #startable(): number {
    return this.#isStopping ? 0 : Math.min(this.#slots.free, this.#intake.waiting)
  }

  /** How many mails a turn would move now. */
  get #worth(): number {
    return this.#startable + this.#writes.finishes.length + this.#intake.ended
  }

  get #isFinished(): boolean {
    if (this.#intake.isClaiming || this.#calls.underWay > 0) return false
    if (this.#writes.finishes.length + this.#intake.ended > 0) return false
    return this.#isStopping || this.#intake.isExhausted
  }

  /** Goes round at once where that is worth a commit, else in a moment. */
  #stir(): void {
    if (this.#calls.underWay === 0 || this.#worth * 2 >= this.#slots.total) this.#pulse.soon()
    else this.#pulse.later(Math.max(1, Math.min(longestHold, 2 * this.#turnTook)))
  }

  #landed(failure: { readonly error: unknown } | null): void {
    this.#failure ??= failure
    this.#pulse.soon()
  }

  #ended(call: StartedCall, result: TransportResult): void {
    settleCall(this.#runtime, call, result, this.#runtime.clock.now(), this.#writes, this.#trouble)
    if (!this.#isOver) return
    this.#trouble.flush(this.#runtime)
    void this.#turn()
  }

  async #turn(): Promise<void> {
    const { clock, storage, transport } = this.#runtime
    const markedAt = clock.monotonic()
    const round = this.#nextRound(clock.now() + transport.maxCallMs + leaseMargin, markedAt)
    const { starting, writes } = round
    if (starting.length + writes.finishes.length === 0) return
    const times = { now: clock.now(), leaseUntil: round.leaseUntil }
    let answers: TurnAnswers
    try {
      answers = await storage.transaction((tx) => turn(this.#runtime, tx, starting.map(markOf), writes, times))
    } catch (error) {
      await this.#turnFailed(round, error)
      return
    }
    this.#turnTook = clock.monotonic() - markedAt
    this.#failedTurns = 0
    this.#conclude(round, answers)
    if (!this.#isStopping) this.#intake.render(this.#slots.total)
  }

  #nextRound(leaseUntil: number, markedAt: Milliseconds): Round {
    const slots = this.#slots.take(this.#isOver ? 0 : this.#startable)
    const starting = this.#intake.take(slots)
    if (starting.length < slots) this.#slots.give(slots - starting.length)
    const writes = this.#writes
    for (const { finish, notice } of this.#intake.takeEnded()) {
      writes.finishes.push(finish)
      if (notice !== undefined) writes.notices.set(finish, notice)
    }
    this.#writes = emptyWrites()
    return { starting, writes, leaseUntil, markedAt }
  }

  #conclude({ starting, writes, leaseUntil, markedAt }: Round, { marks, finished }: TurnAnswers): void {
    countFinishes(this.#counts, writes.finishes, finished)
    if (writes.rejections.length > 0) this.#afterwards(() => applyRejections(this.#runtime, writes.rejections))
    for (const [index, { mail, composed, templateHash }] of starting.entries()) {
      const answer = marks[index]
      if (answer === 'marked') {
        const now = this.#runtime.clock.now()
        const isClosed = hasClosed(mail, now)
        if (!isClosed && this.#calls.start({ mail, templateHash, leaseUntil }, composed, markedAt)) continue
        this.#writes.finishes.push(isClosed ? giveBackClosed(this.#runtime, mail, now) : retryOf(mail, now, null))
      }
      if (answer === 'expired' || answer === 'ended') this.#counts.skipped += 1
      if (answer === 'changed' || answer === 'capped') this.#intake.goRound()
      this.#slots.give(1)
    }
  }

  /**
   * Keeps the results of ended calls and tries again. Whether the marks were committed nobody knows; their calls did not start,
   * so they go back.
   */
  async #turnFailed({ starting, writes }: Round, error: unknown): Promise<void> {
    const { clock, logger } = this.#runtime
    this.#failure ??= { error }
    this.#slots.give(starting.length)
    const now = clock.now()
    const later = this.#writes
    this.#writes = {
      finishes: [...writes.finishes, ...starting.map(({ mail }) => retryOf(mail, now, null)), ...later.finishes],
      notices: new Map([...writes.notices, ...later.notices]),
      rejections: [...writes.rejections, ...later.rejections],
      resends: [...writes.resends, ...later.resends],
    }
    const pause = this.#isOver ? undefined : writePauses[this.#failedTurns]
    this.#failedTurns += 1
    if (pause !== undefined) return await clock.sleepUntil(now + pause)
    for (const finish of this.#writes.finishes) {
      const outcome = finish.kind === 'done' ? finish.state : 'retry'
      logger.error('delivery.unrecorded', { messageId: finish.messageId, outcome })
    }
    this.#writes = emptyWrites()
  }

  /** What need not be waited for before the next turn; a failure loses nothing that the ledger does not know. */
  #afterwards(work: () => Promise<void>): void {
    this.#aftermath = this.#aftermath
      .then(work)
      .catch((error: unknown) => this.#runtime.logger.error('delivery.aftermathFailed', { error }))
  }

  /** Gives claims back. Where that fails they come back by themselves when their lease is over. */
  async #handBack(mails: readonly ClaimedMail[]): Promise<void> {
    if (mails.length === 0) return
    const claims = mails.map(({ message, token }) => ({ messageId: message.id, token }))
    try {
      await this.#runtime.storage.transaction((tx) => tx.queue.release(claims))
    } catch (error) {
      this.#runtime.logger.warn('delivery.claimsKept', { claims: claims.length, error })
    }
  }
}
