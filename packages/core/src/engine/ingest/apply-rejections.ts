import type { Rejection } from '../deliver/turn.ts'
import type { Runtime } from '../runtime.ts'
import { applyConsequences, type Happening } from './consequences.ts'

/**
 * What follows from refusals at hand-over: suppression and counts, as from bounces that come later. In a transaction of its
 * own after the one that wrote the bounces down, because it locks the contacts first. A crash between the two loses only this;
 * the next refusal does it.
 */
export const applyRejections = async (runtime: Runtime, rejections: readonly Rejection[]): Promise<void> => {
  warnOfBlocks(runtime, rejections)
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

/** Refusals that speak of us, not of the recipient: nobody is suppressed for them, and only the operator can mend them. */
const warnOfBlocks = ({ logger }: Runtime, rejections: readonly Rejection[]): void => {
  for (const bounceClass of ['policy', 'spam-block'] as const) {
    const refused = rejections.filter(({ event }) => event.bounceClass === bounceClass)
    const [first] = refused
    if (first === undefined) continue
    const { code, enhancedCode } = first.event.raw
    logger.warn('sender.refused', { bounceClass, messages: refused.length, messageId: first.event.messageId, code, enhancedCode })
  }
}
