import type { DeclaredScenario, DeclaredSegment } from '../define/declared.ts'
import { entryKeyOf } from '../domain/scenario/reentry.ts'
import { today } from '../domain/time/local-date.ts'
import { TobiishiError } from '../errors/index.ts'
import type { InboxEntry } from '../ports/storage/index.ts'
import { type EntryOf, entryFor } from './enrol-entry.ts'
import { checkId } from './inbox/check-id.ts'
import type { InboxWork } from './inbox/take-in.ts'
import type { Runtime } from './runtime.ts'
import { checkOptions } from './settings/check-arguments.ts'
import type { EnrolSettings, LongOptions } from './tobiishi.ts'

export type EnrolOptions = LongOptions & EnrolSettings & { readonly tx?: unknown }

const pageSize = 500

/**
 * Entry by hand: one contact, or everyone in a segment page by page. Whom the scenario's re-entry keeps out is left alone and not
 * counted, so that a bulk enrolment that was cut off can simply be run again. Rejects with `scenario.unknown`, `scenario.state` (a
 * draft, stopped or archived one takes nobody), `contact.unknown`, and what `entryFor` throws.
 */
export const createEnrol = (runtime: Runtime, work: InboxWork) => {
  const { storage, clock, waker } = runtime

  const append = async (entries: readonly InboxEntry[], tx: unknown) => {
    await storage.append(entries, tx === undefined ? {} : { tx })
    waker.hint()
  }

  const one = async (contactId: string, scenario: DeclaredScenario, entry: EntryOf, options: EnrolOptions) => {
    checkId(contactId, 'who', 'contact.unknown')
    if (options.tx !== undefined) {
      await append([entry(contactId)], options.tx)
      return 1
    }
    await work.ready()
    await requireOpen(runtime, scenario)
    await work.drain([contactId])
    const [contact] = await storage.read((reader) => reader.contacts.get([contactId]))
    if (contact === undefined)
      throw new TobiishiError('contact.unknown', 'There is no contact with this id: add it with contacts.identify first.')
    return await enrolAll([contactId], scenario, entry)
  }

  const many = async (segment: DeclaredSegment, scenario: DeclaredScenario, entry: EntryOf, options: EnrolOptions) => {
    await work.ready()
    await requireOpen(runtime, scenario)
    const now = clock.now()
    const query = { tree: segment.tree, now, today: today(now, runtime.settings.timeZone) }
    const total = await storage.read((reader) => reader.segments.count(query))
    let enrolled = 0
    let done = 0
    for (let after: string | null = null; !options.signal?.aborted; ) {
      const ids = await storage.read((reader) => reader.segments.page(query, { after, limit: pageSize }))
      enrolled += await enrolAll(ids, scenario, entry)
      done += ids.length
      options.onProgress?.({ done, total })
      after = ids.at(-1) ?? null
      if (ids.length < pageSize) break
    }
    return enrolled
  }

  const enrolAll = async (contactIds: readonly string[], { definition }: DeclaredScenario, entry: EntryOf) => {
    const { name, reentry } = definition
    const earlier = await storage.read((reader) => reader.enrolments.ofContacts(contactIds, { scenario: name }))
    const byContact = Map.groupBy(earlier, ({ contactId }) => contactId)
    const entering = contactIds.map(entry).filter((one) => entryKeyOf(reentry, one, byContact.get(one.contactId) ?? []) !== null)
    if (entering.length === 0) return 0
    await append(entering, undefined)
    await work.drain(entering.map(({ contactId }) => contactId))
    return entering.length
  }

  return async (who: string | DeclaredSegment, scenario: DeclaredScenario, options: EnrolOptions = {}) => {
    checkOptions('enrol', options)
    if (typeof who !== 'string') checkSegment(who)
    const entry = entryFor(runtime, scenario, options)
    const enrolled =
      typeof who === 'string' ? await one(who, scenario, entry, options) : await many(who, scenario, entry, options)
    return { enrolled }
  }
}

const checkSegment = (who: unknown): void => {
  if (typeof who === 'object' && who !== null && 'kind' in who && who.kind === 'segment' && 'tree' in who) return
  throw new TobiishiError('config.invalid', 'The first argument of enrol must be the id of a contact or a segment of the model.')
}

const requireOpen = async ({ storage }: Runtime, { definition: { name } }: DeclaredScenario): Promise<void> => {
  const rows = await storage.read((reader) => reader.scenarios.all())
  const state = rows.find((row) => row.name === name)?.state ?? 'active'
  if (state === 'active' || state === 'paused') return
  throw new TobiishiError('scenario.state', `Scenario '${name}' is ${state} and takes nobody: publish it before enrolling.`, {
    details: { scenario: name, state },
  })
}
