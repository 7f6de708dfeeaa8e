import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { ScenarioRow, Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { InboxWork } from '../inbox/take-in.ts'
import type { Runtime } from '../runtime.ts'
import type { Tobiishi } from '../tobiishi.ts'
import { lockScenario, wrongState } from './locked-scenario.ts'

type Missed = ScenarioRow['pauses'][number]['missed']

/**
 * Pausing holds due steps and queued mail without moving anybody. Resuming writes the pause down: enrolments take notice of it
 * when they wake next, queued mail is moved or dropped in the same transaction. Pausing what is paused, or resuming what is active,
 * changes nothing. Rejects with `scenario.unknown`, `scenario.state`.
 */
export const createPausing = (
  runtime: Runtime,
  work: Pick<InboxWork, 'ready'>,
): Pick<Tobiishi['scenarios'], 'pause' | 'resume'> => {
  const { storage, clock, waker } = runtime
  return {
    pause: async (name) => {
      await work.ready()
      const now = clock.now()
      await storage.transaction((tx) => pause(tx, name, now))
    },
    resume: async (name, { missed = 'continue' } = {}) => {
      if (missed !== 'continue' && missed !== 'skip' && missed !== 'shift')
        throw new TobiishiError('config.invalid', "missed must be 'continue', 'skip' or 'shift'.")
      await work.ready()
      const now = clock.now()
      await storage.transaction((tx) => resume(tx, name, missed, now))
      waker.hint()
    },
  }
}

function* pause(tx: StorageTransaction, name: string, now: Instant): Step<void> {
  const row = yield* lockScenario(tx, name)
  if (row.state === 'paused') return
  if (row.state !== 'active') throw wrongState(row, 'paused', 'only an active one can')
  yield* tx.scenarios.save({ ...row, state: 'paused', pausedAt: now })
}

function* resume(tx: StorageTransaction, name: string, missed: Missed, now: Instant): Step<void> {
  const row = yield* lockScenario(tx, name)
  if (row.state === 'active') return
  if (row.state !== 'paused') throw wrongState(row, 'resumed', 'only a paused one can')
  const pausedAt = row.pausedAt ?? now
  yield* tx.scenarios.save({ ...afterPause(row, missed, now), state: 'active' })
  if (pausedAt >= now) return
  if (missed === 'skip') yield* tx.messages.dropQueued({ scenario: name, before: now }, 'paused', now)
  if (missed === 'shift') yield* tx.messages.shiftQueued(name, now - pausedAt)
}

/** The row with its pause written down as over. A pause of no length never was. */
export const afterPause = (row: ScenarioRow, missed: Missed, now: Instant): ScenarioRow => {
  const { pausedAt, pauses } = row
  if (pausedAt === null) return row
  const isReal = pausedAt < now
  return { ...row, pausedAt: null, pauses: isReal ? [...pauses, { from: pausedAt, to: now, missed }] : pauses }
}
