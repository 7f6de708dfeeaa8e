import type { Step, Storage, StorageTransaction } from '@tobiishi/core/ports'

/** More verbs than any honest second transaction needs to end. */
const patience = 5_000

export interface WhileHeld<T> {
  /** What `meanwhile` answered. */
  readonly answer: T
  /**
   * `overlapped`: the second connection answered while the first held its locks. `waited`: both were under way, and the second
   * ended only after the first. `one-by-one`: this storage runs one transaction after the other.
   */
  readonly order: 'overlapped' | 'waited' | 'one-by-one'
}

/**
 * Keeps a transaction open that has run `hold`, while `meanwhile` runs, without sleeping: the open transaction asks harmless
 * things until the other has ended.
 */
export const whileHeld = async <T>(
  storage: Storage<unknown>,
  hold: (tx: StorageTransaction) => Step<unknown>,
  meanwhile: () => Promise<T>,
): Promise<WhileHeld<T>> => {
  const { promise: isHeld, resolve: held, reject: failed } = Promise.withResolvers<void>()
  const other = { started: false, ended: false }
  const holding = storage.transaction(function* (tx) {
    yield* hold(tx)
    held()
    let hasStarted = false
    for (let asked = 0; asked < patience && !other.ended; asked++) {
      yield* tx.queue.depth()
      hasStarted = hasStarted || other.started
    }
    return { hasStarted, hasEnded: other.ended }
  })
  holding.catch(failed)
  await isHeld
  other.started = true
  const answer = await meanwhile().finally(() => {
    other.ended = true
  })
  const { hasStarted, hasEnded } = await holding
  if (!hasStarted) return { answer, order: 'one-by-one' }
  return { answer, order: hasEnded ? 'overlapped' : 'waited' }
}
