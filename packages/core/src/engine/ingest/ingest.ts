import type { Runtime } from '../runtime.ts'
import type { IncomingDeliveryEvent, IngestReport } from '../tobiishi.ts'
import { AddressWatch } from './address-watch.ts'
import { ingestBatch } from './ingest-batch.ts'
import { Ingester } from './ingester.ts'
import { readIncoming } from './read-incoming.ts'

const largest = 500
const ingesters = new WeakMap<Runtime, Ingester>()

/**
 * Takes in what happened to messages: records it once by its key, and does what follows from it: bounces and complaints
 * suppress, leaving withdraws consent, a delivery or click ends a row of soft bounces, and any sign of life settles a message
 * that was `unknown`. Resolves after the commit; calls at the same time share one. Ids that are not ours are counted.
 * Throws `time.invalid` or `event.invalid_payload` before anything is stored.
 */
export const ingest = async (runtime: Runtime, events: readonly IncomingDeliveryEvent[]): Promise<IngestReport> => {
  const now = runtime.clock.now()
  const incoming = events.map((event) => readIncoming(event, now, runtime.randomId))
  const total = { recorded: 0, duplicates: 0, unknownMessages: 0 }
  for (let from = 0; from < incoming.length; from += largest) {
    const report = await ingesterOf(runtime).add(incoming.slice(from, from + largest))
    total.recorded += report.recorded
    total.duplicates += report.duplicates
    total.unknownMessages += report.unknownMessages
  }
  if (runtime.stored.actsOnMail) runtime.waker.hint()
  return total
}

const ingesterOf = (runtime: Runtime): Ingester => {
  const existing = ingesters.get(runtime)
  if (existing !== undefined) return existing
  const watch = new AddressWatch()
  const made = new Ingester((events) => runtime.storage.transaction((tx) => ingestBatch(runtime, tx, events, watch)))
  ingesters.set(runtime, made)
  return made
}
