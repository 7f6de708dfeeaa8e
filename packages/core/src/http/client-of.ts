const addresses = new WeakMap<Request, string>()

/** A `Request` does not know who sent it; a bridge that does says so here. */
export function setClientAddress(request: Request, address: string | undefined): void {
  if (address !== undefined) addresses.set(request, address)
}

/** Who asks, as evidence and for telling machines from people. Headers that anybody can write are not believed. */
export function clientOf(request: Request): { readonly ip?: string; readonly userAgent?: string } {
  const ip = addresses.get(request)
  const userAgent = request.headers.get('user-agent')?.slice(0, 512)
  return { ...(ip === undefined ? {} : { ip }), ...(userAgent === undefined ? {} : { userAgent }) }
}
