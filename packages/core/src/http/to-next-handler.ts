type Handler = (request: Request) => Promise<Response>

/** Route handlers of Next's App Router: `export const { GET, POST, HEAD } = toNextHandler(mail)` in `app/mail/[...path]/route.ts`. */
export function toNextHandler(mail: { readonly handler: Handler }): {
  readonly GET: Handler
  readonly POST: Handler
  readonly HEAD: Handler
} {
  const handler: Handler = (request) => mail.handler(request)
  return { GET: handler, POST: handler, HEAD: handler }
}
