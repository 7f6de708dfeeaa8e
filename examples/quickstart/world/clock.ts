import type { Clock } from '@tobiishi/core/ports'
import type { Ledger } from './ledger.ts'

/** A clock that is moved by hand and kept in the ledger, so that a killed run goes on where it stood. */
export const storedClock = (ledger: Ledger, start: number): Clock & { moveTo(at: number): void } => {
  let now = ledger.clock() ?? start
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  ledger.setClock(now)
  return {
    now: () => now,
    monotonic: () => performance.now(),
    sleepUntil: (until, signal) =>
      new Promise((resolve) => {
        if (until <= now || signal?.aborted) return resolve()
        const sleeper = { until, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => sleepers.delete(sleeper) && resolve(), { once: true })
      }),
    moveTo: (at) => {
      now = Math.max(now, at)
      ledger.setClock(now)
      for (const sleeper of sleepers) if (sleeper.until <= now && sleepers.delete(sleeper)) sleeper.wake()
    },
  }
}
