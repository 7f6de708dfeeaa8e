import type { ConsentEntry } from '../../src/domain/consent/consent.ts'
import type { Contact } from '../../src/domain/contact/contact.ts'
import type { Enrolment } from '../../src/domain/scenario/enrolment.ts'
import type {
  Assignment,
  Call,
  EventRow,
  InboxRow,
  Job,
  Message,
  ScenarioRow,
  ScenarioVersionRow,
  Storage,
  StorageTransaction,
  Watch,
  WatchMember,
} from '../../src/ports/storage/index.ts'
import type { Step } from '../../src/ports/storage/step.ts'
import type { Witness } from './witness.ts'

/** Everything that a storage holds of a small world. */
export interface Rows {
  readonly contacts: readonly Contact[]
  readonly consents: readonly ConsentEntry[]
  readonly enrolments: readonly Enrolment[]
  readonly messages: readonly Message[]
  readonly events: readonly EventRow[]
  readonly assignments: readonly Assignment[]
  readonly scenarios: readonly ScenarioRow[]
  readonly versions: readonly Pick<ScenarioVersionRow, 'scenario' | 'version' | 'hash'>[]
  readonly watches: readonly Watch[]
  readonly members: readonly WatchMember[]
  readonly jobs: readonly Job[]
  readonly inbox: readonly InboxRow[]
  readonly setAside: readonly InboxRow[]
  /** Mail that waits unmarked, held by a pause or not. */
  readonly waiting: readonly { readonly messageId: string; readonly runAt: number; readonly plannedAt: number }[]
  /** Mail that could be claimed once its lease is over. */
  readonly claims: readonly { readonly messageId: string; readonly token: number; readonly attempt: number }[]
  /** Mail whose hand-over has begun and was not written down. */
  readonly marked: readonly string[]
  readonly calls: readonly Call[]
  readonly isSuppressed: boolean
}

/** What has to be named to be read. */
export interface Named {
  /** Contacts that the world has, had or may have. */
  readonly contactIds: readonly string[]
  readonly handlers: readonly string[]
  /** A suppression that the world may come to. */
  readonly suppression: string | null
}

class Undone extends Error {}
const everything = 999
const farAway = Number.MAX_SAFE_INTEGER - 1

/** Reads all of it at once (as the storage in memory does), and takes back that it looked as a worker does. */
export const readRows = (storage: Storage, witness: Witness, named: Named): Rows => {
  let rows: Rows | null = null
  const looking = storage.transaction(function* (tx): Step<void> {
    rows = yield* rowsOf(tx, witness, named)
    throw new Undone()
  })
  looking.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error
  })
  if (rows === null) throw new Error('nothing was read')
  return rows
}

function* rowsOf(tx: StorageTransaction, witness: Witness, { contactIds, handlers, suppression }: Named): Step<Rows> {
  const ids = [...new Set([...contactIds, ...witness.facts.flatMap((fact) => (fact.kind === 'renamed' ? [fact.to] : []))])]
  const scenarios = yield* tx.scenarios.all()
  const versions = yield* tx.scenarios.versions()
  const watches = yield* tx.watches.all()
  const own = yield* ofEach(ids, tx)
  const jobs: Job[] = []
  for (const { name } of scenarios) jobs.push(...(yield* tx.jobs.ofScenario(name)))
  const marked = (yield* tx.queue.reap({ now: farAway, limit: everything })).map(({ id }) => id)
  const claimed = yield* tx.queue.claim({ now: farAway, limit: everything, leaseUntil: farAway, owner: 'reader' })
  return {
    ...own,
    contacts: yield* tx.contacts.get(ids),
    enrolments: yield* tx.enrolments.ofContacts(ids),
    assignments: yield* tx.assignments.get(experimentsOf(witness), ids),
    scenarios,
    versions: versions.map(({ scenario, version, hash }) => ({ scenario, version, hash })),
    watches,
    members: yield* tx.watches.members(
      watches.map(({ key }) => key),
      ids,
    ),
    jobs,
    inbox: yield* tx.inbox.load(ids, everything),
    setAside: yield* tx.inbox.failed({ limit: everything }),
    marked,
    claims: claimed.map(({ message, token, attempt }) => ({ messageId: message.id, token, attempt })),
    calls: [
      ...(yield* tx.calls.claim({ now: farAway, limit: everything, leaseMargin: 0, handlers })),
      ...(yield* tx.calls.dead({ limit: everything })),
    ],
    isSuppressed: suppression !== null && (yield* tx.suppressions.find([suppression])).length > 0,
  }
}

function* ofEach(
  ids: readonly string[],
  tx: StorageTransaction,
): Step<Pick<Rows, 'messages' | 'events' | 'consents' | 'waiting'>> {
  const messages: Message[] = []
  const events: EventRow[] = []
  const consents: ConsentEntry[] = []
  for (const id of ids) {
    for (const { facts: _, ...message } of yield* tx.messages.ofContact(id, { limit: everything })) messages.push(message)
    events.push(...(yield* tx.events.ofContact(id, { limit: everything })))
    consents.push(...(yield* tx.consents.ledger(id)))
  }
  const waiting = yield* tx.messages.waitingOf(ids)
  return {
    messages,
    events,
    consents,
    waiting: waiting.map(({ messageId, runAt, plannedAt }) => ({ messageId, runAt, plannedAt })),
  }
}

const experimentsOf = ({ facts }: Witness): string[] => [
  ...new Set(facts.flatMap((fact) => (fact.kind === 'assigned' ? [fact.assignment.experiment] : []))),
]
