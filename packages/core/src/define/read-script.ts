import * as z from 'zod'
import type { JsonObject } from '../domain/json.ts'
import { eventReader } from '../domain/scenario/event-reader.ts'
import type { Happening, SimulatedContact } from '../domain/scenario/simulate/script.ts'
import { normaliseRecord } from '../domain/segment/normalise-record.ts'
import type { Instant } from '../domain/time/instant.ts'
import { parseInstant } from '../domain/time/parse-instant.ts'
import { isTimeZone } from '../domain/time/time-zone.ts'
import { type ErrorCode, TobiishiError } from '../errors/index.ts'
import type { DeclaredModel } from './declared.ts'
import { invalidDefinition, isJson, mustBe, unknownName } from './invalid-definition.ts'
import { isOptions, readOptions } from './options.ts'
import type { ContactScript, SimulatedScenario } from './simulation-script.ts'

/** The contacts of a simulation, each read when it comes: there may be many. */
export function* readContacts(scenario: SimulatedScenario, contacts: Iterable<ContactScript>): Generator<SimulatedContact> {
  const ids = new Set<string>()
  let index = 0
  for (const contact of contacts) {
    const path = `contacts[${index}]`
    const read = readContact(scenario, path, contact)
    if (ids.has(read.id)) throw invalidDefinition(`${path}.id`, 'another contact of the simulation has this id.')
    ids.add(read.id)
    index += 1
    yield read
  }
}

const readContact = (scenario: SimulatedScenario, path: string, contact: unknown): SimulatedContact => {
  const { id, timeZone, attributes, happenings } = readOptions(path, contact ?? null, [
    'id',
    'timeZone',
    'attributes',
    'happenings',
  ])
  if (typeof id !== 'string' || id === '') throw mustBe(`${path}.id`, 'a text that is not empty', id)
  requireZone(`${path}.timeZone`, timeZone)
  if (happenings !== undefined && !Array.isArray(happenings)) throw mustBe(`${path}.happenings`, 'a list', happenings)
  return {
    id,
    ...(typeof timeZone === 'string' ? { timeZone } : {}),
    ...(attributes === undefined ? {} : { attributes: readAttributes(scenario.model, `${path}.attributes`, attributes) }),
    happenings: (happenings ?? []).map((one: unknown, index) => readHappening(scenario, `${path}.happenings[${index}]`, one)),
  }
}

const readHappening = (scenario: SimulatedScenario, path: string, happening: unknown): Happening => {
  const { at: instant, ...rest } = readOptions(path, happening ?? null, ['at', 'event', 'payload', 'attributes', 'enrol'])
  const at = readInstant(`${path}.at`, instant)
  if ('attributes' in rest) {
    readOptions(path, rest, ['attributes'])
    return { at, attributes: readAttributes(scenario.model, `${path}.attributes`, rest.attributes) }
  }
  if ('enrol' in rest) {
    readOptions(path, rest, ['enrol'])
    return { at, enrol: readEnrol(scenario, `${path}.enrol`, rest.enrol) }
  }
  const { event, payload } = readOptions(path, rest, ['event', 'payload'])
  if (typeof event !== 'string') throw mustBe(`${path}.event`, 'the name of an event (or give attributes or enrol)', event)
  return { at, event, payload: readPayload(scenario.model, path, event, payload) }
}

const readEnrol = (
  { model, definition }: SimulatedScenario,
  path: string,
  enrol: unknown,
): Extract<Happening, { enrol: object }>['enrol'] => {
  const { event, step } = readOptions(path, enrol ?? null, ['event', 'step'])
  const { trigger, steps } = definition
  if (step !== undefined && (typeof step !== 'string' || !Object.hasOwn(steps, step)))
    throw mustBe(`${path}.step`, `one of the steps ${Object.keys(steps).join(', ')}`, step, 'definition.unknown_reference')
  if (event !== undefined && !isOptions(event)) throw mustBe(`${path}.event`, 'the payload of an event', event)
  const reader = event === undefined && trigger?.kind === 'event' ? eventReader(definition) : null
  if (reader !== null)
    throw invalidDefinition(`${path}.event`, `is missing: step "${reader.id}" reads it.`, 'event.invalid_payload')
  const isOfEvent = event !== undefined && trigger?.kind === 'event' && Object.hasOwn(model.events, trigger.event)
  const payload = isOfEvent ? readPayload(model, path, trigger.event, event, 'event') : readJson(`${path}.event`, event)
  return { ...(event === undefined ? {} : { event: payload }), ...(typeof step === 'string' ? { step } : {}) }
}

/** `event.unknown`, `event.invalid_payload`. */
const readPayload = (model: DeclaredModel, path: string, event: string, payload: unknown, key = 'payload'): JsonObject => {
  const schema = Object.hasOwn(model.events, event) ? model.events[event] : undefined
  if (schema === undefined)
    throw invalidDefinition(`${path}.event`, `the model has no event ${unknownName(event, model.events)}.`, 'event.unknown')
  const read = fitting(schema, `${path}.${key}`, payload ?? {}, 'event.invalid_payload')
  return normaliseRecord(model.eventTypes[event] ?? {}, readJson(`${path}.${key}`, read))
}

/** `contact.invalid_attributes`. */
const readAttributes = (model: DeclaredModel, path: string, attributes: unknown): JsonObject => {
  if (!isOptions(attributes)) throw mustBe(path, 'an object of attributes', attributes)
  const { shape } = model.contact
  const read = Object.entries(attributes).map(([name, value]) => {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (schema === undefined)
      throw invalidDefinition(path, `the model has no attribute ${unknownName(name, shape)}.`, 'contact.invalid_attributes')
    return [name, value === null ? null : fitting(schema, `${path}.${name}`, value, 'contact.invalid_attributes')]
  })
  return normaliseRecord(model.attributeTypes, readJson(path, Object.fromEntries(read)))
}

const fitting = (schema: z.core.$ZodType, path: string, value: unknown, code: ErrorCode): unknown => {
  const parsed = z.safeParse(schema, value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalidDefinition([path, ...(issue?.path ?? [])].map(String).join('.'), `${issue?.message}.`, code)
}

const isJsonObject = (value: unknown): value is JsonObject => isOptions(value) && isJson(value)

/** What is undefined is left out, as JSON does. */
const readJson = (path: string, value: unknown): JsonObject => {
  const kept = Object.fromEntries(Object.entries(isOptions(value) ? value : {}).filter(([, one]) => one !== undefined))
  if (isJsonObject(kept)) return kept
  throw invalidDefinition(path, 'only JSON values can be stored.')
}

/** Throws `time.invalid` for what is no zone. */
export const requireZone = (path: string, zone: unknown): void => {
  if (zone === undefined || (typeof zone === 'string' && isTimeZone(zone))) return
  throw mustBe(path, 'an IANA time zone such as Asia/Tokyo', zone, 'time.invalid')
}

/** `time.invalid` with its path. */
export const readInstant = (path: string, at: unknown): Instant => {
  const isInput = typeof at === 'string' || typeof at === 'number' || at instanceof Date
  try {
    if (isInput) return parseInstant(at)
  } catch (error) {
    if (!TobiishiError.is(error)) throw error
  }
  throw mustBe(
    path,
    'an instant: a Date, milliseconds since 1970, or text with an offset as 2026-01-05T10:00:00+09:00',
    at,
    'time.invalid',
  )
}
