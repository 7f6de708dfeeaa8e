import type { Instant } from '../domain/time/instant.ts'
import type { OutgoingMail, Transport, TransportResult } from '../ports/transport.ts'
import { OutboxMessage } from './outbox-message.ts'

export interface OutboxTransport extends Transport {
  /** What was accepted, in order. */
  readonly outbox: readonly OutboxMessage[]
  /** Forgets what was collected. */
  clear(): void
}

export interface OutboxOptions {
  /** What the other side says to a mail, or undefined to accept it. Only accepted mail is in the outbox. */
  readonly answer?: (mail: OutgoingMail) => TransportResult | undefined
  /** Tells the time for `OutboxMessage.at`. Default: the system's clock. */
  readonly now?: () => Instant
  /** Default 5. */
  readonly concurrency?: number
}

const accepted: TransportResult = { kind: 'accepted', providerId: null, answer: { code: '250' } }

/** A transport that keeps mail instead of sending it. */
export const outboxTransport = ({ answer, now = Date.now, concurrency = 5 }: OutboxOptions = {}): OutboxTransport => {
  const outbox: OutboxMessage[] = []
  return {
    name: 'outbox',
    concurrency,
    maxCallMs: 10_000,
    outbox,
    clear: () => {
      outbox.length = 0
    },
    send: async (mail) => {
      const result = answer?.(mail) ?? accepted
      if (result.kind === 'accepted') outbox.push(new OutboxMessage(mail, now()))
      return result
    },
    verify: async () => {},
    close: async () => {},
  }
}
