import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AcceptedMail } from './sink.ts'

export interface Sink {
  readonly port: number
  accepted(): Promise<readonly AcceptedMail[]>
  stop(): Promise<void>
}

export const startSink = async (): Promise<Sink> => {
  const child = fork(join(import.meta.dirname, 'sink.ts'), { execArgv: [] })
  const [port] = (await once(child, 'message')) as [number]
  return {
    port,
    accepted: async () => {
      child.send('accepted?')
      const [accepted] = (await once(child, 'message')) as [AcceptedMail[]]
      return accepted
    },
    stop: async () => {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
