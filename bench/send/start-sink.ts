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

export const startSink = async (): Promise<Sink> => {
  const child = fork(join(import.meta.dirname, 'sink.ts'), { execArgv: [] })
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
