import fc from 'fast-check'

/** A worker process of the simulation; each has its own hands and may crash. */
export type WorkerName = 0 | 1 | 2

/** What can happen to a queue, in any order. */
export type ProtocolCommand =
  | { readonly kind: 'enqueue'; readonly mail: number; readonly shortLived: boolean }
  | { readonly kind: 'claim'; readonly worker: WorkerName; readonly limit: number }
  | { readonly kind: 'claim together' }
  | { readonly kind: 'mark'; readonly worker: WorkerName }
  /** The answers of the calls under way come in. */
  | { readonly kind: 'finish'; readonly worker: WorkerName; readonly outcome: 'sent' | 'failed' | 'unknown' | 'retry' }
  /** A finish that was sent already is sent again, as after a lost answer. */
  | { readonly kind: 'finish again'; readonly outcome: 'sent' | 'failed' | 'retry' }
  | { readonly kind: 'release'; readonly worker: WorkerName }
  | { readonly kind: 'crash'; readonly worker: WorkerName }
  | { readonly kind: 'reap' }
  | { readonly kind: 'withdraw'; readonly contact: number }
  | { readonly kind: 'drop' }
  /** Two workers mark what they hold at once. */
  | { readonly kind: 'mark together' }
  | { readonly kind: 'pass'; readonly ms: number }

const worker = fc.constantFrom<WorkerName>(0, 1, 2)
const kind = <K extends string>(name: K) => fc.constant(name)
const second = 1_000
const hour = 3_600_000

export const protocolCommand: fc.Arbitrary<ProtocolCommand> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: kind('enqueue'), mail: fc.nat(8), shortLived: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ kind: kind('claim'), worker, limit: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('claim together') }) },
  { weight: 6, arbitrary: fc.record({ kind: kind('mark'), worker }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('mark together') }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('finish'),
      worker,
      outcome: fc.constantFrom('sent' as const, 'failed' as const, 'unknown' as const, 'retry' as const, 'retry' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('finish again'),
      outcome: fc.constantFrom('sent' as const, 'failed' as const, 'retry' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('release'), worker }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('crash'), worker }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('reap') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('withdraw'), contact: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('drop') }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('pass'), ms: fc.constantFrom(second, 40 * second, 61 * second, hour) }) },
)
