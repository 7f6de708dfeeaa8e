/** One complete answer of an SMTP server, all its lines (RFC 5321 §4.2). */
export interface SmtpReply {
  /** Three digits; 0 where the server sent something else. */
  readonly code: number
  /** RFC 3463, as `5.1.1`; null if there is none. */
  readonly enhancedCode: string | null
  /** The text without codes, lines joined by a space. */
  readonly text: string
}

/** Longest answer that is read; a peer that never ends a reply must not fill the memory. */
const maxLength = 64 * 1024

/**
 * Cuts a server's bytes into replies. Bytes are read as UTF-8 where they are, else as Latin-1 (the charset is undefined).
 * Throws a `RangeError` where a reply passes 64 KiB.
 */
export class SmtpReplyReader {
  #rest = ''
  #lines: string[] = []
  #length = 0

  feed(chunk: Buffer): SmtpReply[] {
    this.#length += chunk.length
    if (this.#length > maxLength) throw new RangeError('The server sent an answer that does not end.')
    const lines = (this.#rest + chunk.toString('latin1')).split('\n')
    this.#rest = lines.pop() ?? ''
    const replies: SmtpReply[] = []
    for (const line of lines) {
      this.#lines.push(line.endsWith('\r') ? line.slice(0, -1) : line)
      if (/^\d{3}-/.test(line)) continue
      replies.push(parseReply(this.#lines))
      this.#lines = []
      this.#length = this.#rest.length
    }
    return replies
  }
}

function parseReply(lines: readonly string[]): SmtpReply {
  const code = /^\d{3}(?=[ -]|$)/.exec(lines.at(-1) ?? '')?.[0]
  if (code === undefined) return { code: 0, enhancedCode: null, text: decode(lines.join(' ')) }
  let enhancedCode: string | null = null
  const texts = lines.map((line) => {
    const match = /^\d{3}[ -]?([245]\.\d{1,3}\.\d{1,3}(?=[\s:]|$))?\s*(.*)$/.exec(line)
    enhancedCode ??= match?.[1] ?? null
    return match?.[2] ?? line
  })
  return { code: Number(code), enhancedCode, text: decode(texts.join(' ').trim()) }
}

function decode(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
  if (/^[\x00-\x7f]*$/.test(text)) return text
  const utf8 = Buffer.from(text, 'latin1').toString('utf8')
  return utf8.includes('\ufffd') ? text : utf8
}
