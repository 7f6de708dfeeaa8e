import type { FinishRequest } from '../../ports/storage/index.ts'

/** What a delivery run did, in messages. */
export interface DeliverReport {
  readonly sent: number
  /** Refused by the other side, or given up. */
  readonly failed: number
  readonly skipped: number
  /** Put back to be tried later. */
  readonly retried: number
  /** May or may not have been accepted. */
  readonly unknown: number
}

export type DeliverCounts = { -readonly [K in keyof DeliverReport]: DeliverReport[K] }

export const emptyCounts = (): DeliverCounts => ({ sent: 0, failed: 0, skipped: 0, retried: 0, unknown: 0 })

/** Counts the finishes that took effect. */
export const countFinishes = (
  counts: DeliverCounts,
  finishes: readonly FinishRequest[],
  tookEffect: readonly boolean[],
): void => {
  for (const [index, finish] of finishes.entries())
    if (tookEffect[index]) counts[finish.kind === 'retry' ? 'retried' : finish.state] += 1
}
