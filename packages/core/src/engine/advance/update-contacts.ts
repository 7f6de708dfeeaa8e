import type { Contact } from '../../domain/contact/contact.ts'
import type { Json, JsonObject } from '../../domain/json.ts'
import type { Effect } from '../../domain/scenario/enrolment.ts'
import { normaliseRecord } from '../../domain/segment/normalise-record.ts'
import type { Batch } from './batch.ts'
import type { Task } from './task.ts'

type Update = Extract<Effect, { kind: 'update' }>

/** The contacts as the update steps of a batch leave them, in the order of the tasks; changed ones only. */
export const updateContacts = (batch: Batch, tasks: readonly Task[]): readonly Contact[] => {
  const changed = new Map<string, Contact>()
  for (const { enrolment, effects } of tasks) {
    for (const effect of effects) {
      if (effect.kind !== 'update') continue
      const contact = changed.get(enrolment.contactId) ?? batch.contacts.get(enrolment.contactId)
      if (contact === undefined) continue
      const attributes = withUpdate(contact.attributes, normalised(batch, effect))
      if (JSON.stringify(attributes) !== JSON.stringify(contact.attributes))
        changed.set(contact.id, { ...contact, attributes, updatedAt: batch.now })
    }
  }
  return [...changed.values()]
}

const normalised = ({ runtime }: Batch, update: Update): Update => ({
  ...update,
  set: normaliseRecord(runtime.model.attributeTypes, update.set),
})

/** `null` clears, a list gains what it lacks and loses what is removed; a list that was not there begins empty. */
const withUpdate = (before: JsonObject, { set, add, remove }: Update): JsonObject => {
  const after: { [attribute: string]: Json } = { ...before }
  for (const [name, value] of Object.entries(set)) {
    if (value === null) delete after[name]
    else after[name] = value
  }
  for (const [name, values] of Object.entries(add)) {
    const list = listOf(after[name])
    const seen = new Set(list.map((one) => JSON.stringify(one)))
    after[name] = [...list, ...values.filter((one) => !seen.has(JSON.stringify(one)) && seen.add(JSON.stringify(one)))]
  }
  for (const [name, values] of Object.entries(remove)) {
    const gone = new Set(values.map((one) => JSON.stringify(one)))
    const list = after[name]
    if (Array.isArray(list)) after[name] = list.filter((one: Json) => !gone.has(JSON.stringify(one)))
  }
  return after
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
