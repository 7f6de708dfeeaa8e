import { contactHash } from '../../domain/contact/contact-hash.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import { attributeEvent } from '../ingest/attribute-event.ts'
import type { Runtime } from '../runtime.ts'
import { applyProfiles } from './apply-profiles.ts'
import type { Batch, Note } from './batch.ts'
import { carryOut } from './carry-out.ts'
import { dropLeftovers } from './drop-leftovers.ts'
import { enterScenarios, rowsForOthers } from './entries.ts'
import { eventOf, recordTracked } from './record-tracked.ts'
import { readScenarioBook, type VersionCache } from './scenario-book.ts'
import { settle } from './settle.ts'
import { lineUp } from './task.ts'

/** What one transaction did. */
export interface BatchReport {
  /** Contacts that were locked and looked at. */
  readonly locked: readonly string[]
  /** Those for whom something was done; the others are not tried again in this pass. */
  readonly worked: readonly string[]
  readonly entered: number
  readonly queued: number
  readonly notes: readonly Note[]
}

/** What a contact's inbox gives in one round; the rest follows in the next. */
const entriesAContact = 50

/**
 * One advance transaction (design §6.1): locks the candidates that nobody holds, works in what waits for them, starts, ends
 * and moves their enrolments, and queues their mail. No lease, no side effect; a candidate held by another is left out.
 */
export function* advanceBatch(
  runtime: Runtime,
  tx: StorageTransaction,
  candidates: readonly string[],
  options: { readonly now: Instant; readonly versions: VersionCache },
): Step<BatchReport> {
  const { now } = options
  yield* tx.contacts.ensure(
    candidates.map((id) => ({ id, ...contactHash(id) })),
    now,
  )
  const contacts = new Map((yield* tx.contacts.lock(candidates, { skipLocked: true })).map((contact) => [contact.id, contact]))
  const ids = [...contacts.keys()]
  const inbox = yield* tx.inbox.load(ids, entriesAContact)
  const active = yield* tx.enrolments.lockActive(ids)
  const declared = new Set(runtime.scenarios.keys())
  const book = yield* readScenarioBook(tx.scenarios, active, { cache: options.versions, declared, templates: runtime.templates })
  const batch: Batch = { runtime, tx, now, contacts, inbox, kept: new Set(), moved: new Set(), notes: [] }

  yield* applyProfiles(batch)
  const fresh = yield* recordTracked(batch)
  const entries = yield* enterScenarios(batch, fresh, declared, book)
  const tasks = yield* lineUp(batch, active, fresh, entries, book)
  yield* settle(batch, tasks)
  const queued = yield* carryOut(batch, tasks)
  yield* dropLeftovers(batch, fresh, declared, book)
  for (const row of fresh) yield* attributeEvent(runtime, tx, eventOf(row))

  for (const row of rowsForOthers(batch, book)) batch.kept.add(row.id)
  const done = inbox.filter(({ id }) => !batch.kept.has(id))
  yield* tx.inbox.remove(done.map(({ id }) => id))
  const moved = tasks.filter(({ isChanged }) => isChanged).map(({ enrolment }) => enrolment.contactId)
  const worked = [...new Set([...done.map(({ contactId }) => contactId), ...moved])]
  return { locked: ids, worked, entered: entries.length, queued, notes: batch.notes }
}
