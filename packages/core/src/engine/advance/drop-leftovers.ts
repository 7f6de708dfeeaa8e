import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { endingReason } from '../../domain/scenario/level-conditions.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { InboxRow, Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import { partsOf } from './definition-parts.ts'
import type { ScenarioBook } from './scenario-book.ts'

/** An event, and a scenario whose exit or goal it may be. */
interface Ending {
  readonly row: InboxRow
  readonly definition: ScenarioDefinition
}

/**
 * Drops the mail of enrolments that came to their end before their exit event or goal, but have some that still waits: they stay
 * completed, and nobody is written to after the event all the same.
 */
export function* dropLeftovers(batch: Batch, fresh: readonly InboxRow[], book: ScenarioBook): Step<void> {
  const endings = fresh
    .filter(({ startScenarios }) => startScenarios)
    .flatMap((row) =>
      book.open
        .filter((definition) => partsOf(definition).ending.has(row.name))
        .map((definition): Ending => ({ row, definition })),
    )
  if (endings.length === 0) return
  const byContact = Map.groupBy(endings, ({ row }) => row.contactId)
  const isMeant = (enrolment: Enrolment) =>
    enrolment.state === 'completed' && (byContact.get(enrolment.contactId) ?? []).some((ending) => ends(batch, ending, enrolment))
  const enrolmentIds = (yield* batch.tx.enrolments.ofContacts([...byContact.keys()])).filter(isMeant).map(({ id }) => id)
  if (enrolmentIds.length > 0) yield* batch.tx.messages.dropQueued({ enrolmentIds }, 'exited', batch.now)
}

const ends = ({ contacts, runtime }: Batch, { row, definition }: Ending, enrolment: Enrolment): boolean => {
  if (enrolment.scenario !== definition.name) return false
  const { name: event, occurredAt, payload, contactId } = row
  const timeZone = contacts.get(contactId)?.timeZone ?? runtime.settings.timeZone
  return endingReason(definition, enrolment, { event, occurredAt, payload }, timeZone) !== null
}
