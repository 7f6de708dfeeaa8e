import { describe, expect, it } from 'vitest'
import { createVirtualClock } from './virtual-clock.ts'

const start = Date.parse('2026-01-05T01:00:00Z')

describe('the virtual clock', () => {
  it('stands still until it is told to go on', async () => {
    const clock = createVirtualClock('2026-01-05T01:00:00Z')
    expect(clock.now()).toBe(start)
    await clock.advance('90 minutes')
    expect(clock.now()).toBe(start + 5_400_000)
  })

  it('wakes sleepers in the order of their times, each at its time', async () => {
    const clock = createVirtualClock(start)
    const woken: [string, number][] = []
    const sleep = async (name: string, after: number) => {
      await clock.sleepUntil(start + after)
      woken.push([name, clock.now() - start])
    }
    const sleeping = [sleep('late', 3_000), sleep('early', 1_000), sleep('never reached', 9_000)]
    await clock.advance(5_000)
    expect(woken).toEqual([
      ['early', 1_000],
      ['late', 3_000],
    ])
    expect(sleeping).toHaveLength(3)
  })

  it('lets a sleeper go when its signal aborts', async () => {
    const clock = createVirtualClock(start)
    const controller = new AbortController()
    const sleeping = clock.sleepUntil(start + 1_000, controller.signal)
    controller.abort()
    await expect(sleeping).resolves.toBeUndefined()
  })

  it('stops wherever a driver has work', async () => {
    const clock = createVirtualClock(start)
    const seen: number[] = []
    clock.drive(async () => {
      seen.push((clock.now() - start) / 3_600_000)
      return start + (Math.floor((clock.now() - start) / 36_000_000) + 1) * 36_000_000
    })
    await clock.advance('1 day')
    expect([...new Set(seen)]).toEqual([0, 10, 20, 24])
  })

  it('comes to its target also when a driver cannot do what is due', async () => {
    const clock = createVirtualClock(start)
    clock.drive(async () => clock.now())
    await clock.advance('1 hour')
    expect(clock.now()).toBe(start + 3_600_000)
  })

  it('jumps without anybody at work on the way', async () => {
    const clock = createVirtualClock(start)
    const seen: number[] = []
    clock.drive(async () => {
      seen.push(clock.now() - start)
      return clock.now() + 60_000
    })
    clock.jumpTo(start + 3_600_000)
    clock.jumpTo(start)
    expect([clock.now() - start, seen]).toEqual([3_600_000, []])
  })

  it('refuses a span that is none', () => {
    expect(() => createVirtualClock(start).advance('3 fortnights')).toThrow(/not a span/)
  })
})
