import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { entryKeyOf } from '../../domain/scenario/reentry.ts'
import type { Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import type { Start } from './start.ts'

const placeOf = ({ scenario, contactId }: Enrolment) => JSON.stringify([scenario, contactId])

/** By every event, and by a date where nothing else is said, the key alone says who may enter. */
const asksForEarlier = ({ definition: { reentry }, isDate }: Start): boolean =>
  reentry.kind !== 'every-event' && !(isDate && reentry.kind === 'once')

/**
 * Leaves out whom the rules of re-entry keep out, and gives the others their entry keys; of several starts in this batch the first
 * in life counts. Earlier enrolments are read in one request for the batch, and only where a scenario asks for them.
 */
export function* admit(batch: Batch, starts: readonly Start[]): Step<readonly Start[]> {
  const asking = starts.filter(asksForEarlier)
  const earlier = asking.length === 0 ? new Map<string, Enrolment[]>() : yield* readEarlier(batch, asking)
  return starts.flatMap((start) => {
    const { definition, enrolment, isDate } = start
    const own = earlier.get(placeOf(enrolment)) ?? []
    const occasion = { key: enrolment.entryKey, occurredAt: enrolment.enteredAt, isDate }
    const entryKey = entryKeyOf(definition.reentry, occasion, own)
    if (entryKey === null) return []
    const admitted = { ...start, enrolment: { ...enrolment, entryKey } }
    earlier.set(placeOf(enrolment), [...own, admitted.enrolment])
    return [admitted]
  })
}

function* readEarlier(batch: Batch, asking: readonly Start[]): Step<Map<string, Enrolment[]>> {
  const scenarios = new Set(asking.map(({ definition }) => definition.name))
  const contactIds = [...new Set(asking.map(({ enrolment }) => enrolment.contactId))]
  const [only] = scenarios
  const options = scenarios.size === 1 && only !== undefined ? { scenario: only } : undefined
  const found = yield* batch.tx.enrolments.ofContacts(contactIds, options)
  return Map.groupBy(
    found.filter(({ scenario }) => scenarios.has(scenario)),
    placeOf,
  )
}
