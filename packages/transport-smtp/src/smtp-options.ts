import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { ConnectionOptions } from 'node:tls'
import type { XOAuth2Options } from 'nodemailer/lib/xoauth2'
import type { DkimOptions } from './dkim-signer.ts'
import { wrong } from './wrong-option.ts'

/** A user and password, or OAuth 2 (XOAUTH2, as Gmail and Exchange Online ask for): a token, or what is needed to get one. */
export type SmtpAuth =
  | { readonly user: string; readonly pass: string; readonly method?: 'PLAIN' | 'LOGIN' | 'CRAM-MD5' }
  | ({ readonly type: 'oauth2'; readonly user: string } & XOAuth2Options)

export interface SmtpTransportOptions {
  /** `smtp://user:password@host:587` or `smtps://…:465`, percent-encoded. Options beside it win. */
  readonly url?: string
  readonly host?: string
  /** Default 587, with `secure` 465. */
  readonly port?: number
  /** TLS from the first byte. Without it STARTTLS is used where the server offers it. */
  readonly secure?: boolean
  /** Refuses to go on without TLS. Default: true with `auth`, except on the loopback host. */
  readonly requireTls?: boolean
  /** For `tls.connect`: `ca`, `rejectUnauthorized`, client certificates. */
  readonly tls?: ConnectionOptions
  readonly auth?: SmtpAuth
  readonly dkim?: DkimOptions
  /** Mails under way at once, each on a connection of its own. Default 5. */
  readonly concurrency?: number
  /** Longest that a call may take, connecting included. Default 60,000 ms. */
  readonly maxCallMs?: number
  /** A connection is replaced after this many mails. Default 100, as many providers ask for. */
  readonly maxMailsPerConnection?: number
  /** Name given in EHLO. Default the machine's, if it is a domain name. */
  readonly clientName?: string
  /** Local address to send from. */
  readonly localAddress?: string
  /** Name of the transport in logs and reports. Default `smtp`. */
  readonly name?: string
}

/** The options after checking, with every default. */
export interface SmtpSettings {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly requireTls: boolean
  readonly tls: ConnectionOptions
  readonly auth: SmtpAuth | null
  readonly concurrency: number
  readonly maxCallMs: number
  readonly maxMailsPerConnection: number
  readonly clientName: string
  readonly localAddress: string | null
}

/** Checks the options; throws `transport.config` with the option's name. */
export function toSmtpSettings(options: SmtpTransportOptions): SmtpSettings {
  const fromUrl = options.url === undefined ? {} : readUrl(options.url)
  const { host, port, secure = port === 465, auth = null } = { ...fromUrl, ...defined(options) }
  if (host === undefined || host === '') throw wrong('url', 'It is missing: give url (is the environment variable set?) or host.')
  return {
    host,
    secure,
    port: whole('port', port ?? (secure ? 465 : 587), 65_535),
    requireTls: options.requireTls ?? (auth !== null && !isLoopback(host)),
    tls: options.tls ?? {},
    auth,
    concurrency: whole('concurrency', options.concurrency ?? 5, 1_000),
    maxCallMs: whole('maxCallMs', options.maxCallMs ?? 60_000, 3_600_000),
    maxMailsPerConnection: whole('maxMailsPerConnection', options.maxMailsPerConnection ?? 100, Number.MAX_SAFE_INTEGER),
    clientName: clientName(options.clientName),
    localAddress: options.localAddress ?? null,
  }
}

type Address = Pick<SmtpTransportOptions, 'host' | 'port' | 'secure' | 'auth'>

function readUrl(text: string): Address {
  const url = URL.parse(text)
  if (url === null || !/^smtps?:$/.test(url.protocol) || !isDecodable(url)) {
    throw wrong('url', 'It must read smtp://user:password@host:port or smtps://…, with special characters percent-encoded.')
  }
  const secure = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...(url.username === '' ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  }
}

const isDecodable = ({ username, password }: URL): boolean => !/%(?![\dA-Fa-f]{2})/.test(`${username} ${password}`)

const defined = ({ host, port, secure, auth }: SmtpTransportOptions): Address => ({
  ...(host === undefined ? {} : { host }),
  ...(port === undefined ? {} : { port }),
  ...(secure === undefined ? {} : { secure }),
  ...(auth === undefined ? {} : { auth }),
})

function clientName(given: string | undefined): string {
  const name = given ?? (hostname().includes('.') ? hostname() : '[127.0.0.1]')
  if (/[^\x21-\x7e]/.test(name)) throw wrong('clientName', 'It must be a domain name without spaces.')
  return name
}

function whole(option: string, value: number, max: number): number {
  if (!Number.isSafeInteger(value) || value < 1 || value > max) throw wrong(option, `It must be a whole number from 1 to ${max}.`)
  return value
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
