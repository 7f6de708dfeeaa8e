import type * as z from 'zod'
import type { DeclaredModel } from '../../define/declared.ts'
import type { JsonObject } from '../../domain/json.ts'
import { normaliseRecord } from '../../domain/segment/normalise-record.ts'
import { TobiishiError } from '../../errors/index.ts'
import { plainObject } from './plain-json.ts'

/** Where and what, without the value. */
const clauses = (error: z.ZodError, root: string) =>
  error.issues.map(({ path, message }) => `${[root, ...path].map(String).join('.')}: ${message}`).join('; ')

/** An event's payload as it is stored. Throws `event.unknown`, or `event.invalid_payload` with the paths and no values. */
export const checkPayload = (model: DeclaredModel, event: string, payload: unknown): JsonObject => {
  const schema = Object.hasOwn(model.events, event) ? model.events[event] : undefined
  if (schema === undefined)
    throw new TobiishiError('event.unknown', `The model has no event '${event}': declare it in defineModel, or correct the name.`)
  const parsed = schema.safeParse(payload)
  if (!parsed.success)
    throw new TobiishiError(
      'event.invalid_payload',
      `The payload of '${event}' does not fit. ${clauses(parsed.error, 'payload')}.`,
    )
  return normaliseRecord(model.eventTypes[event] ?? {}, plainObject(parsed.data, 'payload', 'event.invalid_payload'))
}

/**
 * Changed attributes as they are stored; `null` clears one. Each is checked by its own schema, so that one can be changed
 * alone. Throws `contact.invalid_attributes` with the paths and no values.
 */
export const checkAttributes = (model: DeclaredModel, attributes: Readonly<Record<string, unknown>>): JsonObject => {
  const changed = Object.entries(attributes).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return []
    const schema = Object.hasOwn(model.contact.shape, name) ? model.contact.shape[name] : undefined
    if (schema === undefined)
      throw new TobiishiError(
        'contact.invalid_attributes',
        `attributes.${name}: the model has no such attribute. Declare it in defineModel, or correct the name.`,
      )
    if (value === null) return [[name, null]]
    const parsed = (schema as z.ZodType).safeParse(value)
    if (!parsed.success) throw new TobiishiError('contact.invalid_attributes', `${clauses(parsed.error, `attributes.${name}`)}.`)
    return [[name, parsed.data]]
  })
  const plain = plainObject(Object.fromEntries(changed), 'attributes', 'contact.invalid_attributes')
  return normaliseRecord(model.attributeTypes, plain)
}
