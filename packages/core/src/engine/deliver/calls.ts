import { type Milliseconds, second } from '../../domain/time/instant.ts'
import type { ComposedMail } from '../../message/prepared-template.ts'
import type { TransportResult } from '../../ports/transport.ts'
import type { Runtime } from '../runtime.ts'
import type { CallSlots } from './call-slots.ts'
import type { StartedCall } from './settle-call.ts'

/** A mark's lease outlives the longest call by this. */
export const leaseMargin: Milliseconds = 30 * second
const kinds: readonly unknown[] = ['accepted', 'rejected', 'transient', 'ambiguous'] satisfies TransportResult['kind'][]

/** Transports are the app's own code too: one in JavaScript may resolve with nothing. */
const isResult = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && kinds.includes(value.kind)

/** A call that does not start within this after its mark could outlast the lease, so it does not start at all. */
const startWithin: Milliseconds = leaseMargin - 5 * second

/**
 * The calls of a run that are under way, each holding one slot. A call whose transport breaks its promise and is silent past
 * the lease is given up: the reaper decides about its message, and `onEnded` still hears of a later answer.
 */
export class Calls {
  readonly #runtime: Runtime
  readonly #slots: CallSlots
  readonly #onEnded: (call: StartedCall, result: TransportResult) => void
  readonly #underWay = new Set<StartedCall>()
  readonly #stop = new AbortController()
  #isWatching = false

  constructor(runtime: Runtime, slots: CallSlots, onEnded: (call: StartedCall, result: TransportResult) => void) {
    this.#runtime = runtime
    this.#slots = slots
    this.#onEnded = onEnded
  }

  get underWay(): number {
    return this.#underWay.size
  }

  /** Starts a marked call, whose slot is taken. False where its time has passed by the monotonic clock: it was not started. */
  start(call: StartedCall, composed: ComposedMail, markedAt: Milliseconds): boolean {
    const { clock, transport } = this.#runtime
    if (clock.monotonic() - markedAt > startWithin) return false
    this.#underWay.add(call)
    if (!this.#isWatching) this.#watch()
    const outgoing = { messageId: call.mail.message.id, envelope: composed.envelope, raw: composed.raw }
    const answered = (result: TransportResult) =>
      this.#end(call, isResult(result) ? result : this.#broken(call, new TypeError('The transport gave no result.')))
    try {
      transport.send(outgoing).then(answered, (error: unknown) => answered(this.#broken(call, error)))
    } catch (error) {
      queueMicrotask(() => answered(this.#broken(call, error)))
    }
    return true
  }

  /** Ends the watch over silent calls. */
  close(): void {
    this.#stop.abort()
  }

  #end(call: StartedCall, result: TransportResult): void {
    const isOurs = this.#underWay.delete(call)
    this.#onEnded(call, result)
    if (isOurs) this.#slots.give(1)
  }

  /** A transport never rejects; where one does, nobody knows what it did. */
  #broken(call: StartedCall, error: unknown): TransportResult {
    const { logger, transport } = this.#runtime
    logger.error('transport.rejected', { transport: transport.name, messageId: call.mail.message.id, reason: kindOf(error) })
    return { kind: 'ambiguous', answer: { text: 'The transport failed without an answer.' } }
  }

  async #watch(): Promise<void> {
    this.#isWatching = true
    const { clock } = this.#runtime
    while (!this.#stop.signal.aborted) {
      const [oldest] = this.#underWay
      const until = oldest?.leaseUntil ?? clock.now() + this.#runtime.transport.maxCallMs + leaseMargin
      await clock.sleepUntil(until, this.#stop.signal)
      if (!this.#stop.signal.aborted) this.#giveUpSilent()
    }
  }

  #giveUpSilent(): void {
    const { clock, logger, transport } = this.#runtime
    const now = clock.now()
    for (const call of this.#underWay) {
      if (call.leaseUntil > now) continue
      this.#underWay.delete(call)
      logger.error('transport.overran', { transport: transport.name, messageId: call.mail.message.id })
      this.#slots.give(1)
    }
  }
}

/** What was thrown, without its message: a transport of somebody else may have put an address there. */
const kindOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
