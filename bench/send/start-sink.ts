import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { SinkCounts } from './sink.ts'

export interface Sink {
  readonly port: number
  /** What arrived since the last call. */
  counts(): Promise<SinkCounts>
  stop(): void
}

/** `latency`: ms that the other end takes over each mail. Default 0. */
export const startSink = async ({ latency = 0 }: { readonly latency?: number } = {}): Promise<Sink> => {
  const child = fork(join(import.meta.dirname, 'sink.ts'), [String(latency)], { execArgv: [] })
  const [port] = await once(child, 'message')
  return {
    port,
    counts: async () => {
      child.send('counts')
      const [counts] = await once(child, 'message')
      return counts
    },
    stop: () => child.disconnect(),
  }
}
