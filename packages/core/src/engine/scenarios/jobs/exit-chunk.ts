import { exitEnrolment } from '../../../domain/scenario/end-enrolment.ts'
import { endEnrolments } from '../end-enrolments.ts'
import type { WorkChunk } from './chunk.ts'
import { inFlightChunk } from './in-flight-chunk.ts'
import { specOf } from './job.ts'

/** Ends enrolments now, with the reason `stopped` or `replaced`; their queued mail is skipped with it, their calls dropped. */
export const exitChunk: WorkChunk = (context) => {
  const { tx, job, now } = context
  const { reason, below } = specOf(job, 'exit')
  return inFlightChunk(context, {
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
}
