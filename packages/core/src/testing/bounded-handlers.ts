import type { DeclaredScenario } from '../define/declared.ts'
import { type Milliseconds, second } from '../domain/time/instant.ts'
import type { Handler, HandlerCall } from '../engine/tobiishi.ts'
import type { Logger } from '../ports/logger.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** As `call` has it; for scenarios that the test did not declare. */
const usualTimeout: Milliseconds = 30 * second
/** Of real time, for a handler that was stuck before. */
const shortPatience: Milliseconds = 20

// Those of the process, also where a test has put others in their place meanwhile.
const { setTimeout: later, clearTimeout: cancel } = globalThis

interface Bounds {
  readonly clock: VirtualClock
  readonly logger: Logger
  readonly scenarios: readonly DeclaredScenario[]
  /** Of real time. */
  readonly patience: Milliseconds
}

/**
 * Handlers that end at their time-out by the virtual clock, as in production. That clock stands still while the work of an instant is
 * under way, so one that never settles would hold up the test for ever: when it has taken longer than `patience` of real time, the
 * clock goes on to the time-out of its call, `signal` aborts, the call has failed, and it is logged once a handler.
 */
export const boundedHandlers = (
  handlers: { readonly [name: string]: Handler },
  bounds: Bounds,
): { readonly [name: string]: Handler } =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      // Anything else is refused by createTobiishi.
      typeof handler === 'function' ? bounded(name, handler, bounds) : handler,
    ]),
  )

const bounded = (name: string, handler: Handler, bounds: Bounds): Handler => {
  const { clock, logger } = bounds
  let wasStuck = false
  return async (call) => {
    const timeout = timeoutOf(call, bounds)
    const endsAt = clock.now() + timeout
    const stuck = new AbortController()
    const timer = later(() => stuck.abort(timeoutError(timeout)), wasStuck ? shortPatience : bounds.patience)
    const overrun = new Promise<never>((_resolve, reject) => {
      stuck.signal.addEventListener('abort', () => {
        if (!wasStuck) logger.error('kit.handlerStuck', { ...whereOf(name, call), advice })
        wasStuck = true
        clock.jumpTo(endsAt)
        reject(stuck.signal.reason)
      })
    })
    try {
      await Promise.race([handler({ ...call, signal: AbortSignal.any([call.signal, stuck.signal]) }), overrun])
    } finally {
      cancel(timer)
    }
  }
}

const advice = 'it did not settle: the clock of the test went on to its time-out, and the call failed. Resolve or reject it.'

const whereOf = (handler: string, { scenario, step }: HandlerCall) => ({ handler, scenario, step })

const timeoutError = (timeout: Milliseconds) => new DOMException(`The handler did not end within ${timeout} ms.`, 'TimeoutError')

const timeoutOf = ({ scenario, step }: HandlerCall, { scenarios }: Bounds): Milliseconds => {
  const found = scenarios.find(({ definition }) => definition.name === scenario)?.definition.steps[step]
  return found?.kind === 'call' ? found.timeout : usualTimeout
}
