import type { Contact } from '../../domain/contact/contact.ts'
import { contactHash } from '../../domain/contact/contact-hash.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import { attributeEvents } from '../ingest/attribute-events.ts'
import type { Runtime } from '../runtime.ts'
import { look } from '../watches/look.ts'
import { workAheadOfJobs } from './ahead-of-jobs.ts'
import { applyProfiles } from './apply-profiles.ts'
import type { Batch, Note } from './batch.ts'
import { carryOut } from './carry-out.ts'
import { dropLeftovers } from './drop-leftovers.ts'
import { enterScenarios, rowsForOthers } from './entries.ts'
import { feedEarlier } from './feed-earlier.ts'
import { Known } from './known.ts'
import { lineUp } from './line-up.ts'
import { reconsiderMail } from './reconsider-mail.ts'
import { eventOf, recordTracked } from './record-tracked.ts'
import { reopen } from './reopen.ts'
import { nextRound } from './rounds.ts'
import { readScenarioBook } from './scenario-book.ts'
import { mostTransitions, settle } from './settle.ts'
import { takeBack } from './take-back.ts'

/** What one transaction did. */
export interface BatchReport {
  /** Contacts that were locked and looked at. */
  readonly locked: readonly string[]
  /** Those for whom something was done; the others are not tried again in this pass. */
  readonly worked: readonly string[]
  /** Those with an enrolment that had more to do than a transaction gives it. */
  readonly exhausted: readonly string[]
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
  now: Instant,
): Step<BatchReport> {
  const contacts = yield* lockContacts(tx, candidates, now)
  const ids = [...contacts.keys()]
  const waiting = yield* tx.inbox.load(ids, entriesAContact)
  const locked = yield* tx.enrolments.lockActive(ids)
  const reopened = yield* reopen(tx, waiting, locked, now)
  const { active: running, touched } = yield* workAheadOfJobs({ tx, now }, [...locked, ...reopened])
  const book = yield* readScenarioBook(tx.scenarios, running, runtime)
  const inbox = nextRound(waiting, running, book)
  const batch: Batch = { runtime, tx, now, contacts, before: new Map(), inbox, kept: new Set(), notes: [] }

  yield* applyProfiles(batch)
  const { active, back } = yield* takeBack(batch, running, book)
  const replanned = yield* reconsiderMail(batch)
  const fresh = yield* recordTracked(batch)
  const found = yield* look(batch, book)
  const entries = yield* enterScenarios(batch, fresh, found.starts, book)
  const tasks = lineUp(batch, { active: [...active, ...back], replanned, fresh, entries }, book)
  const known = new Known(batch, tasks)
  yield* feedEarlier(tasks, [...entries.map(({ enrolment }) => enrolment), ...reopened, ...back], known)
  yield* settle(batch, tasks, known)
  const queued = yield* carryOut(batch, tasks)
  yield* dropLeftovers(batch, fresh, book)
  yield* attributeEvents(runtime, tx, fresh.map(eventOf))

  for (const row of rowsForOthers(batch, book)) batch.kept.add(row.id)
  const done = inbox.filter(({ id }) => !batch.kept.has(id))
  if (done.length > 0) yield* tx.inbox.remove(done.map(({ id }) => id))
  const moved = tasks.filter(({ isChanged }) => isChanged).map(({ enrolment }) => enrolment.contactId)
  const worked = [...new Set([...done.map(({ contactId }) => contactId), ...moved, ...found.looked, ...touched])]
  const exhausted = tasks.filter(({ taken }) => taken >= mostTransitions).map(({ enrolment }) => enrolment.contactId)
  return { locked: ids, worked, exhausted, entered: entries.length, queued, notes: batch.notes }
}

/** Most candidates are there already; those that an event brings for the first time are made. */
function* lockContacts(tx: StorageTransaction, candidates: readonly string[], now: Instant): Step<Map<string, Contact>> {
  const locked = new Map((yield* tx.contacts.lock(candidates, { skipLocked: true })).map((contact) => [contact.id, contact]))
  const missing = candidates.filter((id) => !locked.has(id))
  const newcomers = missing.length === 0 ? [] : yield* newcomersOf(tx, missing)
  if (newcomers.length === 0) return locked
  yield* tx.contacts.ensure(
    newcomers.map((id) => ({ id, ...contactHash(id) })),
    now,
  )
  for (const contact of yield* tx.contacts.lock(newcomers, { skipLocked: true })) locked.set(contact.id, contact)
  return locked
}

/**
 * Those who are not there and of whom something waits. The candidates were read a while ago: who was merged or erased since must
 * not come back as an empty contact. Asked in this order, because a merge takes the entries along and the contact away at once.
 */
function* newcomersOf(tx: StorageTransaction, ids: readonly string[]): Step<readonly string[]> {
  const held = new Set((yield* tx.contacts.get(ids)).map(({ id }) => id))
  const absent = ids.filter((id) => !held.has(id))
  return absent.length === 0 ? [] : yield* tx.inbox.waiting({ limit: absent.length, contactIds: absent })
}
