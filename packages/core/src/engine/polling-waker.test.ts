import { describe, expect, it } from 'vitest'
import type { Clock } from '../ports/clock.ts'
import { createPollingWaker } from './polling-waker.ts'

/** A clock whose sleepers wake only by their signal, and that remembers until when they meant to sleep. */
const stillClock = () => {
  const sleeps: number[] = []
  const clock: Clock = {
    now: () => 1_000,
    monotonic: () => 0,
    sleepUntil: (until, signal) => {
      sleeps.push(until)
      return new Promise((resolve) => {
        if (signal?.aborted) resolve()
        signal?.addEventListener('abort', () => resolve())
      })
    },
  }
  return { clock, sleeps }
}
const never = new AbortController().signal

describe('the built-in waker', () => {
  it('waits no longer than its interval', async () => {
    const { clock, sleeps } = stillClock()
    const waker = createPollingWaker(clock, { interval: 500 })
    const waits = [waker.wait(null, never), waker.wait(9_999, never), waker.wait(1_200, never)]
    waker.hint()
    await Promise.all(waits)
    expect(sleeps).toEqual([1_500, 1_500, 1_200])
  })

  it('keeps a hint that comes while nobody waits', async () => {
    const { clock, sleeps } = stillClock()
    const waker = createPollingWaker(clock)
    waker.hint()
    await waker.wait(null, never)
    expect(sleeps).toEqual([])
  })

  it('stops waiting when the signal aborts', async () => {
    const controller = new AbortController()
    const waiting = createPollingWaker(stillClock().clock).wait(null, controller.signal)
    controller.abort()
    await expect(waiting).resolves.toBeUndefined()
  })
})
