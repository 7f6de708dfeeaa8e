/** Counts how often a run came to something rare, so that nobody takes a test for thorough that never got there. */
export class Sometimes {
  readonly #counts = new Map<string, number>()

  readonly note = (what: string): void => {
    this.#counts.set(what, this.count(what) + 1)
  }

  count(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  /** Those of `wanted` that never happened. */
  missing(wanted: readonly string[]): readonly string[] {
    return wanted.filter((what) => this.count(what) === 0)
  }

  /** All that happened, the rarest first. */
  told(): string {
    const sorted = [...this.#counts].toSorted(([a, one], [b, other]) => one - other || (a < b ? -1 : 1))
    return sorted.map(([what, count]) => `${count} ${what}`).join('\n')
  }
}
