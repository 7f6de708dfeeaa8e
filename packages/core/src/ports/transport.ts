import type { JsonObject } from '../domain/json.ts'
import type { Milliseconds } from '../domain/time/instant.ts'
import type { BounceClass } from '../domain/tracking/delivery-event.ts'

/** One mail to one recipient, composed. */
export interface OutgoingMail {
  readonly messageId: string
  readonly envelope: { readonly from: string; readonly to: string }
  /** The whole message, CRLF line ends, not dot-stuffed. */
  readonly raw: Uint8Array
}

/** The answer of the other side as it came (never the body, never the address), beside the unified outcome. */
export interface RawAnswer {
  readonly code?: string
  readonly enhancedCode?: string
  readonly text?: string
  readonly data?: JsonObject
}

/**
 * What became of a hand-over. `ambiguous` is only what may have been accepted: a break after the final dot was written. A 4xx
 * or a break before the final dot is `transient`: certainly not accepted.
 */
export type TransportResult =
  | { readonly kind: 'accepted'; readonly providerId: string | null; readonly answer: RawAnswer }
  | { readonly kind: 'rejected'; readonly bounceClass: BounceClass; readonly answer: RawAnswer }
  | { readonly kind: 'transient'; readonly retryAfter?: Milliseconds; readonly answer: RawAnswer }
  | { readonly kind: 'ambiguous'; readonly answer: RawAnswer }

/**
 * Hands mail over to the next server. Guarantees: at most one hand-over per call, no retry inside, and the promise settles
 * within `maxCallMs` (the transport aborts hard). `send` resolves for every outcome of the protocol and never rejects.
 */
export interface Transport {
  readonly name: string
  /** Calls that start at once. The engine never has more under way. */
  readonly concurrency: number
  readonly maxCallMs: Milliseconds
  /** `signal` aborts hard: the call settles at once with what is known. */
  send(mail: OutgoingMail, options?: { readonly signal?: AbortSignal }): Promise<TransportResult>
  /** Proves that the other side is there and the credentials hold; rejects with `transport.config` or `transport.failed`. */
  verify(): Promise<void>
  close(): Promise<void>
}
