import * as z from 'zod'
import type { Enrolment } from '../../../domain/scenario/enrolment.ts'
import { minute } from '../../../domain/time/instant.ts'
import type { Job, Step } from '../../../ports/storage/index.ts'
import type { Chunk, ChunkContext } from './chunk.ts'
import { chunkSize, finished } from './job.ts'

/** `after`: the last enrolment looked at. `found`: whether this round found any. */
const cursorSchema = z.object({ after: z.string().nullable(), round: z.number(), found: z.boolean() })
type Cursor = z.infer<typeof cursorSchema>

const start: Cursor = { after: null, round: 0, found: false }

/**
 * A transaction that read the old state of the scenario just before may commit an entry just after, behind the cursor: so another
 * round looks for such a while later, until one finds nobody.
 */
const straggling = minute

/** Which enrolments a job is about, and what it does with those that are locked and active. */
export interface InFlightWork {
  readonly exceptVersion?: number
  readonly isMeant: (enrolment: Enrolment) => boolean
  readonly work: (enrolments: readonly Enrolment[]) => Step<{ readonly left: readonly Enrolment[] }>
}

/**
 * The next chunk of a job on active enrolments: candidates are read unlocked by id, their contacts locked in id order, then
 * the enrolments; what ended meanwhile is left alone. Enrolments that `work` leaves are not asked for again in this round.
 */
export function* inFlightChunk({ tx, job, now }: ChunkContext, { exceptVersion, isMeant, work }: InFlightWork): Step<Chunk> {
  const cursor = job.cursor === null ? start : cursorSchema.parse(job.cursor)
  const page = yield* tx.enrolments.page({
    scenario: job.scenario,
    ...(exceptVersion === undefined ? {} : { exceptVersion }),
    after: cursor.after,
    limit: chunkSize,
  })
  const candidates = new Set(page.filter(isMeant).map(({ id }) => id))
  const contactIds = [...new Set(page.filter(isMeant).map(({ contactId }) => contactId))]
  let done = 0
  if (contactIds.length > 0) {
    yield* tx.contacts.lock(contactIds, { skipLocked: false })
    const active = (yield* tx.enrolments.lockActive(contactIds)).filter((row) => candidates.has(row.id) && isMeant(row))
    const { left } = yield* work(active)
    done = active.length - left.length
  }
  const moved: Job = { ...job, done: job.done + done }
  const next: Cursor = { after: page.at(-1)?.id ?? cursor.after, round: cursor.round, found: cursor.found || done > 0 }
  if (page.length === chunkSize) return { job: { ...moved, cursor: { ...next } }, contacts: page.length }
  return { job: endOfRound(moved, next, now), contacts: page.length }
}

/** A job after which nobody is left, as the app sees it: it only looks for stragglers still. */
export const allDone = (job: Job): Job => finished(job, 'done', Math.max(job.createdAt, job.runAt - straggling))

const endOfRound = (job: Job, { round, found }: Cursor, now: number): Job => {
  if (round > 0 && !found) return finished({ ...job, cursor: null }, 'done', now)
  return { ...job, cursor: { ...start, round: round + 1 }, runAt: now + straggling }
}
