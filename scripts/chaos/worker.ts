import { smtpTransport } from '@tobiishi/transport-smtp'
import { createFastClock, type Pace } from './fast-clock.ts'
import { createMail } from './mail.ts'
import { recordMarks } from './mark-record.ts'
import { openStorage, type Place } from './storages.ts'

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
  storage: recordMarks(openStorage(place), marksFile),
  // A second of the transport is `speed` seconds of the run's clock.
  transport: { ...transport, maxCallMs: transport.maxCallMs * pace.speed },
  clock: createFastClock(pace),
})

const stop = new AbortController()
process.on('message', () => stop.abort())
process.on('disconnect', () => process.exit(1))
await mail.run({ signal: stop.signal })
await mail.close()
process.disconnect()
process.exitCode = 0
