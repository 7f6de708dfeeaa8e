import { clientOf } from './client-of.ts'
import type { Route } from './http-context.ts'
import { storeOrLog } from './store-or-log.ts'

/** A transparent GIF of one pixel, 43 bytes. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')

/** `o/<token>`: the open pixel. Always 200 and never cached, whatever becomes of the open; HEAD is not an open. */
export const openRoute: Route = async ({ request, runtime, ingest, path: [token, ...rest] }) => {
  if (!/^(GET|HEAD)$/.test(request.method) || rest.length > 0) return null
  const known = token === undefined ? null : runtime.signer.verify('measure', token)
  if (known !== null && request.method === 'GET') {
    const opened = ingest([{ ...known, kind: 'opened', method: request.method, ...clientOf(request) }])
    await storeOrLog(opened, runtime.logger, 'opened')
  }
  return new Response(request.method === 'HEAD' ? null : pixel, {
    headers: { 'content-type': 'image/gif', 'content-length': String(pixel.length), 'cache-control': 'no-store, private' },
  })
}
