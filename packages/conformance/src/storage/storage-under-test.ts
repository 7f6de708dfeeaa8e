import type { Storage } from '@tobiishi/core/ports'

/** A fresh, empty database and what a suite may do with it. */
export interface StorageUnderTest {
  /** Need not be migrated: every test begins with `migrate()`. */
  readonly storage: Storage<unknown>
  /** Ends everything, the second connection included. */
  close(): Promise<void>
  /** Another connection to the same rows, as another process would have it. Left out: the cases about two connections are skipped. */
  second?(): Promise<Storage<unknown>>
  /** Runs `work` in a transaction of the app's own that `append` accepts as `tx`; rolls back when it throws. Needed where `traits.sharesTransactions`. */
  hostTransaction?<T>(work: (tx: unknown) => Promise<T>): Promise<T>
}
