import { composeInputs, prepareNewsletter } from '../fixtures/prepare-newsletter.ts'
import type { Bench } from '../lib/bench.ts'
import { figureOf, note } from '../lib/figure.ts'
import { interleave, rate } from '../lib/interleave.ts'
import { staticPartsOf } from './static-parts.ts'

/**
 * A prepared template with escaping, encoding and two HMACs, against a join of the same mail's parts, all of them finished, into
 * a Buffer. The join is made in the fastest of three ways (strings joined and written once, Buffers concatenated, Buffers set
 * into one), whichever this machine likes best.
 */
export const bench: Bench = async function* ({ isQuick }) {
  const template = await prepareNewsletter()
  const inputs = composeInputs(isQuick ? 100 : 500)
  const parts = staticPartsOf(template, inputs)
  const buffers = parts.map((part) => Buffer.from(part, 'latin1'))
  const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
  note(`${parts.length} parts, ${length} bytes`)
  const milliseconds = isQuick ? 100 : 500
  const rates = await interleave(
    {
      ours: () => rate((call) => template.compose(inputs[call % inputs.length]!), milliseconds),
      joined: () => rate(() => Buffer.from(parts.join(''), 'latin1'), milliseconds),
      concatenated: () => rate(() => Buffer.concat(buffers, length), milliseconds),
      set: () => rate(() => setAll(buffers, length), milliseconds),
    },
    { rounds: isQuick ? 3 : 15, warmUp: isQuick ? 2 : 4 },
  )
  yield figureOf({
    name: 'render/vs-join',
    better: 'higher',
    ours: rates.ours,
    baseline: Math.max(rates.joined, rates.concatenated, rates.set),
    unit: 'mails/s of CPU',
    extra: { bytes: length, parts: parts.length },
  })
}

const setAll = (buffers: readonly Buffer[], length: number): Buffer => {
  const all = Buffer.allocUnsafeSlow(length)
  let at = 0
  for (const buffer of buffers) {
    all.set(buffer, at)
    at += buffer.length
  }
  return all
}
