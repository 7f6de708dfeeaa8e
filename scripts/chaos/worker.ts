import { once } from 'node:events'
import { smtpTransport } from '@tobiishi/transport-smtp'
import { createFastClock, type Pace } from './fast-clock.ts'
import { createMail } from './mail.ts'
import { recordMarks } from './mark-record.ts'
import { openStorage, type Place } from './open-storage.ts'

/** What a worker process is told. */
export interface WorkerOrders {
  readonly place: Place
  readonly pace: Pace
  readonly smtpPort: number
  readonly marksFile: string
}

const { place, pace, smtpPort, marksFile } = JSON.parse(process.argv[2] ?? '') as WorkerOrders
const transport = smtpTransport({ url: `smtp://127.0.0.1:${smtpPort}`, maxCallMs: 1_000 })
const mail = createMail({
  storage: recordMarks(await openStorage(place), marksFile),
  // A second of the transport is `speed` seconds of the run's clock.
  transport: { ...transport, maxCallMs: transport.maxCallMs * pace.speed },
  clock: createFastClock(pace),
})

// Loaded, it waits as a spare until it is told to go; the next word is to stop.
process.on('disconnect', () => process.exit(1))
const stop = new AbortController()
const [word] = await once(process, 'message')
process.on('message', () => stop.abort())
if (word === 'stop') stop.abort()
await mail.prepare()
process.send?.('ready')
await mail.run({ signal: stop.signal })
await mail.close()
process.disconnect()
process.exitCode = 0
