import type { Clock } from '@tobiishi/core/ports'
import type { Ledger } from './ledger.ts'

/** A clock that is moved by hand and kept in the ledger, so that a killed run goes on where it stood. */
export const storedClock = (ledger: Ledger, start: number): Clock & { moveTo(at: number): void } => {
  let now = ledger.clock() ?? start
  ledger.setClock(now)
  return {
    now: () => now,
    monotonic: () => performance.now(),
    sleepUntil: async () => {},
    moveTo: (at) => {
      now = Math.max(now, at)
      ledger.setClock(now)
    },
  }
}
