import type { DeclaredScenario, DeclaredSegment } from '../define/declared.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Expression } from '../domain/reference/expression.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import { today } from '../domain/time/local-date.ts'
import { TobiishiError } from '../errors/index.ts'
import type { InboxEntry } from '../ports/storage/index.ts'
import { checkId } from './inbox/check-id.ts'
import { checkPayload } from './inbox/check-payload.ts'
import type { InboxWork } from './inbox/take-in.ts'
import type { Runtime } from './runtime.ts'
import type { LongOptions } from './tobiishi.ts'

export type EnrolOptions = LongOptions & { readonly tx?: unknown; readonly event?: JsonObject; readonly key?: string }

const pageSize = 500

/**
 * Entry by hand: one contact, or everyone in a segment page by page. Who is in the scenario already under the same key is left
 * alone and not counted, so that a bulk enrolment that was cut off can simply be run again.
 */
export const createEnrol = (runtime: Runtime, work: InboxWork) => {
  const { storage, clock, waker } = runtime

  const append = async (entries: readonly InboxEntry[], tx: unknown) => {
    await storage.append(entries, tx === undefined ? {} : { tx })
    waker.hint()
  }

  const one = async (contactId: string, entry: EntryOf, options: EnrolOptions) => {
    checkId(contactId, 'who', 'contact.unknown')
    if (options.tx !== undefined) {
      await append([entry(contactId)], options.tx)
      return 1
    }
    await work.ready()
    await work.drain([contactId])
    const [contact] = await storage.read((reader) => reader.contacts.get([contactId]))
    if (contact === undefined)
      throw new TobiishiError('contact.unknown', 'There is no contact with this id: add it with contacts.identify first.')
    return await enrolAll([contactId], entry)
  }

  const many = async (segment: DeclaredSegment, entry: EntryOf, options: EnrolOptions) => {
    await work.ready()
    const now = clock.now()
    const query = { tree: segment.tree, now, today: today(now, runtime.settings.timeZone) }
    const total = await storage.read((reader) => reader.segments.count(query))
    let enrolled = 0
    let done = 0
    for (let after: string | null = null; !options.signal?.aborted; ) {
      const ids = await storage.read((reader) => reader.segments.page(query, { after, limit: pageSize }))
      enrolled += await enrolAll(ids, entry)
      done += ids.length
      options.onProgress?.({ done, total })
      after = ids.at(-1) ?? null
      if (ids.length < pageSize) break
    }
    return enrolled
  }

  const enrolAll = async (contactIds: readonly string[], entry: EntryOf) => {
    const entries = contactIds.map(entry)
    const isIn = await storage.read(function* (reader) {
      const found = new Set<string>()
      for (const { contactId, name, key } of entries) {
        const own = yield* reader.enrolments.ofContact(contactId)
        if (own.some(({ scenario, entryKey }) => scenario === name && entryKey === key)) found.add(contactId)
      }
      return found
    })
    const missing = entries.filter(({ contactId }) => !isIn.has(contactId))
    if (missing.length === 0) return 0
    await append(missing, undefined)
    await work.drain(missing.map(({ contactId }) => contactId))
    return missing.length
  }

  return async (who: string | DeclaredSegment, scenario: DeclaredScenario, options: EnrolOptions = {}) => {
    const entry = entryFor(runtime, scenario, options)
    return { enrolled: typeof who === 'string' ? await one(who, entry, options) : await many(who, entry, options) }
  }
}

type EntryOf = (contactId: string) => InboxEntry

/** The inbox entry of a contact. Without a key a hand-made entry is taken once, whatever the scenario's re-entry. */
const entryFor = (runtime: Runtime, scenario: DeclaredScenario, options: EnrolOptions): EntryOf => {
  const { name, reentry } = scenario.definition
  if (runtime.scenarios.get(name) !== scenario)
    throw new TobiishiError('scenario.unknown', `Scenario '${name}' was not given to createTobiishi: add it there.`)
  const key = options.key === undefined || reentry === 'once' ? 'once' : checkId(options.key, 'key', 'event.invalid_payload')
  const payload = eventOf(runtime, scenario.definition, options.event)
  const now = runtime.clock.now()
  return (contactId) => ({
    contactId,
    kind: 'enrol',
    name,
    key,
    payload,
    occurredAt: now,
    receivedAt: now,
    startScenarios: true,
  })
}

/** What the steps read as `event`: needed as soon as one of them does. */
const eventOf = (runtime: Runtime, definition: ScenarioDefinition, event: JsonObject | undefined): JsonObject => {
  const { enterOn, steps } = definition
  if (enterOn === null) return event ?? {}
  if (event !== undefined) return checkPayload(runtime.model, enterOn, event)
  const reader = Object.values(steps).find((step) => step.kind === 'send' && Object.values(step.props).some(needsEvent))
  if (reader !== undefined)
    throw new TobiishiError(
      'event.invalid_payload',
      `Step '${reader.id}' of scenario '${definition.name}' reads the event '${enterOn}': give enrol an \`event\` with its payload.`,
    )
  return {}
}

const needsEvent = (expression: Expression): boolean => {
  switch (expression.kind) {
    case 'reference':
      return expression.scope === 'event'
    case 'format':
      return needsEvent(expression.value)
    default:
      return false
  }
}
