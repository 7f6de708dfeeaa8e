import { createHmac, createSecretKey, hkdfSync } from 'node:crypto'
import { TobiishiError } from '../errors/index.ts'

/** Keyed hashes of suppressed addresses and domains: they block without being readable, and survive erasure. */
export interface AddressKeys {
  /** `a:` and the hash of a normalised address. */
  address(emailKey: string): string
  /** `d:` and the hash of a domain in lower case, A-labels. */
  domain(domain: string): string
  /** Stored with the database: start refuses another address key, which would find no suppression any more. */
  readonly check: string
}

/** Throws `config.secret_too_short` below 32 bytes. HMAC-SHA256, 32 bytes as base64url. */
export const createAddressKeys = (addressKey: string): AddressKeys => {
  if (Buffer.byteLength(addressKey, 'utf8') < 32) {
    throw new TobiishiError('config.secret_too_short', 'addressKey is shorter than 32 bytes: use 32 random bytes as text.')
  }
  const key = createSecretKey(new Uint8Array(hkdfSync('sha256', addressKey, '', 'tobiishi/v1/address', 32)))
  const keyed = (kind: 'a' | 'd' | 'check', value: string): string =>
    `${kind}:${createHmac('sha256', key).update(`${kind}:${value}`, 'utf8').digest('base64url')}`
  return {
    address: (emailKey) => keyed('a', emailKey),
    domain: (domain) => keyed('d', domain.toLowerCase()),
    check: keyed('check', ''),
  }
}
