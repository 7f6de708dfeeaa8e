import type { Compare } from './compare.ts'
import type { Journal } from './journal.ts'
import { OrderedList } from './ordered-list.ts'
import { storedCopy } from './stored-copy.ts'

/** Follows the rows of a table. */
export interface Index<Row> {
  add(row: Row): void
  remove(row: Row): void
}

/** Rows by key with their indexes. Rows are replaced, never changed, and every change can be undone by the journal. */
export class Table<Row extends object> {
  readonly #journal: Journal
  readonly #keyOf: (row: Row) => string
  readonly #indexes: readonly Index<Row>[]
  readonly #rows = new Map<string, Row>()

  constructor(journal: Journal, keyOf: (row: Row) => string, indexes: readonly Index<Row>[] = []) {
    this.#journal = journal
    this.#keyOf = keyOf
    this.#indexes = indexes
  }

  get size(): number {
    return this.#rows.size
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key)
  }

  /** The rows of these keys in that order, without the missing. */
  pick(keys: Iterable<string>): Row[] {
    const rows: Row[] = []
    for (const key of keys) {
      const row = this.#rows.get(key)
      if (row !== undefined) rows.push(row)
    }
    return rows
  }

  values(): Iterable<Row> {
    return this.#rows.values()
  }

  put(row: Row): Row {
    const copy = storedCopy(row)
    this.#change(this.#keyOf(copy), copy)
    return copy
  }

  delete(key: string): void {
    if (this.#rows.has(key)) this.#change(key, undefined)
  }

  #change(key: string, next: Row | undefined): void {
    const before = this.#rows.get(key)
    this.#journal.record(() => this.#apply(key, next, before))
    this.#apply(key, before, next)
  }

  #apply(key: string, before: Row | undefined, next: Row | undefined): void {
    if (before !== undefined) for (const index of this.#indexes) index.remove(before)
    if (next === undefined) this.#rows.delete(key)
    else {
      this.#rows.set(key, next)
      for (const index of this.#indexes) index.add(next)
    }
  }
}

/** The rows that pass `where`, sorted. */
export class OrderedIndex<Row> implements Index<Row> {
  readonly rows: OrderedList<Row>
  readonly #where: (row: Row) => boolean

  constructor(compare: Compare<Row>, where: (row: Row) => boolean = () => true) {
    this.rows = new OrderedList(compare)
    this.#where = where
  }
  add(row: Row): void {
    if (this.#where(row)) this.rows.add(row)
  }
  remove(row: Row): void {
    if (this.#where(row)) this.rows.delete(row)
  }
}

/** The rows by a key of theirs (none where it is null), sorted within it. */
export class GroupedIndex<Row> implements Index<Row> {
  readonly #groups = new Map<string, OrderedList<Row>>()
  readonly #keyOf: (row: Row) => string | null
  readonly #compare: Compare<Row>

  constructor(keyOf: (row: Row) => string | null, compare: Compare<Row>) {
    this.#keyOf = keyOf
    this.#compare = compare
  }
  /** Safe to iterate while its rows change. */
  of(key: string): readonly Row[] {
    return [...(this.#groups.get(key) ?? [])]
  }
  /** The rows as they stand; they must not change while they are walked. */
  list(key: string): OrderedList<Row> {
    return this.#groups.get(key) ?? new OrderedList(this.#compare)
  }
  keys(): Iterable<string> {
    return this.#groups.keys()
  }
  add(row: Row): void {
    const key = this.#keyOf(row)
    if (key === null) return
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = new OrderedList(this.#compare)
      this.#groups.set(key, group)
    }
    group.add(row)
  }
  remove(row: Row): void {
    const key = this.#keyOf(row)
    if (key === null) return
    const group = this.#groups.get(key)
    group?.delete(row)
    if (group?.size === 0) this.#groups.delete(key)
  }
}

/** One row a key. The verbs check before they write; the index only finds. */
export class UniqueIndex<Row> implements Index<Row> {
  readonly #rows = new Map<string, Row>()
  readonly #keyOf: (row: Row) => string | null

  constructor(keyOf: (row: Row) => string | null) {
    this.#keyOf = keyOf
  }
  get(key: string): Row | undefined {
    return this.#rows.get(key)
  }
  add(row: Row): void {
    const key = this.#keyOf(row)
    if (key !== null) this.#rows.set(key, row)
  }
  remove(row: Row): void {
    const key = this.#keyOf(row)
    if (key !== null) this.#rows.delete(key)
  }
}
