import { type Milliseconds, second } from '../../domain/time/instant.ts'
import type { ClaimedCall } from '../../ports/storage/index.ts'
import { reasonOf } from '../advance/batch.ts'
import type { Runtime } from '../runtime.ts'
import type { Handler } from '../tobiishi.ts'
import { finishOfCall, writeCall } from './finish-call.ts'
import { type CallOutcome, makeCall } from './make-call.ts'

/** A claim outlives the longest run of its handler by this. */
const leaseMargin: Milliseconds = 30 * second
/** A call that does not start within this after its claim could outlast the lease, so it does not start at all. */
const startWithin: Milliseconds = leaseMargin - 5 * second
/** Pauses before a result that could not be written down is tried again; then the lease runs out, and the call is made again. */
const writePauses: readonly Milliseconds[] = [100, 500, 2 * second, 5 * second]

/** Places for handlers that are in use in this process, by runtime: several `tick()`s at once share them. */
const inUse = new WeakMap<Runtime, number>()

/**
 * The calls to the app's own functions (the `effect_queue`), made beside delivery so that a slow one holds no mail back: at least
 * once each, at most `callConcurrency` at once in this process. After an abort no call starts; those under way have a moment to
 * end, and what became of them is written down.
 */
export class HandlerCalls {
  readonly #runtime: Runtime
  readonly #signal: AbortSignal
  readonly #handlers: readonly string[]
  readonly #underWay = new Set<Promise<void>>()
  #isClaiming = false
  #isAskedAgain = false
  #ended = 0
  #failure: { readonly error: unknown } | null = null

  constructor(runtime: Runtime, signal: AbortSignal) {
    this.#runtime = runtime
    this.#signal = signal
    this.#handlers = [...runtime.handlers.keys()]
  }

  /** Starts what is due, in the background, and goes on while more is due. */
  poke(): void {
    if (this.#handlers.length === 0 || this.#signal.aborted) return
    this.#isAskedAgain = this.#isClaiming
    const places = this.#isClaiming ? 0 : this.#free
    if (places <= 0) return
    this.#isClaiming = true
    this.#take(places)
    this.#follow(this.#claim(places))
  }

  /** Resolves when nothing is under way and nothing more is due. Rejects as the storage did, if it did. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
    this.#throwFailure()
  }

  /** How many calls have ended since this was asked last; rejects calls to it as the storage did, once. */
  takeEnded(): number {
    this.#throwFailure()
    const ended = this.#ended
    this.#ended = 0
    return ended
  }

  get #free(): number {
    return this.#runtime.settings.callConcurrency - (inUse.get(this.#runtime) ?? 0)
  }

  /** Takes places; less than none gives them back. */
  #take(places: number): void {
    inUse.set(this.#runtime, (inUse.get(this.#runtime) ?? 0) + places)
  }

  #throwFailure(): void {
    const failure = this.#failure
    this.#failure = null
    if (failure !== null) throw failure.error
  }

  #follow(work: Promise<void>): void {
    const followed = work.finally(() => this.#underWay.delete(followed))
    this.#underWay.add(followed)
  }

  async #claim(places: number): Promise<void> {
    const { clock, storage } = this.#runtime
    const options = { now: clock.now(), limit: places, leaseMargin, handlers: this.#handlers }
    const claimedAt = clock.monotonic()
    try {
      const claimed = await storage.transaction((tx) => tx.calls.claim(options))
      const calls = clock.monotonic() - claimedAt > startWithin ? [] : claimed
      this.#take(calls.length - places)
      for (const call of calls) this.#follow(this.#run(call))
    } catch (error) {
      this.#take(-places)
      this.#failure = { error }
    }
    this.#isClaiming = false
    if (this.#isAskedAgain) this.poke()
  }

  async #run(call: ClaimedCall): Promise<void> {
    const handler = this.#runtime.handlers.get(call.handler)
    const outcome = await this.#make(call, handler)
    if (outcome !== null) await this.#settle(call, outcome)
    this.#ended += 1
    this.#runtime.waker.hint()
    this.poke()
  }

  /** The place is given back whatever happens. */
  async #make(call: ClaimedCall, handler: Handler | undefined): Promise<CallOutcome | null> {
    try {
      return handler === undefined ? null : await makeCall(this.#runtime, call, { handler, stop: this.#signal })
    } finally {
      this.#take(-1)
    }
  }

  async #settle(call: ClaimedCall, outcome: CallOutcome): Promise<void> {
    const { clock, storage, logger } = this.#runtime
    const now = clock.now()
    const finish = finishOfCall(call, outcome, now)
    const { handler, scenario, stepId, idemKey, attempt } = call
    const line = { handler, scenario, stepId, idemKey, attempt: attempt + 1 }
    for (const pause of [...writePauses, null]) {
      try {
        const written = await storage.transaction((tx) => writeCall(tx, call, finish, now))
        const reason = outcome.isDone ? null : outcome.kind
        if (written === 'dead') logger.error('call.gaveUp', { ...line, reason })
        if (written === 'done' && reason !== null) logger.info('call.dropped', { ...line, reason })
        if (written === 'retry') logger.info('call.postponed', { ...line, reason })
        return
      } catch (error) {
        if (pause === null) logger.error('call.unrecorded', { ...line, outcome: finish.outcome, reason: reasonOf(error) })
        else await clock.sleepUntil(clock.now() + pause)
      }
    }
  }
}
