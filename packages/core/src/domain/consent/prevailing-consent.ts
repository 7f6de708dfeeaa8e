import type { ConsentBasis, ConsentState, TopicConsent } from './consent.ts'

/** What the person did counts more than what the circumstances allow, and that more than a request nobody confirmed. */
const layerOf = ({ status, basis }: TopicConsent): number => {
  if (status === 'pending') return 0
  return status !== 'withdrawn' && basis !== null && basisStrength[basis] < basisStrength['opt-in'] ? 1 : 2
}

const basisStrength: { readonly [B in ConsentBasis]: number } = {
  'published-address': 1,
  'trading-relation': 2,
  'written-address': 3,
  'opt-in': 4,
  'double-opt-in': 5,
}

const strictness: { readonly [S in TopicConsent['status']]: number } = { pending: 0, granted: 1, expired: 2, withdrawn: 3 }

const strengthOf = (basis: ConsentBasis | null): number => (basis === null ? 0 : basisStrength[basis])

/**
 * Of two things said, the one that holds. A person's own act (opt-in, confirmation, withdrawal, their expiry) goes before
 * circumstances (business card, trade, published address), so that tonight's order import does not lift yesterday's
 * withdrawal; within a layer the later one holds, at the same instant the stricter one.
 */
export const prevailingConsent = (a: TopicConsent, b: TopicConsent): TopicConsent => {
  const order =
    layerOf(a) - layerOf(b) ||
    a.since - b.since ||
    strictness[a.status] - strictness[b.status] ||
    strengthOf(a.basis) - strengthOf(b.basis)
  return order >= 0 ? a : b
}

/** What holds for a topic, or with `null` for mail without one: what was said for all, or for the topic, whichever prevails. */
export const consentFor = (state: ConsentState, topic: string | null): TopicConsent | null => {
  const own = topic === null ? undefined : state.topics[topic]
  if (own === undefined) return state.all
  return state.all === null ? own : prevailingConsent(state.all, own)
}
