import type { IncomingDeliveryEvent, WithdrawInput } from '../engine/tobiishi.ts'

/** What the routes ask of the engine. */
export interface HttpServices {
  /** Resolves when the events are stored. */
  readonly ingest: (events: readonly IncomingDeliveryEvent[]) => Promise<unknown>
  /** Resolves when the withdrawal is committed; with `messageId` it is counted as one of that message. */
  readonly withdraw: (contactId: string, input: WithdrawInput) => Promise<void>
}
