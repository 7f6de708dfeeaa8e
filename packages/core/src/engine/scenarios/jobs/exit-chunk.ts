import { exitEnrolment } from '../../../domain/scenario/end-enrolment.ts'
import type { Instant } from '../../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../../ports/storage/index.ts'
import { endEnrolments } from '../end-enrolments.ts'
import type { WorkChunk } from './chunk.ts'
import { inFlightChunk } from './in-flight-chunk.ts'
import { type JobSpec, specOf } from './job.ts'

/**
 * Ends enrolments now, with the reason `stopped` or `replaced`; their queued mail is skipped with it, their calls dropped. At the
 * end so is mail of those that had completed before.
 */
export const exitChunk: WorkChunk = function* (context) {
  const { tx, job, now } = context
  const spec = specOf(job, 'exit')
  const { reason, below } = spec
  const chunk = yield* inFlightChunk(context, {
    isMeant: ({ version }) => below === null || version < below,
    *work(enrolments) {
      yield* endEnrolments(
        tx,
        enrolments.map((enrolment) => exitEnrolment(enrolment, reason, now)),
        { reason, now },
      )
      return { left: [] }
    },
  })
  if (chunk.job.state === 'done') yield* dropLeft(tx, job.scenario, spec, now)
  return chunk
}

/** Mail that is left when everybody is out: a completed enrolment may have some that is tried again. */
export function* dropLeft(
  tx: Pick<StorageTransaction, 'messages'>,
  scenario: string,
  { reason, below }: JobSpec<'exit'>,
  now: Instant,
): Step<void> {
  const all = { scenario, before: Number.MAX_SAFE_INTEGER }
  yield* tx.messages.dropQueued(below === null ? all : { ...all, below }, reason, now)
}
