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

/** How long so many entries take at this rate; null without one. */
export const durationOf = (entering: number, perHour: number | null): Milliseconds | null =>
  perHour === null ? null : pauseAfter(Math.max(0, entering - contactsAChunk(perHour)), perHour)
