import { TobiishiError } from '../errors/index.ts'
import type { Step, Storage, StorageTransaction } from '../ports/storage/index.ts'
import { createAssignments } from './assignments.ts'
import { createBroadcasts } from './broadcasts.ts'
import { createCalls } from './calls.ts'
import { createConsents, createSuppressions } from './consents.ts'
import { createContacts } from './contacts.ts'
import { createEnrolments } from './enrolments.ts'
import { createEvents } from './events.ts'
import { appendToInbox, createInbox } from './inbox.ts'
import { createJobs } from './jobs.ts'
import { Journal } from './journal.ts'
import { createMessages } from './messages.ts'
import { createQueue } from './queue.ts'
import { createReports } from './reports.ts'
import { createScenarios, createTemplates } from './scenarios.ts'
import { createSchema } from './schema.ts'
import { createSegments } from './segments.ts'
import { createTables, type Tables } from './tables.ts'
import { createWatches } from './watches.ts'

/**
 * A storage in this process's memory, for tests and small tools. Transactions are real: they run one after the other,
 * whole, and a throw takes back everything they wrote. Rows handed out are frozen. Nothing survives the process, but
 * `close` keeps the rows, so that a test can restart its app on the same storage.
 */
export const memoryStorage = (): Storage<never> => {
  const journal = new Journal()
  const tables = createTables(journal)
  const verbs = createVerbs(tables)
  const transact = <T>(work: () => T): T => {
    journal.begin()
    try {
      const result = work()
      journal.commit()
      return result
    } catch (error) {
      journal.rollback()
      throw error
    }
  }
  return {
    traits: { singleWorker: false, durable: false, sharesTransactions: false },
    migrate: async () => ({ from: 1, to: 1 }),
    migrationSql: () => '',
    schemaState: async () => 'ready',
    append: async (entries, options) => {
      if (options?.tx !== undefined) {
        throw new TobiishiError('storage.transaction_foreign', 'The storage in memory shares no transactions: leave out `tx`.')
      }
      transact(() => appendToInbox(tables, entries))
    },
    transaction: async (work) => transact(() => drive(work(verbs))),
    read: async (work) => drive(work(verbs)),
    close: async () => {},
  }
}

const createVerbs = (tables: Tables): StorageTransaction => ({
  contacts: createContacts(tables),
  consents: createConsents(tables),
  suppressions: createSuppressions(tables),
  inbox: createInbox(tables),
  events: createEvents(tables),
  scenarios: createScenarios(tables),
  templates: createTemplates(tables),
  enrolments: createEnrolments(tables),
  messages: createMessages(tables),
  queue: createQueue(tables),
  watches: createWatches(tables),
  calls: createCalls(tables),
  assignments: createAssignments(tables),
  jobs: createJobs(tables),
  broadcasts: createBroadcasts(tables),
  segments: createSegments(tables),
  reports: createReports(tables),
  schema: createSchema(tables),
})

/** Runs a step to its end at once. */
const drive = <T>(step: Step<T>): T => {
  let next = step.next()
  while (!next.done) next = step.next()
  return next.value
}
