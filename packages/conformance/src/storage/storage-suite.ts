import type { TestRunner } from '../test-runner.ts'
import { assignmentCases } from './assignments.ts'
import { broadcastCases } from './broadcasts.ts'
import { callCases } from './calls.ts'
import { type Capability, createSuite } from './capability.ts'
import { capCases } from './caps.ts'
import { concurrencyCases } from './concurrency.ts'
import { consentCases } from './consents.ts'
import { contactCases } from './contacts.ts'
import { conversionCases, deliveryEventCases } from './delivery-events.ts'
import { enqueueCases } from './enqueue.ts'
import { enrolmentPageCases } from './enrolment-pages.ts'
import { enrolmentCases } from './enrolments.ts'
import { erasureCases } from './erasure.ts'
import { eventCases } from './events.ts'
import { fateCases } from './fates.ts'
import { inboxCases } from './inbox.ts'
import { jobCases } from './jobs.ts'
import { lockCases } from './lock-conflicts.ts'
import { mergeCases } from './merge.ts'
import { claimCases } from './queue-claim.ts'
import { finishCases } from './queue-finish.ts'
import { markCases } from './queue-mark.ts'
import { queueProtocolCases } from './queue-protocol.ts'
import { linkReportCases, reportCases } from './reports.ts'
import { scenarioLifeCases } from './scenario-life.ts'
import { scenarioCases, templateCases } from './scenarios.ts'
import { nextDueCases, schemaCases } from './schema.ts'
import { segmentCases } from './segments.ts'
import type { StorageUnderTest } from './storage-under-test.ts'
import { suppressionCases } from './suppressions.ts'
import { transactionCases } from './transactions.ts'
import { waitingMailCases } from './waiting-mail.ts'
import { watchCases } from './watches.ts'

export interface StorageSuiteOptions extends TestRunner {
  /** Makes a fresh, empty database for each test. */
  readonly create: () => Promise<StorageUnderTest>
  /** How often each property is tried. Default 25. */
  readonly numRuns?: number
}

const capabilities: Readonly<Record<string, Capability>> = {
  transactions: transactionCases,
  schema: schemaCases,
  contacts: contactCases,
  'consent ledger': consentCases,
  suppressions: suppressionCases,
  inbox: inboxCases,
  events: eventCases,
  scenarios: scenarioCases,
  'life of a scenario': scenarioLifeCases,
  templates: templateCases,
  enrolments: enrolmentCases,
  'enrolments by page': enrolmentPageCases,
  watches: watchCases,
  calls: callCases,
  assignments: assignmentCases,
  jobs: jobCases,
  messages: enqueueCases,
  'waiting mail': waitingMailCases,
  fates: fateCases,
  claim: claimCases,
  mark: markCases,
  'finish and reap': finishCases,
  caps: capCases,
  'delivery events': deliveryEventCases,
  conversions: conversionCases,
  broadcasts: broadcastCases,
  segments: segmentCases,
  reports: reportCases,
  'link reports': linkReportCases,
  'next due': nextDueCases,
  merge: mergeCases,
  erasure: erasureCases,
  'two connections': concurrencyCases,
  'open transactions': lockCases,
  'queue protocol': queueProtocolCases,
}

/**
 * Every case that a storage must pass, the race rules in words. A storage that passes can carry the whole product; nothing
 * here knows whose storage it is: differences are asked of `storage.traits`.
 *
 * @example
 * ```ts
 * import { describe, expect, it } from 'vitest'
 * storageSuite({ describe, it, expect, create: async () => {
 *   const storage = memoryStorage()
 *   return { storage, close: () => storage.close() }
 * } })
 * ```
 */
export const storageSuite = ({ create, numRuns = 25, ...runner }: StorageSuiteOptions): void => {
  const suite = createSuite(runner, { create, numRuns })
  for (const [name, capability] of Object.entries(capabilities)) runner.describe(name, () => capability(suite))
}
