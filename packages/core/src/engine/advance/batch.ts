import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { InboxRow, StorageTransaction } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'

/** Something worth a line of log, kept until the transaction has committed. */
export interface Note {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** What the parts of one advance transaction share: its verbs, its one instant, its locked contacts, and what happened. */
export interface Batch {
  readonly runtime: Runtime
  readonly tx: StorageTransaction
  readonly now: Instant
  /** Locked contacts, as changed so far. */
  readonly contacts: Map<string, Contact>
  /** The rows of contacts that this batch changed, as they were before. */
  readonly before: Map<string, Contact>
  /** What is worked in, in the order of each contact's life. */
  readonly inbox: readonly InboxRow[]
  /** Ids of inbox rows that stay: set aside, or left to another process. */
  readonly kept: Set<number>
  readonly notes: Note[]
}

/** How many scenarios may lead to one another without a minute's wait (design §5). */
export const longestChain = 20

const unknownError = 'unknown error'

/**
 * Code and sentence of an error for the log and for stored rows: no address, no body, and nothing that a database cannot store.
 * Never throws, whatever the app has thrown.
 */
export const reasonOf = (error: unknown): string => {
  try {
    if (!(error instanceof Error)) return unknownError
    const message = String(error.message)
    return storable('code' in error && typeof error.code === 'string' ? `${error.code}: ${message}` : message)
  } catch {
    return unknownError
  }
}

const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd')
