import type { InboxEntry, Storage } from '@tobiishi/core/ports'

export const entry = (key: string, contactId = 'c1'): InboxEntry => ({
  contactId,
  kind: 'track',
  name: 'order.placed',
  key,
  payload: { total: 12_000 },
  occurredAt: 1,
  receivedAt: 1,
  startScenarios: true,
})

/** Keys of what waits in the inbox for a contact, in order. */
export const waitingKeys = (storage: Pick<Storage<unknown>, 'transaction'>, contactId = 'c1'): Promise<string[]> =>
  storage.transaction(function* (tx) {
    return (yield* tx.inbox.load([contactId], 100)).map((row) => row.key)
  })
