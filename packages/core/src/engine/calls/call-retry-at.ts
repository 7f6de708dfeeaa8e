import { contactHash } from '../../domain/contact/contact-hash.ts'
import { hour, type Instant, minute } from '../../domain/time/instant.ts'
import type { Call } from '../../ports/storage/index.ts'

const firstDelay = minute
const longestDelay = 4 * hour

/**
 * When a call that failed is tried again: a minute after the first try, then twice as long each time up to four hours, half of it
 * spread over calls. Null when that was its last try.
 */
export const callRetryAt = ({ idemKey, attempt, attempts }: Call, now: Instant): Instant | null => {
  if (attempt + 1 >= attempts) return null
  const spread = (contactHash(`${idemKey}:${attempt}`).hash % 1_000) / 1_000
  return now + Math.round(Math.min(longestDelay, firstDelay * 2 ** attempt) * (0.5 + spread / 2))
}
