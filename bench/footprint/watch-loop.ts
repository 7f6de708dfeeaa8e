import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../lib/median.ts'

/** What a host app feels while something works in its process. */
export interface Felt {
  /** 50th and 99th percentile and maximum of the event loop's delay, ms, over what it is when nothing works. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Resident memory, MB: median of the second half. */
  readonly resident: number
  readonly mailsPerSecond: number
}

const ms = (nanoseconds: number): number => nanoseconds / 1e6

/** Watches the event loop at a resolution of 1 ms while `work` runs; its idle delay, measured before, is subtracted. */
export const watchLoop = async (work: () => Promise<number>): Promise<Felt> => {
  const idle = monitorEventLoopDelay({ resolution: 1 })
  idle.enable()
  await sleep(3_000)
  idle.disable()
  const busy = monitorEventLoopDelay({ resolution: 1 })
  const resident: number[] = []
  const sampling = setInterval(() => resident.push(process.memoryUsage.rss() / 2 ** 20), 250)
  const started = performance.now()
  busy.enable()
  const mails = await work()
  busy.disable()
  const seconds = (performance.now() - started) / 1_000
  clearInterval(sampling)
  const over = (percentile: number) => Math.max(0, ms(busy.percentile(percentile) - idle.percentile(percentile)))
  return {
    p50: over(50),
    p99: over(99),
    max: Math.max(0, ms(busy.max) - ms(idle.percentile(99))),
    resident: median(resident.slice(Math.floor(resident.length / 2))),
    mailsPerSecond: mails / seconds,
  }
}
