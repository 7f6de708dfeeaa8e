import { describe, expect, it } from 'vitest'
import { createSystemClock } from './system-clock.ts'

describe('the default clock', () => {
  it('tells the time of the database once it has been measured', async () => {
    const clock = createSystemClock(async () => Date.now() + 3_600_000)
    await clock.synchronise()
    expect(clock.now() - Date.now()).toBeGreaterThan(3_599_000)
    expect(clock.now() - Date.now()).toBeLessThan(3_601_000)
  })

  it('keeps the last offset when the database does not answer', async () => {
    const answers = [async () => Date.now() + 60_000, () => Promise.reject(new Error('gone'))]
    const clock = createSystemClock(() => answers.shift()?.() ?? Promise.reject(new Error('gone')))
    await clock.synchronise()
    await expect(clock.synchronise()).rejects.toThrow('gone')
    expect(clock.now() - Date.now()).toBeGreaterThan(59_000)
  })

  it('wakes a sleeper at once when the signal aborts', async () => {
    const controller = new AbortController()
    const sleeping = createSystemClock().sleepUntil(Date.now() + 86_400_000 * 365, controller.signal)
    controller.abort()
    await expect(sleeping).resolves.toBeUndefined()
  })

  it('does not sleep for an instant that has passed', async () => {
    await expect(createSystemClock().sleepUntil(Date.now() - 1)).resolves.toBeUndefined()
  })
})
