import type { Runtime } from '../engine/runtime.ts'
import type { HttpServices } from './http-services.ts'

/** What a route works with: the engine, the request, and the parts of its path after the route's letter. */
export interface HttpContext extends HttpServices {
  readonly runtime: Runtime
  readonly request: Request
  readonly path: readonly string[]
}

/** A route answers, or says null where the path or method is not its own: that is 404. */
export type Route = (context: HttpContext) => Promise<Response | null>
