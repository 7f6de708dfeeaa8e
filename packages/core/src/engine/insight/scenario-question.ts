import type { Contact } from '../../domain/contact/contact.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ScenarioRow } from '../../ports/storage/index.ts'

/** What an explanation of a scenario looks at. */
export interface ScenarioQuestion {
  readonly contact: Contact
  readonly definition: ScenarioDefinition
  readonly row: ScenarioRow
  readonly now: Instant
}
