const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e

/** What ends the data: the final dot, after a line end (RFC 5321 §4.1.1.4). */
export const finalDot: Buffer = Buffer.from('.\r\n')

const lineFeedDot = Buffer.from('\n.')
const returnDot = Buffer.from('\r.')

/**
 * The same mail, fit to be dot-stuffed: no receiver, however it takes a lone CR or LF, may see the end of the data where we
 * do not (SMTP smuggling). Mail as `OutgoingMail` promises it, with CRLF line ends only, comes back uncopied; if a dot stands
 * where a lone CR or LF may be before it, all line ends become CRLF.
 */
export function withSafeLineEnds(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const isSuspect = bytes.includes(lineFeedDot) || bytes.includes(returnDot)
  const isEnded = bytes.at(-2) === CR && bytes.at(-1) === LF
  if (isEnded && !(isSuspect && hasLoneLineEnds(bytes))) return bytes
  const text = bytes.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n')
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1')
}

const hasLoneLineEnds = (bytes: Buffer): boolean => /\r(?!\n)|(?<!\r)\n/.test(bytes.toString('latin1'))

/** Doubles each dot at the start of a line (RFC 5321 §4.5.2). */
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

function nextDotLine(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(lineFeedDot, from)
  return at === -1 ? -1 : at + 1
}
