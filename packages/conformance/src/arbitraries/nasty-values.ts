import type { Json } from '@tobiishi/core/ports'
import fc from 'fast-check'

const day = 86_400_000

/** When generated segments are evaluated. */
export const evaluatedAt = Date.UTC(2026, 0, 5, 1)

/**
 * Text on which evaluators disagree when left alone: emptiness, text that looks like another type, quoting, wildcards, case,
 * trailing blanks, composed and decomposed letters, characters beyond U+FFFF against U+E000–U+FFFF, and length.
 */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', 'a', 'A', 'b', '1', '～', '😀', '\u{10000}') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[' ', 'ab', 'B', 'a ', 'abc', '0', '01', '1.0', ' 1', '-1', '1e3', 'true', 'null', '[]', '{}', '\n', '\t', '\u2028'],
      ...["it's", '"', '\\', '%', '_', 'a%', '$', '①', '㈱', '髙', '高', 'é', 'e\u0301', 'ｱ', 'ア', '\uE000', '\uFFFD'],
      ...['😀a', '\u{10FFFF}', '𠮷野家', 'x'.repeat(5_000), `${'x'.repeat(5_000)}y`],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => text.isWellFormed() && !text.includes('\0')),
  },
)

export const nastyNumber: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, -0, 1, 1.5, 2, 1e21) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[-1, 10, 0.1, 0.3, 0.1 + 0.2, 100, 12_000, -1e21, 2 ** 53, 2 ** 53 - 1, 2 ** 53 + 2, 2 ** 63, 2 ** 64],
      ...[1e-7, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE],
    ),
  },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
)

/** `YYYY-MM-DD`, close together so that comparisons meet. */
export const dateText: fc.Arbitrary<string> = fc
  .integer({ min: -3, max: 3 })
  .map((days) => new Date(evaluatedAt + days * day).toISOString().slice(0, 10))

/** Milliseconds, close together, and some far away. */
export const instantMs: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((step) => evaluatedAt + step),
  fc.constantFrom(0, -1, -62_135_596_800_000, 253_402_300_799_999, evaluatedAt - 999, evaluatedAt + day),
)

export const instantText: fc.Arbitrary<string> = instantMs.map((at) => new Date(at).toISOString())

/** An element of a list as a model has it, and the list. */
export const nastyScalar: fc.Arbitrary<string | number | boolean> = fc.oneof(nastyText, nastyNumber, fc.boolean())
export const listOfScalars: fc.Arbitrary<Json> = fc.array(nastyScalar, { maxLength: 3 })

/** Any value an attribute can be found with, whatever the model says. */
export const nastyJson: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: nastyText },
  { weight: 4, arbitrary: nastyNumber },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 2, arbitrary: dateText },
  { weight: 2, arbitrary: instantText },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: listOfScalars },
  { weight: 1, arbitrary: fc.constantFrom<Json>({}, { a: 1 }, [null], [[]]) },
)
