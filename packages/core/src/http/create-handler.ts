import type { Runtime } from '../engine/runtime.ts'
import { routes } from '../message/signer.ts'
import { clickRoute } from './click-route.ts'
import type { Route } from './http-context.ts'
import type { HttpServices } from './http-services.ts'
import { openRoute } from './open-route.ts'
import { reasonOf } from './reason-of.ts'
import { unsubscribeRoute } from './unsubscribe-route.ts'

const table: ReadonlyMap<string, Route> = new Map([
  [routes.open, openRoute],
  [routes.click, clickRoute],
  [routes.unsubscribe, unsubscribeRoute],
])

/**
 * Serves what mails point to: pixel, clicks, leaving. Routes match after the path of `baseUrl` where the request has it, else
 * as they come, because some frameworks strip the prefix and some do not. Everything else is 404. Never rejects: what fails
 * unexpectedly is logged and answered with 503.
 */
export function createHandler(runtime: Runtime, services: HttpServices): (request: Request) => Promise<Response> {
  const base = new URL(runtime.settings.baseUrl).pathname.replace(/\/+$/, '')
  return async (request) => {
    try {
      const [name = '', ...path] = pathBelow(base, new URL(request.url).pathname).split('/').slice(1)
      const answer = await table.get(name)?.({ ...services, runtime, request, path })
      return answer ?? new Response('Not found', { status: 404, headers: { 'cache-control': 'no-store' } })
    } catch (error) {
      runtime.logger.error('request.failed', { reason: reasonOf(error) })
      return new Response('Try again later', { status: 503, headers: { 'cache-control': 'no-store', 'retry-after': '60' } })
    }
  }
}

const pathBelow = (base: string, path: string): string => (path.startsWith(`${base}/`) ? path.slice(base.length) : path)
