import type { JsonObject } from '../domain/json.ts'
import { eventReader } from '../domain/scenario/event-reader.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../errors/index.ts'
import type { InboxEntry } from '../ports/storage/index.ts'
import { checkId } from './inbox/check-id.ts'
import { checkPayload } from './inbox/check-payload.ts'
import { parsePast } from './inbox/parse-past.ts'
import type { Runtime } from './runtime.ts'
import type { EnrolSettings } from './tobiishi.ts'

/** The inbox entry of a contact. */
export type EntryOf = (contactId: string) => InboxEntry

/**
 * What an entry by hand looks like. Without a key it is taken once, whatever the scenario's re-entry. Throws
 * `definition.unknown_reference` for a step that the scenario lacks, `event.invalid_payload`, `event.in_future`.
 */
export const entryFor = (runtime: Runtime, definition: ScenarioDefinition, options: EnrolSettings): EntryOf => {
  const { name, reentry, steps } = definition
  const { at } = options
  if (at !== undefined && !Object.hasOwn(steps, at))
    throw new TobiishiError(
      'definition.unknown_reference',
      `Scenario '${name}' has no step '${at}': enrol at one of ${Object.keys(steps).join(', ')}.`,
    )
  const isOnce = options.key === undefined || reentry.kind === 'once'
  const key = isOnce ? 'once' : checkId(options.key ?? '', 'key', 'event.invalid_payload')
  const payload = eventOf(runtime, definition, options.event)
  const receivedAt = runtime.clock.now()
  const occurredAt = parsePast(options.enteredAt, receivedAt, 'enteredAt')
  const fixed = { kind: 'enrol', name, key, payload, occurredAt, receivedAt, startScenarios: true } as const
  return (contactId) => ({ contactId, ...fixed, ...(at === undefined ? {} : { meta: { at } }) })
}

/** What the steps read as `event`: needed as soon as one of them does. */
const eventOf = (runtime: Runtime, definition: ScenarioDefinition, event: JsonObject | undefined): JsonObject => {
  const { trigger } = definition
  if (trigger?.kind !== 'event') return event ?? {}
  if (event !== undefined) return checkPayload(runtime.model, trigger.event, event)
  const reader = eventReader(definition)
  if (reader !== null)
    throw new TobiishiError(
      'event.invalid_payload',
      `Step '${reader.id}' of scenario '${definition.name}' reads the event '${trigger.event}': give enrol an \`event\` with its payload.`,
    )
  return {}
}
