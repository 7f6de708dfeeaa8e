import type { QueueReader, Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { capPlaces, type Place, placeKey, type Reservation } from './cap-places.ts'

interface CounterRow {
  readonly contact_id: string
  readonly cap: string
  readonly bucket: string
  readonly used: number
}

const placeFields = { contact_id: 'text', cap: 'text', bucket: 'text' } as const
const counterFields = { ...placeFields, used: 'integer' } as const

interface CapVerbs {
  readonly used: QueueReader['capsUsed']
  /** Takes one place of each cap for each reservation in order, all of its caps or none. Answers those that found none. */
  reserve(asked: readonly Reservation[]): Step<ReadonlySet<Reservation>>
  giveBack(places: readonly Place[]): Step<void>
  move(from: string, into: string): Step<void>
  erase(contactId: string): Step<void>
}

/**
 * Counters of frequency caps, one row a contact, cap and bucket. They are locked last and in the order of their keys, so that
 * two workers that mark at once wait for each other and never in a circle.
 */
export const capVerbs = (b: SqlBuilder): CapVerbs => {
  const counter = b.table('cap_counter')
  const isPlace = sql`t.contact_id = r.contact_id and t.cap = r.cap and t.bucket = r.bucket`
  const inOrder = sql`order by r.contact_id, r.cap, r.bucket`
  const read = b.statement<{ records: string }>(
    (p) => sql`select t.contact_id, t.cap, t.bucket, t.used from ${b.records(p.records, placeFields)}
      join ${counter} t on ${isPlace} where t.used > 0 ${inOrder}`,
  )
  const add = b.statement<{ records: string }>(
    (p) => sql`insert into ${counter} as t (contact_id, cap, bucket, used)
      select r.contact_id, r.cap, r.bucket, r.used from ${b.records(p.records, counterFields)} where true ${inOrder}
      on conflict (contact_id, cap, bucket) do update set used = t.used + excluded.used
      returning contact_id, cap, bucket, used`,
  )
  const lock = b.statement<{ records: string }>(
    (p) => sql`select t.used from ${b.records(p.records, placeFields)} join ${counter} t on ${isPlace}
      order by t.contact_id, t.cap, t.bucket ${b.lock('for update', { of: 't' })}`,
  )
  const subtract = b.statement<{ records: string }>(
    (p) => sql`update ${counter} as t set used = t.used - r.used from ${b.records(p.records, counterFields)} where ${isPlace}`,
  )
  const give = b.statement<{ from: string; into: string }>(
    (p) => sql`insert into ${counter} as t (contact_id, cap, bucket, used)
      select cast(${p.into} as text), o.cap, o.bucket, o.used from ${counter} o where o.contact_id = ${p.from}
      order by o.cap, o.bucket
      on conflict (contact_id, cap, bucket) do update set used = t.used + excluded.used`,
  )
  const erase = b.statement<{ contactId: string }>((p) => sql`delete from ${counter} where contact_id = ${p.contactId}`)

  return {
    *used(asked) {
      if (asked.length === 0) return []
      const records = JSON.stringify(recordsOf(asked))
      const found = yield* rows<CounterRow>(read({ records }))
      return found.map(({ contact_id, ...row }) => ({ contactId: contact_id, ...row }))
    },
    /** Takes all that is asked for and gives back what went over a limit: one statement where nothing does. */
    *reserve(asked) {
      if (asked.length === 0) return new Set()
      const found = yield* rows<CounterRow>(add({ records: JSON.stringify(recordsOf(asked.flatMap(capPlaces))) }))
      const taken = new Map(found.map((row) => [placeKey({ ...row, contactId: row.contact_id }), row.used]))
      const { refused, surplus } = judge(asked, taken)
      if (surplus.length > 0) yield* perform(subtract({ records: JSON.stringify(recordsOf(surplus)) }))
      return refused
    },
    *giveBack(places) {
      if (places.length === 0) return
      const records = JSON.stringify(recordsOf(places))
      if (b.dialect.rowLocks) yield* perform(lock({ records }))
      yield* perform(subtract({ records }))
    },
    *move(from, into) {
      yield* perform(give({ from, into }))
      yield* perform(erase({ contactId: from }))
    },
    *erase(contactId) {
      yield* perform(erase({ contactId }))
    },
  }
}

/** Each place once, with how often it is named. */
const recordsOf = (places: readonly Place[]): CounterRow[] => {
  const records = new Map<string, CounterRow>()
  for (const place of places) {
    const { contactId, cap, bucket } = place
    const key = placeKey(place)
    records.set(key, { contact_id: contactId, cap, bucket, used: (records.get(key)?.used ?? 0) + 1 })
  }
  return [...records.values()]
}

/** Who is refused when all places were taken at once and are now given out one after the other. */
const judge = (
  asked: readonly Reservation[],
  taken: ReadonlyMap<string, number>,
): { readonly refused: ReadonlySet<Reservation>; readonly surplus: readonly Place[] } => {
  const used = new Map(taken)
  for (const place of asked.flatMap(capPlaces)) used.set(placeKey(place), (used.get(placeKey(place)) ?? 0) - 1)
  const refused = new Set<Reservation>()
  for (const reservation of asked) {
    const places = capPlaces(reservation)
    if (places.some((place) => (used.get(placeKey(place)) ?? 0) >= place.limit)) refused.add(reservation)
    else for (const place of places) used.set(placeKey(place), (used.get(placeKey(place)) ?? 0) + 1)
  }
  return { refused, surplus: [...refused].flatMap(capPlaces) }
}
