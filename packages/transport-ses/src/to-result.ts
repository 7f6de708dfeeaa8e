import type { OutgoingMail, RawAnswer, TransportResult } from '@tobiishi/core/ports'

interface ServiceError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
  readonly $response?: { readonly headers?: { readonly [name: string]: string } }
}

type Envelope = OutgoingMail['envelope']

const second = 1_000
const hour = 3_600_000

/** Ended from outside. Once the request has begun SES may have it. */
export function interruptedResult(reason: unknown, isStarted: boolean): TransportResult {
  const text = reason instanceof Error ? reason.message : 'The call was aborted.'
  return { kind: isStarted ? 'ambiguous' : 'transient', answer: { text } }
}

/** SES's answer, or none, in unified form. */
export function failureResult(thrown: unknown, isStarted: boolean, envelope: Envelope): TransportResult {
  const error = asServiceError(thrown)
  const answer = toAnswer(error, envelope)
  const status = error.$metadata?.httpStatusCode
  if (status === undefined) return { kind: isStarted && !isBeforeRequest(error) ? 'ambiguous' : 'transient', answer }
  if (status >= 500 && status !== 503) return { kind: 'ambiguous', answer }
  if (isAboutTheMail(error)) return { kind: 'rejected', bounceClass: 'message', answer }
  const retryAfter = pause(error, status)
  return { kind: 'transient', ...(retryAfter === null ? {} : { retryAfter }), answer }
}

/** Refused for its content or its address. An identity that is not verified is a setting of ours, though it has the same name. */
function isAboutTheMail({ name, message }: ServiceError): boolean {
  if (name === 'MessageRejected') return !/not verified|paused|suspended|sandbox/i.test(message)
  return (
    name === 'BadRequestException' &&
    /address|domain|local part|message length|too (long|large)|header/i.test(message) &&
    !/not verified/i.test(message)
  )
}

/** How long to leave SES alone: what it says, else a second by its rate and an hour by its daily quota. */
function pause({ name, message, $response }: ServiceError, status: number): number | null {
  const given = Number($response?.headers?.['retry-after'])
  if (Number.isFinite(given) && given > 0) return given * second
  if (/daily message quota/i.test(message)) return hour
  return status === 429 || status === 503 || /Throttling|TooManyRequests|LimitExceeded/.test(name) ? second : null
}

/** Failures of finding, connecting and securing: no byte of a request was written. */
const connectFailures =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/

function isBeforeRequest({ name, message, code = '' }: ServiceError): boolean {
  if (connectFailures.test(code)) return true
  if (/before secure TLS connection was established|without establishing a connection/i.test(message)) return true
  return name === 'CredentialsProviderError'
}

const asServiceError = (thrown: unknown): ServiceError =>
  thrown instanceof Error ? (unwrapped(thrown) as ServiceError) : { name: 'Error', message: String(thrown) }

/** Node wraps the failures of several addresses of one host. */
const unwrapped = (error: Error): Error =>
  error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error

function toAnswer({ name, message, code, $metadata }: ServiceError, { from, to }: Envelope): RawAnswer {
  const text = [to, from]
    .reduce((clean, address) => clean.replaceAll(address, 'address'), message)
    .replace(/[^\s<>"',;()]+@[^\s<>"',;()]+/g, 'address')
  return {
    code: $metadata?.httpStatusCode === undefined ? (code ?? name) : name,
    text,
    ...($metadata?.httpStatusCode === undefined
      ? {}
      : { data: { status: $metadata.httpStatusCode, requestId: $metadata.requestId ?? null } }),
  }
}
