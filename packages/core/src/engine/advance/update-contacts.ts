import type { Contact } from '../../domain/contact/contact.ts'
import { applyUpdate, type Update } from '../../domain/scenario/apply-update.ts'
import { normaliseRecord } from '../../domain/segment/normalise-record.ts'
import type { Batch } from './batch.ts'
import type { Task } from './task.ts'

/** The contacts as the update steps of a batch leave them, in the order of the tasks; changed ones only. */
export const updateContacts = (batch: Batch, tasks: readonly Task[]): readonly Contact[] => {
  const changed = new Map<string, Contact>()
  for (const { enrolment, effects } of tasks) {
    for (const effect of effects) {
      if (effect.kind !== 'update') continue
      const contact = changed.get(enrolment.contactId) ?? batch.contacts.get(enrolment.contactId)
      if (contact === undefined) continue
      const attributes = applyUpdate(contact.attributes, normalised(batch, effect))
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
