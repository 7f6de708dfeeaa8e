import { matchesPayload } from '../../../domain/scenario/match-event.ts'
import { entryKeyOf } from '../../../domain/scenario/reentry.ts'
import type { ScenarioDefinition } from '../../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../../domain/time/instant.ts'
import type { EventRow, Step, StorageReader } from '../../../ports/storage/index.ts'
import type { Candidate } from './candidate.ts'

export interface Admitted {
  readonly entering: readonly (Candidate & { readonly entryKey: string })[]
  /** Kept out by the rules of re-entry: they are in it, or were. */
  readonly alreadyIn: readonly Candidate[]
  /** An exit or the goal happened to them after what would have started it. */
  readonly endedSince: readonly Candidate[]
}

export interface AdmittingOptions {
  /** When an entry counts from. */
  readonly enteredAt: (candidate: Candidate) => Instant
  /** Of the app. */
  readonly timeZone: string
}

/**
 * Which candidates may enter: nobody whom re-entry keeps out, and nobody to whom an exit or the goal happened after what would have
 * started it. Two requests for all of them.
 */
export function* admitted(
  reader: Pick<StorageReader, 'enrolments' | 'events'>,
  definition: ScenarioDefinition,
  candidates: readonly Candidate[],
  { enteredAt, timeZone }: AdmittingOptions,
): Step<Admitted> {
  if (candidates.length === 0) return { entering: [], alreadyIn: [], endedSince: [] }
  const contactIds = [...new Set(candidates.map(({ contactId }) => contactId))]
  const rows = yield* reader.enrolments.ofContacts(contactIds, { scenario: definition.name })
  const earlier = Map.groupBy(rows, ({ contactId }) => contactId)
  const endings = yield* endingsOf(reader, definition, candidates, timeZone)
  const entering: Admitted['entering'][number][] = []
  const alreadyIn: Candidate[] = []
  const endedSince: Candidate[] = []
  for (const candidate of candidates) {
    const { contactId, key, occurredAt } = candidate
    const occasion = { key, occurredAt: enteredAt(candidate) }
    const entryKey = entryKeyOf(definition.reentry, occasion, earlier.get(contactId) ?? [])
    if (entryKey === null) alreadyIn.push(candidate)
    else if (endings.some((event) => event.contactId === contactId && event.occurredAt > occurredAt)) endedSince.push(candidate)
    else entering.push({ ...candidate, entryKey })
  }
  return { entering, alreadyIn, endedSince }
}

function* endingsOf(
  reader: Pick<StorageReader, 'events'>,
  { exitOn, goal }: ScenarioDefinition,
  candidates: readonly Candidate[],
  timeZone: string,
): Step<readonly EventRow[]> {
  const names = [...new Set([...exitOn, ...(goal?.kind === 'event' ? [goal.event] : [])])]
  if (names.length === 0) return []
  const since = Math.min(...candidates.map(({ occurredAt }) => occurredAt))
  const events = yield* reader.events.ofContacts([...new Set(candidates.map(({ contactId }) => contactId))], { names, since })
  return events.filter((event) => exitOn.includes(event.name) || isGoal(goal, event, timeZone))
}

const isGoal = (goal: ScenarioDefinition['goal'], event: EventRow, timeZone: string): boolean =>
  goal?.kind === 'event' && goal.event === event.name && matchesPayload(goal, event, timeZone)
