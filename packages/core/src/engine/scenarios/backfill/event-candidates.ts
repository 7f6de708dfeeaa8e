import * as z from 'zod'
import { matchesPayload } from '../../../domain/scenario/match-event.ts'
import type { EventMatch } from '../../../domain/scenario/scenario-definition.ts'
import type { EventRow, Step, StorageReader } from '../../../ports/storage/index.ts'
import type { Candidate, CandidateQuery, CandidateSource } from './candidate.ts'

const place = z.object({ contactId: z.string(), occurredAt: z.number(), id: z.string() })

/** Rows read for each contact that is asked for; whoever has more is read apart. */
const eventsAContact = 5
const fewestRows = 100

/** Who did the event that starts a scenario: each time where each is an entry of its own, else the latest time. */
export const eventCandidates = (match: EventMatch, isEach: boolean): CandidateSource =>
  function* (reader, query) {
    const { rows, isLast } = yield* completeContacts(reader, match.event, query)
    const groups = [...Map.groupBy(rows, ({ contactId }) => contactId).values()].slice(0, query.limit)
    const found = groups.flatMap((group): Candidate[] => {
      const matching = group.filter((row) => matchesPayload(match, row, query.timeZone)).map(candidateOf)
      return isEach ? matching : matching.slice(-1)
    })
    const last = groups.at(-1)?.at(-1)
    const isEnd = isLast && groups.reduce((count, { length }) => count + length, 0) === rows.length
    const contactIds = groups.flatMap(([first]) => first?.contactId ?? [])
    return { found, contactIds, cursor: isEnd || last === undefined ? null : placeOf(last) }
  }

interface Rows {
  /** Events of whole contacts, by (contactId, occurredAt, id). */
  readonly rows: readonly EventRow[]
  readonly isLast: boolean
}

/** The next events without those of a contact that the page cuts off; one contact that fills the page is read alone and whole. */
function* completeContacts(reader: Pick<StorageReader, 'events'>, name: string, query: CandidateQuery): Step<Rows> {
  const since = query.since ?? 0
  const limit = Math.max(fewestRows, query.limit * eventsAContact)
  const after = query.cursor === null ? null : place.parse(query.cursor)
  const rows = yield* reader.events.page({ name, since, after, limit })
  if (rows.length < limit) return { rows, isLast: true }
  const cutOff = rows.at(-1)?.contactId ?? ''
  const whole = rows.filter(({ contactId }) => contactId !== cutOff)
  if (whole.length > 0) return { rows: whole, isLast: false }
  const all = yield* reader.events.ofContacts([cutOff], { names: [name], since })
  return { rows: all.toSorted((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1)), isLast: false }
}

const candidateOf = ({ contactId, id, occurredAt, payload }: EventRow): Candidate => ({ contactId, key: id, occurredAt, payload })

const placeOf = ({ contactId, occurredAt, id }: EventRow) => ({ contactId, occurredAt, id })
