import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

/** Which variant of an experiment a contact got, for good. */
export interface Assignment {
  readonly experiment: string
  readonly contactId: string
  readonly variant: string
  readonly assignedAt: Instant
}
export interface AssignmentReader {
  get(experiments: readonly string[], contactIds: readonly string[]): Step<Assignment[]>
  /** Contacts by variant. */
  count(experiment: string): Step<{ readonly variant: string; readonly contacts: number }[]>
}
export interface AssignmentWriter extends AssignmentReader {
  /** Adds absent ones: the first stays. */
  put(rows: readonly Assignment[]): Step<void>
  /** Gives the rows of `from` to `into`, whose own go first; with null they are deleted. */
  move(from: string, into: string | null): Step<void>
}
