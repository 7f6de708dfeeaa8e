import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { InboxRow, Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import type { ScenarioBook } from './scenario-book.ts'

/**
 * Drops the last mail of enrolments that came to their end before their exit event, but whose mail still waits for its window:
 * they stay completed, and nobody is written to after the event all the same.
 */
export function* dropLeftovers(batch: Batch, fresh: readonly InboxRow[], book: ScenarioBook): Step<void> {
  const endedBy = new Map<string, ReadonlySet<string>>()
  for (const { name, startScenarios } of fresh) {
    if (!startScenarios || endedBy.has(name)) continue
    endedBy.set(name, new Set(book.open.filter(({ exitOn }) => exitOn.includes(name)).map((definition) => definition.name)))
  }
  const exits = fresh.filter(({ name, startScenarios }) => startScenarios && (endedBy.get(name)?.size ?? 0) > 0)
  if (exits.length === 0) return
  const byContact = Map.groupBy(exits, ({ contactId }) => contactId)
  const isMeant = ({ contactId, scenario, state, enteredAt }: Enrolment) =>
    state === 'completed' &&
    (byContact.get(contactId) ?? []).some((row) => endedBy.get(row.name)?.has(scenario) === true && enteredAt <= row.occurredAt)
  const enrolmentIds = (yield* batch.tx.enrolments.ofContacts([...byContact.keys()])).filter(isMeant).map(({ id }) => id)
  if (enrolmentIds.length > 0) yield* batch.tx.messages.dropQueued({ enrolmentIds }, 'exited', batch.now)
}
