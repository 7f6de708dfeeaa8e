import type { StorageTransaction } from '../../src/ports/storage/index.ts'
import type { Step } from '../../src/ports/storage/step.ts'

/** Verbs that change nothing, whatever they answer. */
const reads =
  /^(get|find|page|count|waiting|load|failed|all|versions|due|members|of|lock|nextDueAt|stepsOf|fates|matching|earliest|dead|depth|capsUsed|stamp|attributable|queuedOf|recentEvents|ledger|links|clickers|sentByHour)/

/** Verbs that answer what they have changed: nothing where that is empty. */
const answering = /^(claim|reap|enter)$/

type Verb = (...given: readonly unknown[]) => Step<unknown>

const watched = (name: string, verb: Verb, wrote: () => void): Verb =>
  function* (...given) {
    const answer = yield* verb(...given)
    if (!answering.test(name) || !Array.isArray(answer) || answer.length > 0) wrote()
    return answer
  }

/** The same verbs, with a word whenever one of them may have changed a row. */
export const watchingWrites = (tx: StorageTransaction, wrote: () => void): StorageTransaction => {
  const aggregates = Object.entries(tx).map(([aggregate, verbs]: [string, { readonly [name: string]: Verb }]) => {
    const all = Object.entries(verbs).map(([name, verb]) => [name, reads.test(name) ? verb : watched(name, verb, wrote)])
    return [aggregate, Object.fromEntries(all)]
  })
  return Object.fromEntries(aggregates) as StorageTransaction
}
