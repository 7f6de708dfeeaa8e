import { TobiishiError } from '../../errors/index.ts'
import type { LongOptions } from '../tobiishi.ts'

/** What became of many rows: how many were taken, and which were not, by their place in the input. */
export interface Taken {
  readonly taken: number
  readonly refused: readonly { readonly index: number; readonly code: string; readonly message: string }[]
}

interface BulkWork<R, M> {
  /** Throws a `TobiishiError` where the row is wrong. */
  check(row: R): M
  /** Looks at a batch together: one error or null for each. */
  admit?(made: readonly M[]): Promise<readonly (TobiishiError | null)[]>
  write(made: readonly M[]): Promise<void>
}

/** Rows of one transaction, which on SQLite holds the event loop for its length. */
const batchSize = 200

/**
 * Takes rows in batches. A wrong row is answered and the others are taken; errors of the infrastructure are thrown. An abort
 * ends after the batch under way: what is written stays written.
 */
export const inBulk = async <R, M>(rows: Iterable<R>, options: LongOptions, work: BulkWork<R, M>): Promise<Taken> => {
  const refused: { index: number; code: string; message: string }[] = []
  const total = Array.isArray(rows) ? rows.length : null
  let taken = 0
  let done = 0
  let told = 0
  let batch: { readonly index: number; readonly made: M }[] = []

  const refuse = (index: number, { code, message }: TobiishiError) => refused.push({ index, code, message })
  const flush = async () => {
    const answers = (await work.admit?.(batch.map(({ made }) => made))) ?? []
    const admitted = batch.filter(({ index }, place) => {
      const error = answers[place]
      if (error) refuse(index, error)
      return !error
    })
    if (admitted.length > 0) await work.write(admitted.map(({ made }) => made))
    taken += admitted.length
    batch = []
    if (done > told) options.onProgress?.({ done, total })
    told = done
  }

  for (const row of rows) {
    if (options.signal?.aborted) break
    const index = done++
    try {
      batch.push({ index, made: work.check(row) })
    } catch (error) {
      refuse(index, TobiishiError.is(error) ? error : misshapen(error))
    }
    if (batch.length >= batchSize) await flush()
  }
  await flush()
  return { taken, refused: refused.toSorted((a, b) => a.index - b.index) }
}

/** Checking touches nothing but the row: whatever it throws is the row's fault. */
const misshapen = (cause: unknown): TobiishiError =>
  new TobiishiError('input.invalid_row', 'The row is not of the shape that this call takes: compare it with the types.', {
    cause,
  })
