import type { Runtime } from '../runtime.ts'
import type { DeliverReport } from './deliver-report.ts'
import { type DeliverOptions, DeliveryRun } from './delivery-run.ts'

/**
 * Sends what is due: claims, decides, renders, marks, hands over and writes down, until nothing is due, `limit` mails were
 * claimed or `signal` aborts. After an abort no call starts; those under way end and are written down, and unmarked claims
 * are given back. Rejects as the storage does, after the results at hand were tried to be written down several times.
 * Runs at once in one process share the transport's `concurrency`.
 */
export const deliverDue = (runtime: Runtime, options: DeliverOptions): Promise<DeliverReport> =>
  new DeliveryRun(runtime, options).run()
