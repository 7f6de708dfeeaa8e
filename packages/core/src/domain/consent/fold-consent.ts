import type { ConsentEntry, ConsentState, TopicConsent } from './consent.ts'
import { prevailingConsent } from './prevailing-consent.ts'

/** The state of a contact of whom the ledger says nothing. */
export const emptyConsent: ConsentState = { all: null, topics: {} }

const statusOf: { readonly [K in ConsentEntry['kind']]: TopicConsent['status'] } = {
  grant: 'granted',
  confirm: 'granted',
  request: 'pending',
  withdraw: 'withdrawn',
  expire: 'expired',
}

const basisOf = (entry: ConsentEntry): TopicConsent['basis'] => {
  if (entry.kind === 'withdraw') return null
  return entry.kind === 'confirm' ? (entry.basis ?? 'double-opt-in') : entry.basis
}

/**
 * The state after one more line of the ledger. The order of folding does not matter, because `occurredAt` decides
 * (`prevailingConsent`): a file with last year's grants does not undo this year's withdrawal. A request is pending only where
 * nothing else was said. An `expire` carries the basis that ran out.
 */
export const foldConsent = (state: ConsentState, entry: ConsentEntry): ConsentState => {
  const said: TopicConsent = { status: statusOf[entry.kind], basis: basisOf(entry), since: entry.occurredAt }
  const before = entry.topic === null ? state.all : (state.topics[entry.topic] ?? null)
  const after = before === null ? said : prevailingConsent(before, said)
  if (after === before) return state
  return entry.topic === null ? { ...state, all: after } : { ...state, topics: { ...state.topics, [entry.topic]: after } }
}
