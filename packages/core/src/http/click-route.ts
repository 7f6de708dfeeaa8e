import type { TemplateLink } from '../domain/tracking/template-link.ts'
import type { Runtime } from '../engine/runtime.ts'
import { clientOf } from './client-of.ts'
import type { Route } from './http-context.ts'
import { storeOrLog } from './store-or-log.ts'

/**
 * `c/<token>/<link>` and, for an address with a slot, `c/<token>/<link>/<signed>`: 302 to an address that is kept in the template
 * version or signed, never one that the caller names. HEAD redirects and is not counted. A token that does not verify, an
 * unknown link or a scheme other than http and https is 404.
 */
export const clickRoute: Route = async ({ request, runtime, ingest, path }) => {
  const [token = '', number = '', signed, ...rest] = path
  if (!/^(GET|HEAD)$/.test(request.method) || !/^\d{1,5}$/.test(number) || rest.length > 0) return null
  const known = runtime.signer.verify('measure', token)
  if (known === null) return null
  const link = Number(number)
  const url =
    signed === undefined
      ? await storedUrl(runtime, known.messageId, link)
      : runtime.signer.verifyUrl(known.messageId, link, signed)
  const target = url === null ? null : webAddress(url)
  if (target === null) return null

  if (request.method === 'GET') {
    const named = signed === undefined ? {} : { url: target }
    const clicked = ingest([{ ...known, kind: 'clicked', link, ...named, method: request.method, ...clientOf(request) }])
    await storeOrLog(clicked, runtime.logger, 'clicked')
  }
  const headers = { location: target, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store, private' }
  return new Response(null, { status: 302, headers })
}

function webAddress(url: string): string | null {
  const parsed = URL.parse(url)
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? parsed.href : null
}

/** From the version that the mail was made of; before the hand-over is recorded, from the template as it is prepared now. */
async function storedUrl(runtime: Runtime, messageId: string, link: number): Promise<string | null> {
  const links = await runtime.storage.read(function* (reader) {
    const [message] = yield* reader.messages.get([messageId])
    if (message === undefined) return []
    if (message.templateHash === null) return runtime.prepared.get(message.template)?.links ?? []
    const known = linksOf(runtime, message.templateHash)
    return known ?? (yield* reader.templates.versions([message.templateHash]))[0]?.links ?? []
  })
  return links.find(({ index }) => index === link)?.url ?? null
}

const linksOf = ({ prepared }: Runtime, hash: string): readonly TemplateLink[] | undefined =>
  prepared.values().find((template) => template.hash === hash)?.links
