import { aborting } from './aborting.ts'
import { accepting } from './accepting.ts'
import { concurrency } from './concurrency.ts'
import { lifecycle } from './lifecycle.ts'
import { outcomesOf } from './outcomes.ts'
import { suiteContext, type TransportSuite } from './suite-context.ts'

/**
 * What every transport must do, against a real server that the harness can tell how to behave. The test runner is injected.
 * A case for a behaviour that the server cannot show (`cannot`) is skipped with the given reason.
 *
 * The rules: at most one hand-over a call; the exact bytes, for the one recipient of the envelope; never more than
 * `concurrency` at once; settled within `maxCallMs`; `ambiguous` only where the whole mail may have been taken; what speaks of
 * credentials or connections is `transient`; answers never hold an address; `send` never rejects.
 *
 * @example
 * transportSuite({ describe, it, expect, create: (options) => smtpWorld(options) })
 */
export function transportSuite(suite: TransportSuite): void {
  const context = suiteContext(suite)
  context.describe('transport', () => {
    accepting(context)
    concurrency(context)
    outcomesOf(context)
    aborting(context)
    lifecycle(context)
  })
}
