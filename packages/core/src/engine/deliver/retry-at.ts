import type { Instant, Milliseconds } from '../../domain/time/instant.ts'
import type { ClaimedMail } from '../../ports/storage/index.ts'
import type { Settings } from '../runtime.ts'

/**
 * When a mail that was certainly not accepted is tried again: exponential backoff, half of it spread over contacts, never
 * before the other side's own `retryAfter`. Null when attempts or the mail's expiry run out.
 */
export const retryAt = (
  retry: Settings['retry'],
  mail: ClaimedMail,
  retryAfter: Milliseconds | undefined,
  now: Instant,
): Instant | null => {
  if (mail.attempt + 1 >= retry.attempts) return null
  const full = Math.min(retry.maxDelay, retry.firstDelay * 2 ** mail.attempt)
  const spread = ((mail.contact.hash + mail.attempt * 617) % 1_000) / 1_000
  const at = now + Math.max(retryAfter ?? 0, Math.round(full * (0.5 + spread / 2)))
  return at < mail.queue.expiresAt ? at : null
}
