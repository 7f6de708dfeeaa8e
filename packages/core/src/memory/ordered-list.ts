import type { Compare } from './compare.ts'

const chunkSize = 256

/**
 * A sorted list in chunks: insertion and removal touch one chunk, so they stay cheap at a hundred thousand rows. The order
 * must be total, ties included; a row is found again by comparing equal.
 */
export class OrderedList<T> {
  readonly #compare: Compare<T>
  #chunks: T[][] = []
  #size = 0

  constructor(compare: Compare<T>) {
    this.#compare = compare
  }

  get size(): number {
    return this.#size
  }

  add(item: T): void {
    const at = Math.max(0, lowerBound(this.#chunks, (chunk) => this.#compare(chunk[0] as T, item) > 0) - 1)
    const chunk = this.#chunks[at]
    this.#size += 1
    if (chunk === undefined) {
      this.#chunks.push([item])
      return
    }
    chunk.splice(
      lowerBound(chunk, (other) => this.#compare(other, item) > 0),
      0,
      item,
    )
    if (chunk.length > chunkSize) this.#chunks.splice(at + 1, 0, chunk.splice(chunkSize / 2))
  }

  delete(item: T): void {
    const at = lowerBound(this.#chunks, (chunk) => this.#compare(chunk[0] as T, item) > 0) - 1
    const chunk = this.#chunks[at]
    if (chunk === undefined) return
    const index = lowerBound(chunk, (other) => this.#compare(other, item) >= 0)
    const found = chunk[index]
    if (found === undefined || this.#compare(found, item) !== 0) return
    chunk.splice(index, 1)
    if (chunk.length === 0) this.#chunks.splice(at, 1)
    this.#size -= 1
  }

  /** Rows from the first that `isPast` on; `isPast` must be false, then true, along the order. */
  *from(isPast: (item: T) => boolean): Generator<T, void, undefined> {
    const start = Math.max(0, lowerBound(this.#chunks, (chunk) => isPast(chunk[0] as T)) - 1)
    for (let at = start; at < this.#chunks.length; at++) {
      const chunk = this.#chunks[at] as T[]
      for (let i = at === start ? lowerBound(chunk, isPast) : 0; i < chunk.length; i++) yield chunk[i] as T
    }
  }

  /** Up to `limit` rows from the first that `isPast` on. */
  take(limit: number, isPast: (item: T) => boolean = () => true): T[] {
    const items: T[] = []
    if (limit <= 0) return items
    for (const item of this.from(isPast)) {
      items.push(item)
      if (items.length >= limit) break
    }
    return items
  }

  [Symbol.iterator](): Generator<T, void, undefined> {
    return this.from(() => true)
  }
}

/** The first index whose item is past, by bisection. */
const lowerBound = <T>(items: readonly T[], isPast: (item: T) => boolean): number => {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isPast(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
