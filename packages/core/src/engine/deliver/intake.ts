import type { Instant } from '../../domain/time/instant.ts'
import type { Runtime } from '../runtime.ts'
import { type AllowedMail, type Ending, giveBackClosed, hasClosed } from './allowed-mail.ts'
import { Backlog } from './backlog.ts'
import { claimBatch } from './claim-batch.ts'
import { ClaimSize } from './claim-size.ts'
import { finishOf } from './finish-of.ts'
import { type ReadyMail, renderMail } from './render-mail.ts'

/** How often a run claims again because something changed under a mark; the next run takes what is left. */
const mostRounds = 10

/**
 * Where a delivery run gets its mail: claims ahead of need, decides, and renders a little ahead. What ends here (skipped, not
 * renderable) waits in `takeEnded` to be written down.
 */
export class Intake {
  readonly #runtime: Runtime
  readonly #claimSize: ClaimSize
  readonly #onLanded: (failure: { readonly error: unknown } | null) => void
  readonly #backlog = new Backlog()
  readonly #ready: ReadyMail[] = []
  #ended: Ending[] = []
  #remaining: number
  #isClaiming = false
  #isDry = false
  #rounds = 0

  constructor(
    runtime: Runtime,
    options: { readonly limit: number; readonly onLanded: (failure: { readonly error: unknown } | null) => void },
  ) {
    this.#runtime = runtime
    this.#remaining = options.limit
    this.#onLanded = options.onLanded
    this.#claimSize = new ClaimSize(runtime.transport.concurrency)
  }

  get waiting(): number {
    return this.#backlog.size + this.#ready.length
  }

  /** How many mails ended here and wait to be written down. */
  get ended(): number {
    return this.#ended.length
  }

  get isClaiming(): boolean {
    return this.#isClaiming
  }

  /** Nothing waits, and nothing more is to be claimed. */
  get isExhausted(): boolean {
    return this.waiting === 0 && (this.#isDry || this.#remaining <= 0)
  }

  /** Claims the next batch in the background where little is waiting. */
  claimAhead(): void {
    if (this.#isClaiming || this.#isDry || this.#remaining <= 0) return
    if (this.#backlog.size > this.#claimSize.lowWater) return
    this.#isClaiming = true
    const landed = (failure: { readonly error: unknown } | null) => {
      this.#isClaiming = false
      this.#onLanded(failure)
    }
    this.#claim().then(
      () => landed(null),
      (error: unknown) => landed({ error }),
    )
  }

  /** Lets the run claim once more after it found nothing: mail went round. */
  goRound(): void {
    if (!this.#isDry || this.#rounds >= mostRounds) return
    this.#rounds += 1
    this.#isDry = false
  }

  /** Renders until `count` mails are ready, or nothing waits. */
  render(count: number): void {
    const now = this.#runtime.clock.now()
    while (this.#ready.length < count) {
      const mail = this.#backlog.take()
      if (mail === undefined) return
      if (this.#isGivenBack(mail, now)) continue
      const ready = renderMail(this.#runtime, mail)
      if (ready === null) this.#ended.push({ finish: finishOf(mail, 'failed', { reason: 'render-failed' }) })
      else this.#ready.push(ready)
    }
  }

  /** Up to `count` rendered mails whose time has not passed while they waited. */
  take(count: number): ReadyMail[] {
    const now = this.#runtime.clock.now()
    const taken: ReadyMail[] = []
    do {
      this.render(count - taken.length)
      for (const ready of this.#ready.splice(0, count - taken.length)) if (!this.#isGivenBack(ready.mail, now)) taken.push(ready)
    } while (taken.length < count && this.waiting > 0)
    return taken
  }

  takeEnded(): Ending[] {
    const ended = this.#ended
    this.#ended = []
    return ended
  }

  /** All that is unmarked, to be handed back. */
  takeAll(): AllowedMail[] {
    return [...this.#ready.splice(0).map(({ mail }) => mail), ...this.#backlog.takeAll()]
  }

  /** Gives a mail back that may not go out any more on what was decided at its claim. */
  #isGivenBack(mail: AllowedMail, now: Instant): boolean {
    if (!hasClosed(mail, now)) return false
    this.#ended.push({ finish: giveBackClosed(this.#runtime, mail, now) })
    return true
  }

  async #claim(): Promise<void> {
    const size = this.#claimSize.next(this.#runtime.clock.monotonic())
    const wanted = Math.min(this.#remaining, size)
    const { taken, send, ended } = await claimBatch(this.#runtime, wanted)
    this.#remaining -= taken
    this.#isDry = taken < wanted
    this.#backlog.add(send)
    this.#ended.push(...ended)
  }
}
