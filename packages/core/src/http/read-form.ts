/** Far above what a form of ours or a one-click request holds. */
const largest = 64 * 1024

/** The fields of a posted form, `multipart/form-data` or `application/x-www-form-urlencoded`; null where it is neither, broken or too large. */
export async function readForm(request: Request): Promise<FormData | null> {
  const type = request.headers.get('content-type') ?? 'application/x-www-form-urlencoded'
  const body = await readUpTo(request, largest)
  if (body === null) return null
  return await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => null)
}

async function readUpTo(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
    length += chunk.byteLength
    if (length > limit) return null
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
