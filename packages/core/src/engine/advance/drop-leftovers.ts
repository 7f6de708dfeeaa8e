import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { InboxRow, Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import type { ScenarioBook } from './scenario-book.ts'

/**
 * Drops the last mail of enrolments that came to their end before their exit event, but whose mail still waits for its window:
 * they stay completed, and nobody is written to after the event all the same.
 */
export function* dropLeftovers(
  batch: Batch,
  fresh: readonly InboxRow[],
  declared: Iterable<string>,
  book: ScenarioBook,
): Step<void> {
  const current = [...declared].flatMap((name) => book.current(name) ?? [])
  const enrolmentIds: string[] = []
  for (const row of fresh) {
    const ended = new Set(current.filter(({ exitOn }) => exitOn.includes(row.name)).map(({ name }) => name))
    if (!row.startScenarios || ended.size === 0) continue
    const isMeant = ({ scenario, state, enteredAt }: Enrolment) =>
      state === 'completed' && ended.has(scenario) && enteredAt <= row.occurredAt
    const enrolments = yield* batch.tx.enrolments.ofContact(row.contactId)
    enrolmentIds.push(...enrolments.filter(isMeant).map(({ id }) => id))
  }
  if (enrolmentIds.length > 0) yield* batch.tx.messages.dropQueued({ enrolmentIds }, 'exited', batch.now)
}
