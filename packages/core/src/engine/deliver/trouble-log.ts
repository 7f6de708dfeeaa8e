import type { RawAnswer } from '../../ports/transport.ts'
import type { Runtime } from '../runtime.ts'

type Trouble = 'postponed' | 'gaveUp'

/**
 * What a run could not hand over, gathered so that an outage is one line a run and not one a mail: `delivery.postponed` (warn)
 * and `delivery.gaveUp` (error), with how many and the answers' codes. Texts stay out: they may hold addresses.
 */
export class TroubleLog {
  readonly #codes = { postponed: new Map<string, number>(), gaveUp: new Map<string, number>() }

  add(trouble: Trouble, { code }: RawAnswer): void {
    const counts = this.#codes[trouble]
    const key = code ?? 'none'
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }

  /** Writes down what was gathered, and forgets it. */
  flush({ logger, transport }: Pick<Runtime, 'logger' | 'transport'>): void {
    const take = (trouble: Trouble) => {
      const codes = Object.fromEntries(this.#codes[trouble])
      const count = Object.values(codes).reduce((sum, each) => sum + each, 0)
      this.#codes[trouble].clear()
      return { count, codes, transport: transport.name }
    }
    const postponed = take('postponed')
    if (postponed.count > 0) logger.warn('delivery.postponed', postponed)
    const gaveUp = take('gaveUp')
    if (gaveUp.count > 0) logger.error('delivery.gaveUp', gaveUp)
  }
}
