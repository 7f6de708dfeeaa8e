import iconv from 'iconv-lite'

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'cp932' | 'euc-jp'

/**
 * Decodes a file as Japanese companies save them: byte order mark first, then strict UTF-8, then EUC-JP where the bytes are
 * well-formed EUC-JP and look less like CP932, else CP932 (Windows-31J, what Excel writes). Never throws: bytes that fit
 * nothing become U+FFFD.
 */
export const decodeText = (bytes: Uint8Array): { readonly text: string; readonly encoding: TextEncoding } => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return { text: buffer.toString('utf16le', 2), encoding: 'utf-16le' }
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return { text: iconv.decode(buffer, 'utf-16be'), encoding: 'utf-16be' }
  const utf8 = strictUtf8(buffer)
  if (utf8 !== null) return { text: utf8, encoding: 'utf-8' }
  const cp932 = iconv.decode(buffer, 'cp932')
  if (!isWellFormedEucJp(buffer)) return { text: cp932, encoding: 'cp932' }
  const eucJp = iconv.decode(buffer, 'euc-jp')
  return oddness(eucJp) < oddness(cp932) ? { text: eucJp, encoding: 'euc-jp' } : { text: cp932, encoding: 'cp932' }
}

const strictUtf8 = (buffer: Buffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer)
  } catch {
    return null
  }
}

/** JIS X 0208 pairs, half-width kana after 0x8E, JIS X 0212 after 0x8F. */
const isWellFormedEucJp = (buffer: Buffer): boolean => {
  const isHigh = (byte: number | undefined) => byte !== undefined && byte >= 0xa1 && byte <= 0xfe
  for (let at = 0; at < buffer.length; ) {
    const byte = buffer[at] ?? 0
    if (byte < 0x80) at += 1
    else if ((byte === 0x8e || isHigh(byte)) && isHigh(buffer[at + 1])) at += 2
    else if (byte === 0x8f && isHigh(buffer[at + 1]) && isHigh(buffer[at + 2])) at += 3
    else return false
  }
  return true
}

/** Characters that a wrong guess produces and Japanese text rarely holds: replacements, half-width kana, private use. */
const oddness = (text: string): number => text.match(/[\ufffd\uff61-\uff9f\ue000-\uf8ff]/g)?.length ?? 0
