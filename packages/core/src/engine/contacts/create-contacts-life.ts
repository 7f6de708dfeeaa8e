import { TobiishiError } from '../../errors/index.ts'
import { checkId } from '../inbox/check-id.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { eraseContact } from './erase-contact.ts'
import { mergeContacts } from './merge-contacts.ts'

/** Two contacts becoming one, and one being forgotten. What waits in their inboxes is worked in before, as it came. */
export const createContactsLife = (runtime: Runtime, work: InboxWork): Pick<Tobiishi['contacts'], 'merge' | 'erase'> => {
  const { storage, clock, waker, suppressionKeys, randomId } = runtime
  return {
    merge: async (from, into) => {
      for (const [path, id] of Object.entries({ from, into })) checkId(id, path, 'contact.unknown')
      if (from === into)
        throw new TobiishiError('config.invalid', 'A contact cannot be merged with itself: give two ids that differ.')
      await work.ready()
      await work.drain([from, into])
      const merge = { from, into, now: clock.now(), id: randomId() }
      await storage.transaction((tx) => mergeContacts(tx, merge))
      await work.drain([into])
      waker.hint()
    },
    erase: async (id, { suppress = true } = {}) => {
      checkId(id, 'id', 'contact.unknown')
      await work.ready()
      await work.drain([id])
      const alias = `erased-${randomId()}`
      const keyOf = suppress ? suppressionKeys.address : null
      await storage.transaction((tx) => eraseContact(tx, { id, alias, now: clock.now(), keyOf }))
    },
  }
}
