import * as z from 'zod'
import { today } from '../../../domain/time/local-date.ts'
import { watchesOf } from '../../watches/watch-spec.ts'
import type { CandidateSource } from './candidate.ts'

const place = z.object({ contactId: z.string() })

/** Who is in the segment now. When each came in is known where the segment is watched; with `since`, the others are left out. */
export const segmentCandidates = (segment: string): CandidateSource =>
  function* (reader, { definition, since, cursor, limit, now, timeZone }) {
    const tree = definition.segments[segment]
    if (tree === undefined) return { found: [], contactIds: [], cursor: null }
    const after = cursor === null ? null : place.parse(cursor).contactId
    const ids = yield* reader.segments.page({ tree, now, today: today(now, timeZone) }, { after, limit })
    const members = yield* reader.watches.members([...watchesOf([definition]).keys()], ids)
    const cameIn = new Map(members.filter(({ isMember }) => isMember).map((row) => [row.contactId, row.changedAt]))
    const found = ids.flatMap((contactId) => {
      const at = cameIn.get(contactId) ?? null
      if (since !== null && (at === null || at < since)) return []
      return [{ contactId, key: at === null ? 'once' : `in:${at}`, occurredAt: at ?? now, payload: {} }]
    })
    const last = ids.at(-1)
    return { found, contactIds: ids, cursor: ids.length < limit || last === undefined ? null : { contactId: last } }
  }
