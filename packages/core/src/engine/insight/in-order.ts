import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ExplainFinding } from './explanation.ts'

/** A finding with its place among those of its enrolment. */
export interface Placed {
  readonly finding: ExplainFinding
  readonly enrolmentId: string | null
  /** The `stepSeq` of what it tells of; infinite for the entry and for the end or where it stands. */
  readonly seq: number
}

/** In the order of time; of one instant by enrolment, and in that as its steps follow each other. What has no time comes last. */
export const inOrder = (all: readonly Placed[], enrolments: readonly Enrolment[]): readonly ExplainFinding[] => {
  const sorted = enrolments.toSorted((a, b) => a.enteredAt - b.enteredAt || compare(a.id, b.id))
  const places = new Map(sorted.map(({ id }, index) => [id, index]))
  const timeOf = ({ finding }: Placed) => finding.at ?? Number.MAX_SAFE_INTEGER
  const placeOf = ({ enrolmentId }: Placed) => places.get(enrolmentId ?? '') ?? -1
  return all
    .toSorted((a, b) => timeOf(a) - timeOf(b) || placeOf(a) - placeOf(b) || compare(a.seq, b.seq))
    .map(({ finding }) => finding)
}

const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)
