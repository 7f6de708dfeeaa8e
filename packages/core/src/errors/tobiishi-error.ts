import type { ErrorCode } from './error-code.ts'

const marker = Symbol.for('tobiishi.error')

export interface TobiishiErrorOptions {
  /** True where the same call may succeed later without a change. Default false. */
  readonly isRetryable?: boolean
  readonly cause?: unknown
  /** Machine-readable context: paths, names, ids, numbers. Never an address, a token or a body. */
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The one error class of Tobiishi. Expected outcomes are returned unions; this is for wrong input, bugs and broken
 * infrastructure. The message says what happened and what to do, and never holds an address, a token or a body.
 */
export class TobiishiError extends Error {
  readonly code: ErrorCode
  readonly isRetryable: boolean
  readonly details: Readonly<Record<string, unknown>>
  readonly [marker] = true

  constructor(code: ErrorCode, message: string, options: TobiishiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'TobiishiError'
    this.code = code
    this.isRetryable = options.isRetryable ?? false
    this.details = options.details ?? {}
  }

  /** Recognises the error also across duplicate installs of the package, where `instanceof` fails. */
  static is(value: unknown): value is TobiishiError {
    return typeof value === 'object' && value !== null && marker in value
  }
}
