import { SESv2Client, type SESv2ClientConfig } from '@aws-sdk/client-sesv2'
import { TobiishiError } from '@tobiishi/core'
import type { OutgoingMail, Transport, TransportResult } from '@tobiishi/core/ports'
import { Gate } from './gate.ts'
import { type SendContext, sendOnce } from './send-once.ts'
import { verifyAccount } from './verify-account.ts'

export interface SesTransportOptions {
  /** A client of the app's own; it is left open by `close`. Its retries do not apply. */
  readonly client?: SESv2Client
  /** Region, credentials, endpoint of the client that is made where none is given. */
  readonly config?: SESv2ClientConfig
  /** Configuration set, so that bounces, complaints and deliveries come back as events. */
  readonly configurationSet?: string
  /** Requests under way at once. Default 10; the account's rate is SES's to enforce, by `TooManyRequestsException`. */
  readonly concurrency?: number
  /** Longest that a call may take. Default 30,000 ms. */
  readonly maxCallMs?: number
  /** Name of the transport in logs and reports. Default `ses`. */
  readonly name?: string
}

/**
 * A transport through Amazon SES (API v2, raw content). SES replaces Message-ID and has no idempotency token, so the message id
 * goes along as the tag `tobiishi-message-id`, by which events find their message, and one call is one request: the SDK's
 * retries are off. A request that was written and not answered is `ambiguous`, as is a 5xx other than 503.
 *
 * What speaks of the account (credentials, a paused or unverified sender, quotas) is `transient`. SES accepts recipients
 * unseen and reports their refusal later, by an event. Throws `transport.config` where an option cannot be used.
 *
 * @example
 * const transport = sesTransport({ config: { region: 'ap-northeast-1' }, configurationSet: 'mail' })
 */
export function sesTransport(options: SesTransportOptions = {}): Transport {
  const { client: given, config = {}, configurationSet, concurrency = 10, maxCallMs = 30_000, name = 'ses' } = options
  assertWhole('concurrency', concurrency)
  assertWhole('maxCallMs', maxCallMs)
  const client = given ?? new SESv2Client({ ...config, maxAttempts: 1 })
  const gate = new Gate(concurrency)
  const context: SendContext = { client, configurationSet: configurationSet ?? null }
  return {
    name,
    concurrency,
    maxCallMs,
    send: (mail, { signal } = {}) => sendWithin(mail, context, gate, deadline(maxCallMs, signal)),
    verify: () => verifyAccount(client, maxCallMs),
    close: async () => {
      await gate.close()
      if (given === undefined) client.destroy()
    },
  }
}

async function sendWithin(mail: OutgoingMail, context: SendContext, gate: Gate, end: Deadline): Promise<TransportResult> {
  try {
    if (!(await gate.enter(end.signal))) {
      return { kind: 'transient', answer: { text: gate.isClosed ? 'The transport is closed.' : 'The call was aborted.' } }
    }
    try {
      return await sendOnce(mail, context, end.signal)
    } finally {
      gate.leave()
    }
  } finally {
    end.clear()
  }
}

interface Deadline {
  readonly signal: AbortSignal
  clear(): void
}

function deadline(ms: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  const abort = (): void => controller.abort(new Error('The call was aborted.'))
  const timer = setTimeout(() => controller.abort(new Error(`The call took longer than ${ms} ms.`)), ms)
  if (outer?.aborted) abort()
  else outer?.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', abort)
    },
  }
}

function assertWhole(option: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return
  const message = `sesTransport: the option ${option} cannot be used. It must be a whole number above 0.`
  throw new TobiishiError('transport.config', message, { details: { option } })
}
