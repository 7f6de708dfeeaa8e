import { normaliseAddress } from '../domain/contact/normalise-address.ts'
import { createHandler } from '../http/index.ts'
import { Advance } from './advance/advance.ts'
import { reasonOf } from './advance/batch.ts'
import { createBroadcasts } from './broadcasts/create-broadcasts.ts'
import { createConsent } from './consent/create-consent.ts'
import { createSuppressions } from './consent/create-suppressions.ts'
import { createContactsLife } from './contacts/create-contacts-life.ts'
import { createRuntime } from './create-runtime.ts'
import { createEnrol } from './enrol.ts'
import { createInbox, type InboxWork } from './inbox/take-in.ts'
import { ingest } from './ingest/ingest.ts'
import { createExplain } from './insight/explain.ts'
import { once } from './once.ts'
import { createPreparation } from './prepare/create-preparation.ts'
import { createReports } from './reports/create-reports.ts'
import type { Runtime } from './runtime.ts'
import { createScenarios } from './scenarios/create-scenarios.ts'
import { createSegments } from './segments.ts'
import { sendTest } from './send-test.ts'
import { checkTargets } from './settings/check-targets.ts'
import type { TobiishiOptions, TypedModel, TypesOf } from './settings/options.ts'
import type { Tobiishi } from './tobiishi.ts'
import { fillWatches } from './watches/fill-watches.ts'
import { run } from './worker/run.ts'
import { tick } from './worker/tick.ts'

/**
 * Customer e-mail inside the app: its storage, its transport, its model. Checks the options at once and touches neither the
 * database nor the network before it is used. Throws `config.invalid`, `config.secret_too_short`, `definition.duplicate`,
 * `template.unknown`; `prepare()` refuses what only the database and the markup can tell.
 */
export const createTobiishi = <D extends TypedModel, Tx = never>(options: TobiishiOptions<D, Tx>): Tobiishi<TypesOf<D>, Tx> => {
  const { runtime, synchroniseClock } = createRuntime(options)
  const { storage, transport } = runtime
  const preparation = createPreparation(runtime, synchroniseClock)
  const watching = once(async () => {
    await checkTargets(runtime)
    await fillWatches(runtime)
  })
  /** Watches are there from the first word on, so that nobody is in a segment before it is watched. */
  const ready = async () => {
    await preparation.storage()
    await watching()
  }
  const prepare = async () => {
    await preparation.all()
    await watching()
  }
  const advance = new Advance(runtime)
  const work: InboxWork = { ready, drain: (contactIds) => drain(runtime, advance, ready, contactIds) }
  const inbox = createInbox(runtime, work)
  const consent = createConsent(runtime, work)

  return {
    contacts: {
      identify: inbox.identify,
      identifyMany: inbox.identifyMany,
      ...createContacts(runtime),
      ...createContactsLife(runtime, work),
    },
    track: inbox.track,
    trackMany: inbox.trackMany,
    enrol: createEnrol(runtime, work),
    consent,
    suppressions: createSuppressions(runtime),
    segments: createSegments(runtime),
    scenarios: createScenarios(runtime, work),
    explain: createExplain(runtime, ready),
    broadcasts: createBroadcasts(runtime),
    reports: createReports(runtime),
    messages: {
      ofContact: (contactId, { limit = 100 } = {}) => storage.read((reader) => reader.messages.ofContact(contactId, { limit })),
    },
    prepare,
    run: ({ signal }) => run({ runtime, advance, prepare }, signal),
    tick: async (tickOptions = {}) => {
      await prepare()
      return await tick(runtime, advance, tickOptions)
    },
    ingest: (events) => ingest(runtime, events),
    sendTest: async (template, contactId, to, testOptions) => {
      await preparation.all()
      await sendTest(runtime, template, contactId, to, testOptions)
    },
    handler: createHandler(runtime, { ingest: (events) => ingest(runtime, events), withdraw: consent.withdraw }),
    close: async () => {
      await transport.close()
      await storage.close()
    },
    maxCallMs: transport.maxCallMs,
  }
}

const createContacts = ({ storage }: Runtime): Pick<Tobiishi['contacts'], 'get' | 'findByEmail'> => ({
  get: (id) =>
    storage.read(function* (reader) {
      return (yield* reader.contacts.get([id]))[0] ?? null
    }),
  findByEmail: async (email) => {
    const address = normaliseAddress(email)
    if (address.kind === 'refused') return null
    return await storage.read(function* (reader) {
      const [found] = yield* reader.contacts.findByEmailKeys([address.emailKey])
      return found === undefined ? null : ((yield* reader.contacts.get([found.id]))[0] ?? null)
    })
  },
})

/**
 * Works in what waits for these contacts now. Entries that are written stay written: if this fails, a worker takes them. So
 * leaving works also in a process whose scenarios are refused.
 */
const drain = async (
  runtime: Runtime,
  advance: Advance,
  ready: () => Promise<void>,
  contactIds: readonly string[],
): Promise<void> => {
  try {
    await ready()
    await advance.run({ contactIds })
  } catch (error) {
    runtime.logger.warn('inbox.leftToWorker', { contacts: contactIds.length, reason: reasonOf(error) })
  }
}
