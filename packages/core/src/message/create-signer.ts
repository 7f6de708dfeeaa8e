import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'
import { TobiishiError } from '../errors/index.ts'
import type { Signer } from './signer.ts'
import { wireMessageId } from './wire-address.ts'

/** A signing secret as an app gives it. The first of a list signs, all verify, so that one can be replaced without breaking links. */
export interface Secret {
  /** Stands in every address: 1–16 letters, digits, `-` or `_`. */
  readonly id: string
  /** At least 32 bytes. */
  readonly value: string
}

type KeyPurpose = 'measure' | 'leave' | 'url'

interface KeyRing {
  readonly kid: string
  readonly measure: KeyObject
  readonly leave: KeyObject
  readonly url: KeyObject
}

const version = 'v1'
/** Digits of base64url: 132 bits, more than the 16 bytes asked for. */
const tagLength = 22
const tagPattern = /^[A-Za-z0-9_-]{22}$/
const kidPattern = /^[A-Za-z0-9_-]{1,16}$/

/**
 * Signs and checks the addresses in mails. Keys are derived per purpose by HKDF-SHA256 (RFC 5869), so an open address never
 * verifies as an unsubscribe address. Throws `config.invalid` without a secret or with a bad or repeated id,
 * `config.secret_too_short` below 32 bytes, `render.failed` for a message id that is not base64url.
 */
export const createSigner = (secrets: readonly Secret[]): Signer => {
  const rings = secrets.map(keyRing)
  const signing = rings[0]
  if (signing === undefined) throw new TobiishiError('config.invalid', 'secrets is empty: give at least one { id, value }.')
  const byKid = new Map(rings.map((ring) => [ring.kid, ring]))
  if (byKid.size !== rings.length) throw new TobiishiError('config.invalid', 'Two secrets have the same id: give each its own.')
  const head = `${version}.${signing.kid}.`

  const sign = (purpose: 'measure' | 'leave', messageId: string): string => {
    const payload = wireMessageId(messageId)
    return `${head}${payload}.${tag(signing[purpose], payload)}`
  }
  return {
    measure: (messageId) => sign('measure', messageId),
    leave: (messageId) => sign('leave', messageId),
    url: (messageId, link, url) =>
      `${head}${Buffer.from(url, 'utf8').toString('base64url')}.${tag(signing.url, boundUrl(messageId, link, url))}`,
    verify: (purpose, token) => {
      const parts = split(token)
      const ring = parts && byKid.get(parts.kid)
      if (!parts || !ring) return null
      return isSame(parts.tag, tag(ring[purpose], parts.payload)) ? { messageId: parts.payload } : null
    },
    verifyUrl: (messageId, link, signed) => {
      const parts = split(signed)
      const ring = parts && byKid.get(parts.kid)
      if (!parts || !ring) return null
      const url = Buffer.from(parts.payload, 'base64url').toString('utf8')
      return isSame(parts.tag, tag(ring.url, boundUrl(messageId, link, url))) ? url : null
    },
  }
}

const keyRing = ({ id, value }: Secret): KeyRing => {
  if (!kidPattern.test(id)) {
    throw new TobiishiError('config.invalid', 'The id of a secret must be 1–16 letters, digits, "-" or "_".')
  }
  if (Buffer.byteLength(value, 'utf8') < 32) {
    throw new TobiishiError(
      'config.secret_too_short',
      `The secret "${id}" is shorter than 32 bytes: use 32 random bytes as text.`,
      {
        details: { secret: id },
      },
    )
  }
  return { kid: id, measure: deriveKey(value, 'measure'), leave: deriveKey(value, 'leave'), url: deriveKey(value, 'url') }
}

const deriveKey = (secret: string, purpose: KeyPurpose): KeyObject =>
  createSecretKey(new Uint8Array(hkdfSync('sha256', secret, '', `tobiishi/${version}/${purpose}`, 32)))

const tag = (key: KeyObject, data: string): string =>
  createHmac('sha256', key).update(data, 'utf8').digest('base64url').slice(0, tagLength)

/** The message id has no line feed and the number none either, so no two bindings read the same. */
const boundUrl = (messageId: string, link: number, url: string): string => `${messageId}\n${link}\n${url}`

const split = (token: string): { kid: string; payload: string; tag: string } | null => {
  const parts = token.split('.')
  const [head, kid, payload, mac] = parts
  if (parts.length !== 4 || head !== version || !kid || !payload || !mac || !tagPattern.test(mac)) return null
  return { kid, payload, tag: mac }
}

/** Both are 22 digits: 132 bits of the hash. */
const isSame = (given: string, expected: string): boolean =>
  timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(expected, 'latin1'))
