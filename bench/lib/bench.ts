import type { Figure } from './figure.ts'

export interface BenchOptions {
  /** Fewer and shorter rounds: to see that it runs, not to quote. */
  readonly isQuick: boolean
}

/** What `bench/NAME/index.ts` exports as `bench`: checks first that both sides do the same work, then measures. */
export type Bench = (options: BenchOptions) => AsyncIterable<Figure>
