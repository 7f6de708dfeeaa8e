import type { JsonObject } from '../../domain/json.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { InboxEntry } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import type { InstantInput, LongOptions, Profile, WriteOptions } from '../tobiishi.ts'
import { type IdentifyEntry, identifyEntry } from './identify-entry.ts'
import { inBulk, type Taken } from './in-bulk.ts'
import { trackEntry } from './track-entry.ts'

/** What the inbox needs besides the runtime. */
export interface InboxWork {
  /** Checks schema and stamp and publishes scenarios, once; so that nothing is worked in before they are known. */
  ready(): Promise<void>
  /** Works in what waits for these contacts. What another holds, or what fails, is left to a worker; never rejects. */
  drain(contactIds: readonly string[]): Promise<void>
}

export interface IdentifyRow {
  readonly id: string
  readonly profile: Profile<object>
  readonly occurredAt?: InstantInput
}
export interface TrackRow {
  readonly contactId: string
  readonly event: string
  readonly payload: JsonObject
  readonly id?: string
  readonly occurredAt?: InstantInput
}
type BulkOptions = LongOptions & { readonly startScenarios?: boolean }

/** The ways in: each checks its input against the model and writes inbox rows; in the app's transaction when one is given. */
export const createInbox = (runtime: Runtime, work: InboxWork) => {
  const { storage, waker, clock } = runtime
  const context = () => ({ ...runtime, now: clock.now() })

  const write = async <T>(entries: readonly InboxEntry[], tx: T | undefined) => {
    await storage.append(entries, tx === undefined ? {} : { tx })
    waker.hint()
  }

  const identify = async (id: string, profile: Profile<object>, options: WriteOptions<unknown> = {}) => {
    const request = { id, profile, occurredAt: options.occurredAt, startScenarios: options.startScenarios ?? true }
    const made = identifyEntry(context(), request)
    if (options.tx !== undefined) return await write([made.entry], options.tx)
    await work.ready()
    const holders = await addressHolders(runtime, [made])
    if (isTaken(made, holders)) throw taken()
    await write([made.entry], undefined)
    await work.drain([id])
  }

  const identifyMany = (rows: Iterable<IdentifyRow>, options: BulkOptions = {}): Promise<Taken> => {
    const given = new Map<string, string>()
    const check = (row: IdentifyRow) => identifyEntry(context(), { ...row, startScenarios: options.startScenarios ?? false })
    const admit = async (made: readonly IdentifyEntry[]) => {
      const holders = await addressHolders(runtime, made)
      return made.map((one) => {
        if (isTaken(one, given) || isTaken(one, holders)) return taken()
        if (one.emailKey !== null) given.set(one.emailKey, one.entry.contactId)
        return null
      })
    }
    return inBulk(rows, options, { check, admit, write: (made) => writeAndDrain(made.map(({ entry }) => entry)) })
  }

  const track = async (contactId: string, event: string, payload: unknown, options: TrackOptions = {}) => {
    const { id, occurredAt, startScenarios = true, tx } = options
    await write([trackEntry(context(), { contactId, event, payload, id, occurredAt, startScenarios })], tx)
  }

  const trackMany = (rows: Iterable<TrackRow>, options: BulkOptions = {}): Promise<Taken> => {
    const check = (row: TrackRow) => trackEntry(context(), { ...row, startScenarios: options.startScenarios ?? false })
    return inBulk(rows, options, { check, write: writeAndDrain })
  }

  const writeAndDrain = async (entries: readonly InboxEntry[]) => {
    await work.ready()
    await write(entries, undefined)
    await work.drain([...new Set(entries.map(({ contactId }) => contactId))])
  }

  return { identify, identifyMany, track, trackMany }
}

type TrackOptions = WriteOptions<unknown> & { readonly id?: string }

/** Who has the addresses that these entries want. */
const addressHolders = async (runtime: Runtime, made: readonly IdentifyEntry[]): Promise<ReadonlyMap<string, string>> => {
  const keys = [...new Set(made.flatMap(({ emailKey }) => (emailKey === null ? [] : [emailKey])))]
  if (keys.length === 0) return new Map()
  const found = await runtime.storage.read((reader) => reader.contacts.findByEmailKeys(keys))
  return new Map(found.map(({ emailKey, id }) => [emailKey, id]))
}

const isTaken = ({ emailKey, entry }: IdentifyEntry, holders: ReadonlyMap<string, string>) => {
  const holder = emailKey === null ? undefined : holders.get(emailKey)
  return holder !== undefined && holder !== entry.contactId
}

const taken = () =>
  new TobiishiError(
    'contact.address_taken',
    'Another contact has this address. Find it with contacts.findByEmail, and use its id or give it another address first.',
  )
