import type { Transport, TransportResult } from '@tobiishi/core/ports'

/** A server that does not answer until it is told to: what a process sees that dies or stalls in the middle of a call. */
export interface SilentTransport extends Transport {
  /** Resolves when a call has started. */
  readonly called: Promise<void>
  answer(result: TransportResult): void
}

export const silentTransport = (): SilentTransport => {
  const call = Promise.withResolvers<void>()
  const result = Promise.withResolvers<TransportResult>()
  return {
    name: 'silent',
    concurrency: 5,
    maxCallMs: 10_000,
    called: call.promise,
    answer: result.resolve,
    send: () => {
      call.resolve()
      return result.promise
    },
    verify: async () => {},
    close: async () => {},
  }
}
