import type { Enrolment } from '../../domain/scenario/enrolment.ts'

/** An ended enrolment as it is kept for counts alone: without what its event told of the person. */
export const withoutPerson = (enrolment: Enrolment): Enrolment => ({
  ...enrolment,
  entryKey: enrolment.id,
  event: {},
  memory: {},
})
