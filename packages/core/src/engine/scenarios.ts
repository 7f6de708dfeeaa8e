import { TobiishiError } from '../errors/index.ts'
import type { InboxWork } from './inbox/take-in.ts'
import type { Runtime } from './runtime.ts'
import type { Tobiishi } from './tobiishi.ts'

/** Pausing holds due steps and queued mail without moving anybody; resuming goes on, and late steps follow their late rule. */
export const createScenarios = (runtime: Runtime, work: Pick<InboxWork, 'ready'>): Tobiishi['scenarios'] => {
  const { storage, scenarios, waker } = runtime

  const setState = async (name: string, state: 'active' | 'paused') => {
    if (!scenarios.has(name))
      throw new TobiishiError('scenario.unknown', `Scenario '${name}' was not given to createTobiishi: add it there.`)
    await work.ready()
    await storage.transaction((tx) => tx.scenarios.setState(name, state))
    waker.hint()
  }

  return {
    pause: (name) => setState(name, 'paused'),
    resume: (name) => setState(name, 'active'),
    enrolments: (contactId) => storage.read((reader) => reader.enrolments.ofContact(contactId)),
  }
}
