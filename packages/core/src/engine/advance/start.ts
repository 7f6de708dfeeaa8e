import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { InboxRow } from '../../ports/storage/index.ts'

/** Something that starts a scenario for a contact, if its rules of re-entry let it. */
export interface Start {
  readonly definition: ScenarioDefinition
  /** As it begins; its `entryKey` is that of the occasion, before the rules of re-entry. */
  readonly enrolment: Enrolment
  /** An occurrence of a date. */
  readonly isDate: boolean
  /** The inbox row that made it; null where time or a segment did. */
  readonly row: InboxRow | null
}
