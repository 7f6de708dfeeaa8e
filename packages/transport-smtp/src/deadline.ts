/**
 * The hard end of one call: its time limit or the caller's signal, whichever comes first. `onOver` is the one thing to stop
 * right now; whoever has work under way sets it and clears it afterwards.
 */
export class Deadline {
  reason: Error | null = null
  onOver: ((reason: Error) => void) | null = null
  readonly #timer: NodeJS.Timeout
  readonly #signal: AbortSignal | undefined
  readonly #aborted = (): void => this.#end(withCode('EABORT', 'The call was aborted.'))

  constructor(ms: number, signal: AbortSignal | undefined) {
    this.#timer = setTimeout(() => this.#end(withCode('ETIMEDOUT', `The call took longer than ${ms} ms.`)), ms)
    this.#signal = signal
    if (signal?.aborted) this.#aborted()
    else signal?.addEventListener('abort', this.#aborted, { once: true })
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#aborted)
    this.onOver = null
  }

  #end(reason: Error): void {
    if (this.reason !== null) return
    this.reason = reason
    this.onOver?.(reason)
  }
}

export const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code })
