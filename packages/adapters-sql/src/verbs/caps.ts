import type { QueueReader, QueueWriter, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { type FreePlace, type Place, placeKey } from './cap-places.ts'
import { reserveVerb } from './reserve-caps.ts'

interface CapVerbs {
  readonly used: QueueReader['capsUsed']
  readonly reserve: ReturnType<typeof reserveVerb>
  /** Gives places back, each under the claim that had taken it. Waits for nobody. */
  giveBack(places: readonly FreePlace[]): Step<void>
  /** Uses of `from` count for `into`. */
  move(from: string, into: string): Step<void>
  erase(contactId: string): Step<void>
  readonly purge: QueueWriter['purgeCaps']
}

/** Counters of frequency caps: see `schema/version-2.ts` for their rows. */
export const capVerbs = (b: SqlBuilder): CapVerbs => {
  const counter = b.table('cap_counter')
  const places = { contact_id: 'text', cap: 'text', bucket: 'text' } as const
  const read = b.statement<{ records: string }>(
    (p) => sql`select t.contact_id, t.cap, t.bucket, cast(sum(t.used) as bigint) as used from ${b.records(p.records, places)}
      join ${counter} t on t.contact_id = r.contact_id and t.cap = r.cap and t.bucket = r.bucket
      group by t.contact_id, t.cap, t.bucket having sum(t.used) > 0 order by t.contact_id, t.cap, t.bucket`,
  )
  const giveBack = b.statement<{ records: string }>(
    (p) => sql`insert into ${counter} (contact_id, cap, bucket, given_back, used)
      select r.contact_id, r.cap, r.bucket, r.given_back, -1 from ${b.records(p.records, { ...places, given_back: 'text' })}
      where true on conflict (contact_id, cap, bucket, given_back) do nothing`,
  )
  const give = b.statement<{ from: string; into: string }>(
    (p) => sql`insert into ${counter} as t (contact_id, cap, bucket, given_back, used)
      select cast(${p.into} as text), o.cap, o.bucket, o.given_back, o.used from ${counter} o where o.contact_id = ${p.from}
      order by o.cap, o.bucket, o.given_back
      on conflict (contact_id, cap, bucket, given_back) do update set used = t.used + excluded.used`,
  )
  const erase = b.statement<{ contactId: string }>((p) => sql`delete from ${counter} where contact_id = ${p.contactId}`)
  // Names of one kind have one length, and the index begins with it.
  const purge = b.statement<{ before: string; length: number; limit: number }>(
    (p) => sql`delete from ${counter} where (contact_id, cap, bucket, given_back) in (
        select o.contact_id, o.cap, o.bucket, o.given_back from ${counter} o
        where length(o.bucket) = ${p.length} and o.bucket < ${p.before} limit ${p.limit} ${b.lock('for update', { skipLocked: true })}
      ) returning 1 as gone`,
  )

  return {
    *used(asked) {
      const once = new Map(asked.map((place) => [placeKey(place), placeRecord(place)]))
      if (once.size === 0) return []
      const found = yield* rows<CounterRow>(read({ records: JSON.stringify([...once.values()]) }))
      return found.map(({ contact_id, ...row }) => ({ contactId: contact_id, ...row }))
    },
    reserve: reserveVerb(b),
    *giveBack(given) {
      if (given.length === 0) return
      const records = given.map((place) => ({ ...placeRecord(place), given_back: place.claim }))
      yield* perform(giveBack({ records: JSON.stringify(records) }))
    },
    *move(from, into) {
      yield* perform(give({ from, into }))
      yield* perform(erase({ contactId: from }))
    },
    *erase(contactId) {
      yield* perform(erase({ contactId }))
    },
    *purge({ before, limit }) {
      return (yield* rows(purge({ before, length: before.length, limit }))).length
    },
  }
}

interface CounterRow {
  readonly contact_id: string
  readonly cap: string
  readonly bucket: string
  readonly used: number
}

const placeRecord = ({ contactId, cap, bucket }: Place) => ({ contact_id: contactId, cap, bucket })
