import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'

/** Which frequency cap left a mail out or put it off: kept as the message's `answer`. */
export interface CapNote {
  /** Name of the cap. */
  readonly cap: string
  /** True: its places are taken. False: they are kept for mail that goes first, by priority or by its planned time. */
  readonly isFull: boolean
  /** Scenario of the mail for which the last place is kept; null: of a broadcast, or the cap is full. */
  readonly keptFor: string | null
  /** When the mail that was put off comes up again; null: it was left out. */
  readonly until: Instant | null
}

/** The note in a message's `answer`; null where the answer is something else. */
export const capNoteOf = (answer: JsonObject | null): CapNote | null => {
  const { cap, isFull, keptFor = null, until = null } = answer ?? {}
  if (typeof cap !== 'string' || typeof isFull !== 'boolean') return null
  return { cap, isFull, keptFor: typeof keptFor === 'string' ? keptFor : null, until: typeof until === 'number' ? until : null }
}
