/** The parts of a mail that tests look at. */
export interface ReadMail {
  /** By lower-case name, decoded; of several of one name the last. */
  readonly headers: ReadonlyMap<string, string>
  /** Null where the mail has no such part. */
  readonly text: string | null
  readonly html: string | null
}

/** Reads a mail as our composer writes it: RFC 5322 headers with encoded-words, `multipart/*` of quoted-printable, base64 or plain text. */
export const readMail = (raw: Uint8Array): ReadMail => {
  const { headers, body } = split(new TextDecoder('latin1').decode(raw))
  const bodies = new Map<string, string>()
  collect(headers, body, bodies)
  const decoded = new Map([...headers].map(([name, value]) => [name, decodeWords(value)]))
  return { headers: decoded, text: bodies.get('text/plain') ?? null, html: bodies.get('text/html') ?? null }
}

type Headers = ReadonlyMap<string, string>

const split = (part: string): { readonly headers: Headers; readonly body: string } => {
  const end = part.indexOf('\r\n\r\n')
  const head = end < 0 ? part : part.slice(0, end)
  const lines = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n')
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    return colon <= 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]]
  })
  return { headers: new Map(headers), body: end < 0 ? '' : part.slice(end + 4) }
}

/** Adds the first text of each kind, in depth-first order. */
const collect = (headers: Headers, body: string, bodies: Map<string, string>): void => {
  const type = headers.get('content-type') ?? 'text/plain'
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (boundary !== undefined) {
    for (const part of `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1)) {
      const inner = split(part.replace(/^\r\n/, ''))
      collect(inner.headers, inner.body, bodies)
    }
    return
  }
  const kind = (type.split(';')[0] ?? '').trim().toLowerCase()
  if (bodies.has(kind)) return
  const charset = /charset="?([^";]+)"?/i.exec(type)?.[1] ?? 'utf-8'
  bodies.set(kind, decode(body, headers.get('content-transfer-encoding') ?? '7bit', charset).replaceAll('\r\n', '\n'))
}

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))

const unquote = (text: string): string =>
  text.replace(/=([0-9A-Fa-f]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

const decode = (body: string, encoding: string, charset: string): string => {
  const plain = {
    base64: () => atob(body.replace(/\s+/g, '')),
    'quoted-printable': () => unquote(body.replace(/=\r\n/g, '')),
  }
  const name = encoding.toLowerCase()
  const read = name === 'base64' || name === 'quoted-printable' ? plain[name]() : body
  return new TextDecoder(charset).decode(bytes(read))
}

/** Encoded-words (RFC 2047); the space between two of them is none. */
const decodeWords = (value: string): string =>
  value
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?([^?*]+)(?:\*[^?]*)?\?([BbQq])\?([^?]*)\?=/g, (_all, charset: string, encoding: string, text: string) => {
      const read = encoding.toLowerCase() === 'b' ? atob(text) : unquote(text.replaceAll('_', ' '))
      return new TextDecoder(charset).decode(bytes(read))
    })
