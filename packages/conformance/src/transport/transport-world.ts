import type { Transport } from '@tobiishi/core/ports'

/**
 * How the server under test treats every mail from now on. `accept`: takes it. `reject-recipient`, `reject-mail`: refuses for
 * good, knowing the recipient, or the whole mail. `defer-recipient`, `defer-mail`: the same for now. `drop-before`: breaks off
 * before the mail is complete. `drop-after`: reads the complete mail and breaks off without an answer. `stall-before`,
 * `stall-after`: the same, but says nothing and holds the connection. `slow`: takes it, each mail for about 50 ms.
 * `unreachable`: nobody listens. `refuse-login`: the credentials are refused.
 */
export type ServerBehaviour =
  | 'accept'
  | 'reject-recipient'
  | 'reject-mail'
  | 'defer-recipient'
  | 'defer-mail'
  | 'drop-before'
  | 'drop-after'
  | 'stall-before'
  | 'stall-after'
  | 'slow'
  | 'unreachable'
  | 'refuse-login'

export interface ReceivedMail {
  /** Null where the provider, not the envelope, decides it. */
  readonly from: string | null
  readonly to: readonly string[]
  readonly raw: Uint8Array
}

/** One transport and the real server behind it, both made for one case. */
export interface TransportWorld {
  readonly transport: Transport
  /** From now on; connections that are open already included. */
  behave(behaviour: ServerBehaviour): Promise<void>
  /** Mails that the server has taken, in the order of arrival. */
  received(): Promise<readonly ReceivedMail[]>
  /** Complete mails that the server has read, whatever it answered. */
  readonly completeMails: number
  /** Most mails that the server has had under way at once. */
  readonly peak: number
  /** Ends the server, and whatever the transport left open. */
  close(): Promise<void>
}

export interface TransportWorldOptions {
  readonly concurrency: number
  readonly maxCallMs: number
}
