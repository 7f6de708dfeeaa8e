import type { ConsentEntry, ConsentState, TopicConsent } from '../../domain/consent/consent.ts'
import { foldConsent } from '../../domain/consent/fold-consent.ts'
import { consentFor, prevailingConsent } from '../../domain/consent/prevailing-consent.ts'
import type { Instant } from '../../domain/time/instant.ts'

export interface MergedConsent {
  readonly state: ConsentState
  /** What the ledger needs besides the lines of both, so that folding it gives `state`. */
  readonly lines: readonly ConsentEntry[]
}

/**
 * The consent of two contacts as one. The lines of both ledgers are folded together, and then the stricter holds: what one of
 * them withdrew stays withdrawn, unless that same one granted it again later. A grant of the other contact does not lift it,
 * however late, because nobody knows that the person meant it to. Where the fold alone would say otherwise, a withdrawal of today
 * with the source `merge` is added, for all or for the topic. One of everything also ends what was granted for single topics.
 */
export const mergeConsent = (
  from: ConsentState,
  into: ConsentState,
  line: { readonly contactId: string; readonly id: string; readonly now: Instant },
): MergedConsent => {
  const topics = [...new Set([...Object.keys(from.topics), ...Object.keys(into.topics)])].toSorted()
  let state = foldedTogether(from, into, topics)
  const lines: ConsentEntry[] = []
  for (const topic of [null, ...topics]) {
    const held = consentFor(state, topic)
    const isWithdrawn = [from, into].some((side) => isRefused(consentFor(side, topic)))
    if (!isWithdrawn || isRefused(held)) continue
    const entry = withdrawal(topic, { ...line, nth: lines.length, after: held?.since ?? line.now })
    lines.push(entry)
    state = foldConsent(state, entry)
  }
  return { state, lines }
}

const foldedTogether = (a: ConsentState, b: ConsentState, topics: readonly string[]): ConsentState => ({
  all: prevailing(a.all, b.all),
  topics: Object.fromEntries(
    topics.flatMap((topic) => {
      const said = prevailing(a.topics[topic] ?? null, b.topics[topic] ?? null)
      return said === null ? [] : [[topic, said]]
    }),
  ),
})

const prevailing = (a: TopicConsent | null, b: TopicConsent | null): TopicConsent | null =>
  a === null || b === null ? (a ?? b) : prevailingConsent(a, b)

const isRefused = (said: TopicConsent | null): boolean => said?.status === 'withdrawn'

const withdrawal = (
  topic: string | null,
  at: { readonly contactId: string; readonly id: string; readonly now: Instant; readonly nth: number; readonly after: Instant },
): ConsentEntry => ({
  id: `${at.id}.${String(at.nth).padStart(3, '0')}`,
  contactId: at.contactId,
  kind: 'withdraw',
  topic,
  basis: null,
  evidence: { source: 'merge', note: 'Two contacts became one, and one of them had refused.' },
  occurredAt: Math.max(at.now, at.after),
  recordedAt: at.now,
  messageId: null,
})
