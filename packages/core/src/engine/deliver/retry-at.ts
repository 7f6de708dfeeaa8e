import { type Instant, type Milliseconds, minute } from '../../domain/time/instant.ts'
import type { ClaimedMail } from '../../ports/storage/index.ts'
import type { Settings } from '../runtime.ts'

/**
 * When a mail that was certainly not accepted is tried again: exponential backoff, half of it spread over contacts, never
 * before the other side's own `retryAfter`. A step that would pass the expiry is cut short once, to one to five minutes before
 * it, so that a worker still gets there. Null when that was the last one, or attempts run out.
 */
export const retryAt = (
  retry: Settings['retry'],
  mail: ClaimedMail,
  retryAfter: Milliseconds | undefined,
  now: Instant,
): Instant | null => {
  if (mail.attempt + 1 >= retry.attempts) return null
  const { expiresAt } = mail.queue
  const spread = ((mail.contact.hash + mail.attempt * 617) % 1_000) / 1_000
  const after = (delay: Milliseconds) => now + Math.max(retryAfter ?? 0, Math.round(delay * (0.5 + spread / 2)))
  const at = after(Math.min(retry.maxDelay, retry.firstDelay * 2 ** mail.attempt))
  if (at < expiresAt) return at
  const last = expiresAt - minute - ((mail.contact.hash % 1_000) / 1_000) * 4 * minute
  const soonest = after(Math.min(retry.maxDelay, retry.firstDelay))
  return soonest <= last ? Math.floor(last) : null
}
