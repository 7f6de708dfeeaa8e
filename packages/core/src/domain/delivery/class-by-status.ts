import type { BounceClass } from '../tracking/delivery-event.ts'
import { isSpamText } from './class-by-text.ts'
import type { Refusal } from './refusal.ts'

/** The first match counts. RFC 3463 and its registry, as providers use it. */
const table: readonly (readonly [RegExp, BounceClass])[] = [
  [/^[245]\.4\.7$/, 'expired'],
  [/^5\.1\.[0136]$|^5\.7\.1[78]$/, 'hard-unknown-user'],
  [/^5\.1\.(2|10)$|^5\.4\.4$/, 'hard-bad-domain'],
  [/^[45]\.2\.1$|^5\.7\.13$/, 'suspended'],
  [/^[45]\.2\.2$/, 'mailbox-full'],
  [/^5\.2\.3$|^5\.3\.4$|^5\.6\.\d+$/, 'message'],
  [/^5\.7\.28$/, 'spam-block'],
  [/^5\.1\.[78]$|^5\.7\.\d+$/, 'policy'],
  [/^4\.\d+\.\d+$/, 'transient'],
]

/** What an enhanced status means; null where it says nothing by itself (`5.0.0`, `5.5.0`) or is absent. */
export const classByStatus = ({ enhancedCode, text }: Refusal): BounceClass | null => {
  if (enhancedCode === null) return null
  if (enhancedCode === '5.7.1' && isSpamText(text)) return 'spam-block'
  return table.find(([pattern]) => pattern.test(enhancedCode))?.[1] ?? null
}
