/**
 * Signs and checks the addresses in mails: `v1.<kid>.<payload>.<tag>`, HMAC-SHA256 (16-byte tag, base64url) with a key per
 * purpose, the first secret signing and all verifying (facts §8). The payload is the opaque message id and nothing personal.
 */
export interface Signer {
  /** One a mail: opens and clicks. */
  measure(messageId: string): string
  /** One a mail: unsubscribe and preferences. Never expires. */
  leave(messageId: string): string
  /** Signs the address of a link with a slot, bound to message and link number. */
  url(messageId: string, link: number, url: string): string
  verify(purpose: 'measure' | 'leave', token: string): { readonly messageId: string } | null
  verifyUrl(messageId: string, link: number, signed: string): string | null
}

/** Paths below `baseUrl`. */
export const routes = {
  /** GET: pixel. `o/<measure>` */
  open: 'o',
  /** GET, HEAD: redirect. `c/<measure>/<link>` or `c/<measure>/<link>/<signed url>` */
  click: 'c',
  /** GET: page; POST: leaves. `u/<leave>` — the List-Unsubscribe address. */
  unsubscribe: 'u',
} as const

/** Stands for the `leave` token in test copies: `u/test` is a page that says so and changes nothing. */
export const testLeave = 'test'
