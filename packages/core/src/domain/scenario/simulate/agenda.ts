import type { Instant } from '../../time/instant.ts'

interface Entry<T> {
  readonly at: Instant
  readonly place: number
  readonly item: T
}

/** What is to happen to one contact, earliest first; at one instant in the order of adding. A binary heap. */
export class Agenda<T> {
  readonly #heap: Entry<T>[] = []
  #added = 0

  add(at: Instant, item: T): void {
    this.#heap.push({ at, place: this.#added, item })
    this.#added += 1
    this.#rise(this.#heap.length - 1)
  }

  /** Takes the earliest before `until`; null if there is none. */
  take(until: Instant): { readonly at: Instant; readonly item: T } | null {
    const first = this.#heap[0]
    if (first === undefined || first.at >= until) return null
    const last = this.#heap.pop()
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last
      this.#sink()
    }
    return first
  }

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]]
    if (left === undefined || right === undefined) return left !== undefined
    return left.at < right.at || (left.at === right.at && left.place < right.place)
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]]
    if (left === undefined || right === undefined) return
    this.#heap[a] = right
    this.#heap[b] = left
  }

  #rise(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.#isBefore(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (this.#isBefore(left, least)) least = left
      if (this.#isBefore(right, least)) least = right
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }
}
