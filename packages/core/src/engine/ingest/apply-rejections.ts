import type { Rejection } from '../deliver/turn.ts'
import type { Runtime } from '../runtime.ts'
import { applyConsequences, type Happening } from './consequences.ts'

/**
 * What follows from refusals at hand-over: suppression and counts, as from bounces that come later. In a transaction of its
 * own after the one that wrote the bounces down, because it locks the contacts first. A crash between the two loses only this;
 * the next refusal does it.
 */
export const applyRejections = async (runtime: Runtime, rejections: readonly Rejection[]): Promise<void> => {
  const ids = [...new Set(rejections.map(({ event }) => event.contactId))]
  await runtime.storage.transaction(function* (tx) {
    const contacts = yield* tx.contacts.lock(ids, { skipLocked: false })
    const happenings = rejections.map(({ event, emailKey }): Happening => {
      const message = { topic: null, facts: { bouncedAt: null } }
      return { event, message, emailKey }
    })
    yield* applyConsequences(runtime, tx, contacts, happenings)
  })
}
