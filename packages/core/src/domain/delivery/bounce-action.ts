import type { Contact } from '../contact/contact.ts'
import { day, type Instant, type Milliseconds } from '../time/instant.ts'
import type { BounceClass } from '../tracking/delivery-event.ts'

/** When soft bounces suppress: so many sends in a row, over at least that span. */
export interface SoftBounceLimit {
  readonly count: number
  readonly over: Milliseconds
}

export const defaultSoftBounceLimit: SoftBounceLimit = { count: 5, over: 14 * day }

/** What a bounce means for the recipient. `soft` gives the contact's counter as it becomes. */
export type BounceAction =
  | { readonly kind: 'suppress'; readonly scope: 'all'; readonly reason: 'hard-bounce' | 'soft-bounces' }
  | { readonly kind: 'soft'; readonly softBounces: number; readonly softSince: Instant }
  | { readonly kind: 'none' }

const soft: readonly BounceClass[] = ['suspended', 'mailbox-full', 'filtered', 'expired', 'undetermined']

/**
 * A hard bounce suppresses at once. Soft ones count, once a send: suppressed at the fifth in a row if the first lies 14 days
 * back, so that a full mailbox over a holiday costs nobody their mail. What is the fault of the message, of our set-up or of a
 * block does not count against the recipient (facts §4).
 */
export const bounceAction = (
  bounceClass: BounceClass,
  contact: Pick<Contact, 'softBounces' | 'softSince'>,
  now: Instant,
  limit: SoftBounceLimit = defaultSoftBounceLimit,
): BounceAction => {
  if (bounceClass === 'hard-unknown-user' || bounceClass === 'hard-bad-domain')
    return { kind: 'suppress', scope: 'all', reason: 'hard-bounce' }
  if (!soft.includes(bounceClass)) return { kind: 'none' }
  const softBounces = contact.softBounces + 1
  const softSince = contact.softSince ?? now
  if (softBounces >= limit.count && now - softSince >= limit.over)
    return { kind: 'suppress', scope: 'all', reason: 'soft-bounces' }
  return { kind: 'soft', softBounces, softSince }
}
