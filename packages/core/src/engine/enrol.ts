import type { DeclaredScenario, DeclaredSegment } from '../define/declared.ts'
import { entryKeyOf } from '../domain/scenario/reentry.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import { today } from '../domain/time/local-date.ts'
import { TobiishiError } from '../errors/index.ts'
import type { InboxEntry } from '../ports/storage/index.ts'
import { declaredDefinition, readOpenDefinition, requireOpen } from './enrol-definition.ts'
import { type EntryOf, entryFor } from './enrol-entry.ts'
import { checkId } from './inbox/check-id.ts'
import type { InboxWork } from './inbox/take-in.ts'
import type { Runtime } from './runtime.ts'
import { checkOptions } from './settings/check-arguments.ts'
import type { EnrolSettings, LongOptions } from './tobiishi.ts'

export type EnrolOptions = LongOptions & EnrolSettings & { readonly tx?: unknown }

const pageSize = 500

type Scenario = DeclaredScenario | string

/**
 * Entry by hand: one contact, or everyone in a segment page by page. Whom the scenario's re-entry keeps out is left alone and not
 * counted, so that a bulk enrolment that was cut off can simply be run again. A stored scenario is named. Rejects with
 * `scenario.unknown`, `scenario.state` (a draft, stopped or archived one takes nobody), `contact.unknown`, `config.invalid` (a
 * stored scenario in a transaction of the app), and what `entryFor` throws.
 */
export const createEnrol = (runtime: Runtime, work: InboxWork) => {
  const { storage, clock, waker } = runtime

  const append = async (entries: readonly InboxEntry[], tx: unknown) => {
    await storage.append(entries, tx === undefined ? {} : { tx })
    waker.hint()
  }

  /** What the app declares is checked before anything is read, so that a mistake needs no storage. */
  const open = async (scenario: Scenario, options: EnrolOptions): Promise<Entering> => {
    const declared = declaredDefinition(runtime, scenario)
    const entry = declared === null ? null : entryFor(runtime, declared, options)
    await work.ready()
    if (declared !== null && entry !== null) {
      const rows = await storage.read((reader) => reader.scenarios.all())
      const row = rows.find(({ name }) => name === declared.name)
      if (row !== undefined) requireOpen(row)
      return { definition: declared, entry }
    }
    const definition = await storage.read((reader) => readOpenDefinition(reader, String(scenario)))
    return { definition, entry: entryFor(runtime, definition, options) }
  }

  /** Nothing is read while a transaction of the app is open: it may have the database to itself. */
  const inTransaction = async (contactId: string, scenario: Scenario, options: EnrolOptions) => {
    const declared = declaredDefinition(runtime, scenario)
    if (declared === null)
      throw new TobiishiError(
        'config.invalid',
        `enrol takes 'tx' for scenarios that are declared in code: enrol in '${String(scenario)}' after the transaction.`,
      )
    await append([entryFor(runtime, declared, options)(contactId)], options.tx)
    return { enrolled: 1, alreadyIn: 0 }
  }

  const one = async (contactId: string, scenario: Scenario, options: EnrolOptions) => {
    checkId(contactId, 'who', 'contact.unknown')
    if (options.tx !== undefined) return await inTransaction(contactId, scenario, options)
    const entering = await open(scenario, options)
    await work.drain([contactId])
    const [contact] = await storage.read((reader) => reader.contacts.get([contactId]))
    if (contact === undefined)
      throw new TobiishiError('contact.unknown', 'There is no contact with this id: add it with contacts.identify first.')
    return await enrolAll([contactId], entering)
  }

  const many = async (segment: DeclaredSegment, scenario: Scenario, options: EnrolOptions) => {
    const entering = await open(scenario, options)
    const now = clock.now()
    const query = { tree: segment.tree, now, today: today(now, runtime.settings.timeZone) }
    const total = await storage.read((reader) => reader.segments.count(query))
    let enrolled = 0
    let done = 0
    for (let after: string | null = null; !options.signal?.aborted; ) {
      const ids = await storage.read((reader) => reader.segments.page(query, { after, limit: pageSize }))
      enrolled += (await enrolAll(ids, entering)).enrolled
      done += ids.length
      options.onProgress?.({ done, total })
      after = ids.at(-1) ?? null
      if (ids.length < pageSize) break
    }
    return { enrolled, alreadyIn: done - enrolled }
  }

  const enrolAll = async (contactIds: readonly string[], { definition: { name, reentry }, entry }: Entering) => {
    const earlier = await storage.read((reader) => reader.enrolments.ofContacts(contactIds, { scenario: name }))
    const byContact = Map.groupBy(earlier, ({ contactId }) => contactId)
    const entering = contactIds.map(entry).filter((one) => entryKeyOf(reentry, one, byContact.get(one.contactId) ?? []) !== null)
    const counts = { enrolled: entering.length, alreadyIn: contactIds.length - entering.length }
    if (entering.length === 0) return counts
    await append(entering, undefined)
    await work.drain(entering.map(({ contactId }) => contactId))
    return counts
  }

  return async (who: string | DeclaredSegment, scenario: Scenario, options: EnrolOptions = {}) => {
    checkOptions('enrol', options)
    if (typeof who === 'string') return await one(who, scenario, options)
    checkSegment(who)
    return await many(who, scenario, options)
  }
}

/** A scenario that takes entries, and what an entry looks like. */
interface Entering {
  readonly definition: ScenarioDefinition
  readonly entry: EntryOf
}

const checkSegment = (who: unknown): void => {
  if (typeof who === 'object' && who !== null && 'kind' in who && who.kind === 'segment' && 'tree' in who) return
  throw new TobiishiError('config.invalid', 'The first argument of enrol must be the id of a contact or a segment of the model.')
}
