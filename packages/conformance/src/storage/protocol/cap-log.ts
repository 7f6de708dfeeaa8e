import type { Expect } from '../../test-runner.ts'

/** What a message took: a place in one bucket of a cap of one contact. */
export interface Place {
  readonly contactId: string
  readonly cap: string
  readonly bucket: string
}

const nameOf = ({ contactId, cap, bucket }: Place): string => `${contactId} ${cap} ${bucket}`

/** Which messages take a place in which cap, as far as the outside world saw; checks that no cap is ever passed. */
export class CapLog {
  readonly #expect: Expect
  readonly #limit: number
  readonly #taken = new Map<string, Place>()
  readonly #seen = new Map<string, Place>()
  readonly #full: Place[] = []

  constructor(expect: Expect, limit: number) {
    this.#expect = expect
    this.#limit = limit
  }

  reserved(messageId: string, place: Place): void {
    this.#taken.set(messageId, place)
    this.#seen.set(nameOf(place), place)
  }
  givenBack(messageId: string): void {
    this.#taken.delete(messageId)
  }
  /** A mark was told that the cap is full. */
  wasFull(place: Place): void {
    this.#full.push(place)
  }

  /** Every place that was ever taken. */
  places(): Place[] {
    return [...this.#seen.values()]
  }

  /** Compares with what the storage has counted, after every command. */
  check(counted: readonly (Place & { readonly used: number })[]): void {
    const used = new Map<string, number>()
    for (const place of this.#taken.values()) used.set(nameOf(place), (used.get(nameOf(place)) ?? 0) + 1)
    for (const [name, count] of used) this.#expect(count <= this.#limit, `${name} holds ${count} mails`).toBe(true)
    this.#expect(counted.map((row) => [nameOf(row), row.used]).toSorted()).toEqual([...used].toSorted())
    for (const place of this.#full.splice(0)) {
      this.#expect(used.get(nameOf(place)) ?? 0, `${nameOf(place)} was called full`).toBe(this.#limit)
    }
  }
}
