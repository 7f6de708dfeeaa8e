const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e

/** What ends the data: the final dot, after a line end (RFC 5321 §4.1.1.4). */
export const finalDot: Buffer = Buffer.from('.\r\n')

/**
 * The same mail with CRLF line ends, one at its end. A lone CR or LF would let a receiver see another end of the data than
 * we do (SMTP smuggling). Composed mail has none and comes back untouched, uncopied.
 */
export function withCrlf(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  if (hasCleanLineEnds(bytes)) return bytes
  const text = bytes.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n')
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1')
}

function hasCleanLineEnds(bytes: Buffer): boolean {
  let lineFeeds = 0
  let at = bytes.indexOf(LF)
  while (at !== -1) {
    if (bytes[at - 1] !== CR) return false
    lineFeeds++
    at = bytes.indexOf(LF, at + 1)
  }
  let returns = 0
  at = bytes.indexOf(CR)
  while (at !== -1) {
    returns++
    at = bytes.indexOf(CR, at + 1)
  }
  return returns === lineFeeds && bytes.at(-1) === LF
}

/** Doubles each dot at the start of a line (RFC 5321 §4.5.2). Expects CRLF line ends. */
export function dotStuffed(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let from = 0
  let at = bytes[0] === DOT ? 0 : nextDotLine(bytes, 0)
  while (at !== -1) {
    parts.push(bytes.subarray(from, at + 1))
    from = at
    at = nextDotLine(bytes, at)
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)])
}

const lineThenDot = Buffer.from('\n.')

function nextDotLine(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(lineThenDot, from)
  return at === -1 ? -1 : at + 1
}
