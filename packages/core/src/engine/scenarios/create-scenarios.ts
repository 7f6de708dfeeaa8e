import type { InboxWork } from '../inbox/take-in.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { createPausing } from './pausing.ts'

/** Everything of `mail.scenarios`, each part a file of its own. */
export const createScenarios = (runtime: Runtime, work: Pick<InboxWork, 'ready'>): Tobiishi['scenarios'] => ({
  ...createPausing(runtime, work),
  enrolments: (contactId) => runtime.storage.read((reader) => reader.enrolments.ofContact(contactId)),
})
