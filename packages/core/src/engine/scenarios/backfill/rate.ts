import { hour, type Milliseconds } from '../../../domain/time/instant.ts'
import { chunkSize } from '../jobs/job.ts'

/** Contacts a chunk, so that at a rate about one chunk a minute is worked. */
export const contactsAChunk = (perHour: number | null): number =>
  perHour === null ? chunkSize : Math.min(chunkSize, Math.max(1, Math.floor(perHour / 60)))

/** How long a job at this rate waits after so many entries. Chunks that are full make no more than `perHour` in any hour. */
export const pauseAfter = (entered: number, perHour: number | null): Milliseconds => {
  if (perHour === null || entered === 0) return 0
  const chunk = contactsAChunk(perHour)
  return Math.ceil((hour / Math.floor(perHour / chunk)) * (entered / chunk))
}

/**
 * How long it takes at this rate until the last has entered, by the entries of each contact that is looked at, in order; null without a
 * rate. There is no pause after the last chunk.
 */
export const durationOf = (entriesOfEach: readonly number[], perHour: number | null): Milliseconds | null => {
  if (perHour === null) return null
  const chunk = contactsAChunk(perHour)
  const beforeLast = Math.max(0, Math.floor((entriesOfEach.length - 1) / chunk) * chunk)
  const entries = entriesOfEach.slice(0, beforeLast).reduce((sum, each) => sum + each, 0)
  return pauseAfter(entries, perHour)
}
