import type { Clock } from '@tobiishi/core/ports'

/** When the run began, and how many times faster than real time its business time goes. All processes of a run share it. */
export interface Pace {
  readonly startedAt: number
  readonly speed: number
}

/** A clock on which leases of half a minute are over in seconds. */
export const createFastClock = ({ startedAt, speed }: Pace): Clock => {
  const now = () => Math.floor(startedAt + (Date.now() - startedAt) * speed)
  const sleepUntil = (until: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const end = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const arm = () => {
        const rest = until - now()
        if (rest <= 0 || signal?.aborted) return end()
        timer = setTimeout(arm, Math.ceil(Math.min(rest / speed, 60_000)))
      }
      signal?.addEventListener('abort', end, { once: true })
      arm()
    })
  return { now, sleepUntil, monotonic: () => performance.now() * speed }
}
