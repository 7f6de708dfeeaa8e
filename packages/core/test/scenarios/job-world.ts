import type { DeclaredScenario } from '../../src/define/declared.ts'
import { createRuntime } from '../../src/engine/create-runtime.ts'
import type { Runtime } from '../../src/engine/runtime.ts'
import { silentLogger } from '../../src/index.ts'
import type { StorageTransaction } from '../../src/ports/storage/index.ts'
import type { Step } from '../../src/ports/storage/step.ts'
import { outboxTransport } from '../../src/testing/index.ts'
import { model } from '../shop.ts'
import { first, type LifeWorld, second } from './life-world.ts'

/** The inside of another process on the same rows and clock, for tests of what `workJobs` does on its own. */
export const processOn = (t: LifeWorld, scenarios: readonly DeclaredScenario[] = []): Runtime => {
  const { runtime } = createRuntime({
    model,
    scenarios,
    templates: [first, second],
    storage: t.storage,
    clock: t.clock,
    transport: outboxTransport(),
    logger: silentLogger,
    senders: { default: { legalName: 'x', displayName: 'x', email: 'a@b.test', postalAddress: 'x', contact: 'x' } },
    baseUrl: 'https://app.test/mail',
    secrets: [{ id: 'test', value: 'a secret for tests, long enough to pass' }],
    addressKey: 'an address key for tests, long enough',
  })
  return runtime
}

/** Runs work up to its `nth` request to the storage, and dies there; null where it came to its end before. */
export const dyingAt = async <T>(
  t: LifeWorld,
  nth: number,
  work: (tx: StorageTransaction) => Step<T>,
): Promise<{ readonly value: T } | null> => {
  const death = new Error('the process died')
  try {
    const value = await t.storage.transaction(function* (tx): Step<T> {
      const step = work(tx)
      let count = 0
      let next = step.next()
      while (!next.done) {
        count += 1
        if (count === nth) throw death
        next = step.next(yield next.value)
      }
      return next.value
    })
    return { value }
  } catch (error) {
    if (error === death) return null
    throw error
  }
}
