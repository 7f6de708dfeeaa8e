import type { Step } from '@tobiishi/core/ports'
import { sql } from 'kysely'
import { perform, rows } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'
import { capPlaces, placeKey, type Reservation } from './cap-places.ts'

interface CounterRow {
  readonly contact_id: string
  readonly cap: string
  readonly bucket: string
  readonly used: number
}

const fields = { contact_id: 'text', cap: 'text', bucket: 'text', used: 'integer' } as const

/**
 * Takes one place of each cap for each reservation in order, all of its caps or none, and answers those that found none. All
 * that is asked for is added at once, in the order of the keys, so that two workers wait for each other and never in a circle;
 * that is one statement where nothing goes over a limit. Else what was given back is added up, and the rest taken off again.
 */
export const reserveVerb = (b: SqlBuilder): ((asked: readonly Reservation[]) => Step<ReadonlySet<Reservation>>) => {
  const counter = b.table('cap_counter')
  const isPlace = (alias: string) =>
    sql`${sql.ref(`${alias}.contact_id`)} = r.contact_id and ${sql.ref(`${alias}.cap`)} = r.cap
      and ${sql.ref(`${alias}.bucket`)} = r.bucket`
  const add = b.statement<{ records: string }>(
    (p) => sql`insert into ${counter} as t (contact_id, cap, bucket, given_back, used)
      select r.contact_id, r.cap, r.bucket, '', r.used from ${b.records(p.records, fields)} where true
      order by r.contact_id, r.cap, r.bucket
      on conflict (contact_id, cap, bucket, given_back) do update set used = t.used + excluded.used
      returning contact_id, cap, bucket, used`,
  )
  const fold = b.statement<{ ids: unknown; records: string }>(
    (p) => sql`delete from ${counter} as t where ${b.isOneOf('t.contact_id', p.ids)} and t.given_back <> '' and exists (
        select 1 from ${b.records(p.records, fields)} where ${isPlace('t')}
      ) returning contact_id, cap, bucket, used`,
  )
  const correct = b.statement<{ records: string }>(
    (p) => sql`update ${counter} as t set used = r.used from ${b.records(p.records, fields)}
      where ${isPlace('t')} and t.given_back = ''`,
  )

  return function* reserve(asked) {
    if (asked.length === 0) return new Set()
    const counts = countersOf(asked)
    const found = yield* rows<CounterRow>(add({ records: recordsOf(counts.values(), ({ asked: used }) => used) }))
    for (const row of found) counterOf(counts, row).taken = row.used
    const over = [...counts.values()].filter(({ taken, limit }) => taken > limit)
    if (over.length === 0) return new Set()
    const returned = yield* rows<CounterRow>(
      fold({ ids: b.list(over.map(({ contactId }) => contactId)), records: recordsOf(over, () => 0) }),
    )
    for (const row of returned) counterOf(counts, row).returned += row.used
    const { refused, used } = share(asked, counts)
    const changed = [...counts.values()].filter((counter) => used(counter) !== counter.taken)
    if (changed.length > 0) yield* perform(correct({ records: recordsOf(changed, used) }))
    return refused
  }
}

/** What is known of one counter while its places are shared out. */
interface Counter {
  readonly contactId: string
  readonly cap: string
  readonly bucket: string
  readonly key: string
  /** The lowest that anybody named. */
  limit: number
  /** How many places all reservations together want. */
  asked: number
  /** What the row says with these. */
  taken: number
  /** What was given back since and is taken off; not positive. */
  returned: number
}

const countersOf = (asked: readonly Reservation[]): Map<string, Counter> => {
  const counters = new Map<string, Counter>()
  for (const { limit, ...place } of asked.flatMap(capPlaces)) {
    const key = placeKey(place)
    const counter = counters.get(key) ?? { ...place, key, limit, asked: 0, taken: 0, returned: 0 }
    counter.limit = Math.min(counter.limit, limit)
    counter.asked += 1
    counters.set(key, counter)
  }
  return counters
}

const counterOf = (counters: ReadonlyMap<string, Counter>, row: CounterRow): Counter => {
  const counter = counters.get(placeKey({ contactId: row.contact_id, cap: row.cap, bucket: row.bucket }))
  if (counter === undefined) throw new Error('A counter was answered that nobody asked for.')
  return counter
}

/** Gives the places out one reservation after the other. */
const share = (
  asked: readonly Reservation[],
  counters: ReadonlyMap<string, Counter>,
): { readonly refused: ReadonlySet<Reservation>; used(counter: Counter): number } => {
  const used = new Map([...counters].map(([key, counter]) => [key, counter.taken - counter.asked + counter.returned]))
  const usedOf = (key: string): number => used.get(key) ?? 0
  const refused = new Set<Reservation>()
  for (const reservation of asked) {
    const places = capPlaces(reservation)
    if (places.some((place) => usedOf(placeKey(place)) >= place.limit)) refused.add(reservation)
    else for (const place of places) used.set(placeKey(place), usedOf(placeKey(place)) + 1)
  }
  return { refused, used: ({ key }) => usedOf(key) }
}

const recordsOf = (counters: Iterable<Counter>, used: (counter: Counter) => number): string =>
  JSON.stringify(
    [...counters].map((counter) => ({
      contact_id: counter.contactId,
      cap: counter.cap,
      bucket: counter.bucket,
      used: used(counter),
    })),
  )
