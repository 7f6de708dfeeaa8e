import type { Instant } from '../../domain/time/instant.ts'
import { minute } from '../../domain/time/instant.ts'
import { parseInstant } from '../../domain/time/parse-instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { InstantInput } from '../tobiishi.ts'

/** Clocks of two machines may differ by this much. */
const tolerance = 5 * minute

/** The instant at which something happened, `now` by default. Throws `time.invalid`, or `event.in_future` more than five minutes ahead. */
export const parsePast = (input: InstantInput | undefined, now: Instant, path = 'occurredAt'): Instant => {
  if (input === undefined) return now
  const at = parseInstant(input)
  if (at > now + tolerance)
    throw new TobiishiError(
      'event.in_future',
      `${path} is more than five minutes in the future: send it when it has happened, and check the clocks.`,
    )
  return at
}
