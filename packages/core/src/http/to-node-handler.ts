import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setClientAddress } from './client-of.ts'

/** What Express and body parsers leave on a request. */
interface NodeRequest extends IncomingMessage {
  readonly originalUrl?: string
  readonly ip?: string
  readonly body?: unknown
}

/**
 * Serves `mail.handler` from Express, Connect or `node:http`: `app.use('/mail', toNodeHandler(mail))`. Takes the whole path, which
 * Express keeps in `originalUrl`, and a body that a parser has read already. The client's address is Express's `ip`, which
 * honours `trust proxy`, else the socket's.
 */
export function toNodeHandler(mail: {
  readonly handler: (request: Request) => Promise<Response>
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const request = toRequest(incoming)
    setClientAddress(request, addressOf(incoming))
    const answer = await mail.handler(request)
    outgoing.statusCode = answer.status
    for (const [name, value] of answer.headers) outgoing.setHeader(name, value)
    outgoing.end(answer.body === null ? undefined : Buffer.from(await answer.arrayBuffer()))
  }
}

const addressOf = (incoming: NodeRequest): string | undefined => incoming.ip ?? incoming.socket.remoteAddress

function toRequest(incoming: NodeRequest): Request {
  const { method = 'GET' } = incoming
  const path = incoming.originalUrl ?? incoming.url ?? '/'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string' && !name.startsWith(':')) headers.set(name, value)
  }
  const url = `http://localhost${path.startsWith('/') ? path : '/'}`
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  const parsed = incoming.readableDidRead ? parsedBody(incoming.body) : null
  if (parsed instanceof URLSearchParams) headers.delete('content-type')
  headers.delete('content-length')
  return new Request(url, { method, headers, body: parsed ?? Readable.toWeb(incoming), duplex: 'half' })
}

/** The body as a parser left it: fields of a form, or text or bytes as they came. */
function parsedBody(body: unknown): URLSearchParams | string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new Uint8Array(body)
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body ?? {})) if (typeof value === 'string') form.append(name, value)
  return form
}
