import type { Contact } from '../../domain/contact/contact.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Step, StorageReader, StorageTransaction, Watch, WatchMember } from '../../ports/storage/index.ts'
import { type Memberships, readMemberships, treeKey } from '../advance/memberships.ts'
import { readScenarioBook, versionKey } from '../advance/scenario-book.ts'
import type { Runtime } from '../runtime.ts'
import { lookAtDate } from './date-watch.ts'
import { storedSpec, type WatchSpec, watchesOf } from './watch-spec.ts'

/** Contacts that one transaction looks at. */
const pageSize = 500
/** Pages a pass, so that mail does not wait for a million contacts. */
const pagesAPass = 10

export interface Filled {
  /** Contacts that were looked at. */
  readonly filled: number
  /** Watches that are ready and that this process works. */
  readonly keys: readonly string[]
}

/**
 * Keeps the watches that the scenarios need: adds missing ones, looks at every contact once for those that are new, a few pages a
 * pass, and removes those that no scenario starts on any more. Nothing starts here: whoever is in a segment already did not enter it.
 */
export const fillWatches = async (runtime: Runtime, signal?: AbortSignal): Promise<Filled> => {
  const { storage } = runtime
  const found = await storage.read((reader) => readWatches(runtime, reader))
  const isAsItShould = missingOf(found).length + found.obsolete.length === 0
  const { own, watches } = isAsItShould ? found : await storage.transaction((tx) => mendWatches(runtime, tx))
  runtime.stored.watching = [...own.keys()]
  const ready = watches.filter(({ key, state }) => state === 'ready' && own.has(key)).map(({ key }) => key)
  let filled = 0
  let pages = 0
  for (const { key, state } of watches) {
    const spec = own.get(key)
    if (state === 'ready' || spec === undefined) continue
    for (let isDone = false; !isDone && pages < pagesAPass && !signal?.aborted; pages += 1) {
      const page = await storage.transaction((tx) => fillPage(runtime, tx, spec))
      filled += page.looked
      isDone = page.state !== 'filling'
      if (page.state === 'ready') ready.push(key)
    }
  }
  return { filled, keys: ready }
}

type Reader = Pick<StorageReader, 'scenarios' | 'watches'>

/** Looks again before it removes anything: a scenario that starts on it may have been published since. */
function* mendWatches(runtime: Runtime, tx: StorageTransaction): Step<WatchState> {
  const found = yield* readWatches(runtime, tx)
  const createdAt = runtime.clock.now()
  const rows = missingOf(found).map((spec) => newWatch(spec, createdAt))
  for (const key of found.obsolete) yield* tx.watches.remove(key)
  yield* tx.watches.add(rows)
  return { ...found, watches: [...found.watches, ...rows] }
}

const missingOf = ({ own, watches }: WatchState): readonly WatchSpec[] => {
  const stored = new Set(watches.map(({ key }) => key))
  return [...own.values()].filter(({ key }) => !stored.has(key))
}

interface WatchState {
  readonly own: ReadonlyMap<string, WatchSpec>
  readonly watches: readonly Watch[]
  /** Keys that no scenario of anybody needs. */
  readonly obsolete: readonly string[]
}

function* readWatches(runtime: Runtime, reader: Reader): Step<WatchState> {
  const book = yield* readScenarioBook(reader.scenarios, [], runtime)
  const own = watchesOf(book.open)
  const stored = yield* reader.watches.all()
  const strays = stored.filter(({ key }) => !own.has(key))
  if (strays.length === 0) return { own, watches: stored, obsolete: [] }
  const wanted = yield* wantedByAnyone(runtime, reader)
  const obsolete = wanted === null ? [] : strays.filter(({ key }) => !wanted.has(key)).map(({ key }) => key)
  return { own, watches: stored.filter(({ key }) => !obsolete.includes(key)), obsolete }
}

/** What the scenarios of every process start on; null where this one cannot read them all. */
function* wantedByAnyone({ stored }: Runtime, reader: Reader): Step<ReadonlySet<string> | null> {
  const rows = (yield* reader.scenarios.all()).filter(({ state }) => state === 'active' || state === 'paused')
  const definitions: ScenarioDefinition[] = []
  for (const { name, version } of rows) {
    const definition = stored.versions.get(versionKey(name, version))
    if (definition == null) return null
    definitions.push(definition)
  }
  return new Set(watchesOf(definitions).keys())
}

const newWatch = (spec: WatchSpec, createdAt: number): Watch => ({
  key: spec.key,
  spec: storedSpec(spec),
  state: 'filling',
  cursor: null,
  createdAt,
})

interface Page {
  readonly looked: number
  /** `held`: another process is at it, or it is gone. */
  readonly state: Watch['state'] | 'held'
}

function* fillPage(runtime: Runtime, tx: StorageTransaction, spec: WatchSpec): Step<Page> {
  const watch = yield* tx.watches.lock(spec.key, { skipLocked: true })
  if (watch === null) return { looked: 0, state: 'held' }
  if (watch.state === 'ready') return { looked: 0, state: 'ready' }
  const page = yield* tx.contacts.page({ after: watch.cursor, limit: pageSize })
  const contacts = yield* tx.contacts.lock(
    page.map(({ id }) => id),
    { skipLocked: false },
  )
  const members = yield* membersOf(runtime, tx, spec, contacts)
  if (members.length > 0) yield* tx.watches.put(members)
  const state = page.length < pageSize ? 'ready' : 'filling'
  yield* tx.watches.save({ ...watch, state, cursor: page.at(-1)?.id ?? watch.cursor })
  return { looked: page.length, state }
}

/** Rows of those of whom there is something to know: members, and whoever time alone may change. */
function* membersOf(
  runtime: Runtime,
  tx: StorageTransaction,
  spec: WatchSpec,
  contacts: readonly Contact[],
): Step<readonly WatchMember[]> {
  const now = runtime.clock.now()
  const { key } = spec
  if (spec.kind === 'date') {
    const context = { model: runtime.model, timeZone: runtime.settings.timeZone, now }
    return contacts.flatMap((contact): WatchMember[] => {
      const { nextAt } = lookAtDate(context, spec.trigger, { contact, before: contact, member: undefined })
      return nextAt === null ? [] : [{ key, contactId: contact.id, isMember: false, changedAt: now, nextAt }]
    })
  }
  const memberships: Memberships = new Map()
  const held = new Map(contacts.map((contact) => [contact.id, contact]))
  yield* readMemberships({ runtime, tx, now, contacts: held }, memberships, new Map([[spec.tree, [...held.keys()]]]))
  return [...(memberships.get(treeKey(spec.tree)) ?? [])].flatMap(([contactId, { isMember, changesAt }]): WatchMember[] =>
    isMember || changesAt !== null ? [{ key, contactId, isMember, changedAt: now, nextAt: changesAt }] : [],
  )
}
