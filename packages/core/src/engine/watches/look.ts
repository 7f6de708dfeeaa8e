import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { InboxRow, Step, WatchMember } from '../../ports/storage/index.ts'
import type { Batch } from '../advance/batch.ts'
import { newEnrolment } from '../advance/entries.ts'
import { readMemberships, treeKey } from '../advance/memberships.ts'
import type { ScenarioBook } from '../advance/scenario-book.ts'
import type { Start } from '../advance/start.ts'
import { lookAtDate } from './date-watch.ts'
import { type WatchSpec, watchesOf } from './watch-spec.ts'

/** What looking at the watches of a batch came to. */
export interface Looked {
  readonly starts: readonly Start[]
  /** Contacts whose watch was due. */
  readonly looked: readonly string[]
}

/** One watch with the contacts of the batch to look at. */
interface Looking {
  readonly batch: Batch
  readonly book: ScenarioBook
  readonly members: ReadonlyMap<string, WatchMember>
  /** Contacts to whom something happened. */
  readonly happened: ReadonlyMap<string, readonly InboxRow[]>
  /** Those whose time has come. */
  readonly due: ReadonlySet<string>
  /** Every contact has been looked at before, so that a change is one. */
  readonly isReady: boolean
}

interface Outcome {
  readonly rows: WatchMember[]
  readonly starts: Start[]
}

const nothing: Looked = { starts: [], looked: [] }

/**
 * Looks again at the watched segments and dates of contacts to whom something happened, or whose time has come; writes down what
 * changed, and answers what that starts. All of it in the transaction of the batch, so that a change is acted on once.
 */
export function* look(batch: Batch, book: ScenarioBook): Step<Looked> {
  const specs = watchesOf(book.open)
  if (specs.size === 0) return nothing
  const { tx, now, contacts } = batch
  const watches = (yield* tx.watches.all()).filter(({ key }) => specs.has(key))
  if (watches.length === 0) return nothing
  const members = yield* tx.watches.members(
    watches.map(({ key }) => key),
    [...contacts.keys()],
  )
  const byKey = Map.groupBy(members, ({ key }) => key)
  const happened = Map.groupBy(
    batch.inbox.filter(({ id, kind }) => !batch.kept.has(id) && kind !== 'step'),
    ({ contactId }) => contactId,
  )
  const outcome: Outcome = { rows: [], starts: [] }
  const looked = new Set<string>()
  for (const watch of watches) {
    const spec = specs.get(watch.key)
    const own = new Map((byKey.get(watch.key) ?? []).map((member) => [member.contactId, member]))
    const due = new Set(
      [...own.values()].flatMap(({ contactId, nextAt }) => (nextAt !== null && nextAt <= now ? [contactId] : [])),
    )
    const looking = { batch, book, members: own, happened, due, isReady: watch.state === 'ready' }
    if (spec !== undefined) yield* lookAt(spec, looking, outcome)
    if (looking.isReady) for (const id of due) looked.add(id)
  }
  if (outcome.rows.length > 0) yield* tx.watches.put(outcome.rows)
  return { starts: outcome.starts, looked: [...looked] }
}

function* lookAt(spec: WatchSpec, looking: Looking, outcome: Outcome): Step<void> {
  const { happened, due, isReady } = looking
  const contactIds = [...new Set([...happened.keys(), ...(isReady ? due : [])])]
  if (contactIds.length === 0) return
  if (spec.kind === 'segment') yield* lookAtSegment(spec, looking, contactIds, outcome)
  else lookAtDates(spec, looking, contactIds, outcome)
}

function* lookAtSegment(
  { tree, key, starts }: Extract<WatchSpec, { kind: 'segment' }>,
  looking: Looking,
  contactIds: readonly string[],
  outcome: Outcome,
): Step<void> {
  const { batch, members, happened, due, isReady } = looking
  const memberships = new Map()
  yield* readMemberships(batch, memberships, new Map([[tree, contactIds]]))
  for (const contactId of contactIds) {
    const membership = memberships.get(treeKey(tree))?.get(contactId)
    if (membership === undefined) continue
    const { isMember, changesAt } = membership
    const before = members.get(contactId)
    const isFlip = isMember !== (before?.isMember ?? false)
    const changedAt = isFlip ? Math.max(batch.now, (before?.changedAt ?? 0) + 1) : (before?.changedAt ?? batch.now)
    if (isFlip || changesAt !== (before?.nextAt ?? null)) {
      outcome.rows.push({ key, contactId, isMember, changedAt, nextAt: changesAt })
    }
    const mayStart = isReady && (due.has(contactId) || (happened.get(contactId) ?? []).some((row) => row.startScenarios))
    if (!isFlip || !mayStart) continue
    const entryKey = `${isMember ? 'in' : 'out'}:${changedAt}`
    for (const { definition, on } of starts)
      if ((on === 'entry') === isMember)
        outcome.starts.push(startOf(looking, definition, { contactId, entryKey, enteredAt: batch.now, isDate: false }))
  }
}

const lookAtDates = (
  { trigger, key, starts }: Extract<WatchSpec, { kind: 'date' }>,
  looking: Looking,
  contactIds: readonly string[],
  outcome: Outcome,
): void => {
  const { batch, members, isReady } = looking
  const { runtime, now, contacts, notes } = batch
  const context = { model: runtime.model, timeZone: runtime.settings.timeZone, now }
  let missed = 0
  for (const contactId of contactIds) {
    const contact = contacts.get(contactId)
    if (contact === undefined) continue
    const member = members.get(contactId)
    const { nextAt, occurred } = lookAtDate(context, trigger, { contact, before: batch.before.get(contactId) ?? contact, member })
    /** Until every contact has been looked at nothing starts: what comes due meanwhile is left for then. */
    if (occurred !== null && !isReady) continue
    if (nextAt !== (member?.nextAt ?? null)) outcome.rows.push({ key, contactId, isMember: false, changedAt: now, nextAt })
    if (occurred === null) continue
    const entry = { contactId, entryKey: occurred.date, enteredAt: occurred.at, isDate: true }
    for (const { definition } of starts) {
      if (now - occurred.at <= definition.maxEventAge) outcome.starts.push(startOf(looking, definition, entry))
      else missed += 1
    }
  }
  if (missed > 0) notes.push({ level: 'warn', event: 'scenario.dateMissed', fields: { attribute: trigger.attribute, missed } })
}

const startOf = (
  { batch, book, happened, due }: Looking,
  definition: ScenarioDefinition,
  { isDate, ...entry }: { contactId: string; entryKey: string; enteredAt: number; isDate: boolean },
): Start => {
  const rows = due.has(entry.contactId) ? [] : (happened.get(entry.contactId) ?? [])
  const depth = rows.reduce((deepest, { meta }) => Math.max(deepest, meta?.depth ?? 0), 0)
  return { definition, isDate, row: null, enrolment: newEnrolment(batch, book, definition, { ...entry, event: {}, depth }) }
}
