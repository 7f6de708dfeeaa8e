/**
 * Orders two strings by code point, as `COLLATE "C"` over UTF-8 and SQLite's BINARY do. JavaScript's own `<` goes by UTF-16
 * unit and puts characters beyond U+FFFF before U+E000–U+FFFF. Negative, zero or positive; fits `Array.prototype.sort`.
 */
export const compareCodePoints = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a !== b) return rank(a) - rank(b)
  }
  return left.length - right.length
}

/** Moves surrogates above the rest of the basic plane, where the characters that they spell belong. */
const rank = (unit: number): number => (isSurrogate(unit) ? unit + 0x10_000 : unit)

const isSurrogate = (unit: number): boolean => unit >= 0xd8_00 && unit <= 0xdf_ff
