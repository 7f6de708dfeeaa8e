import type { Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'

/**
 * Mail that waits for an opening in the zone that a contact has left goes by the new zone, earlier or later. One request where
 * somebody has moved, or come with another contact, else none.
 */
export function* reconsiderMail({ before, contacts, inbox, tx, now }: Batch): Step<void> {
  const moved = new Set(inbox.filter(({ kind, name }) => kind === 'look' && name === 'merge').map(({ contactId }) => contactId))
  for (const [id, { timeZone }] of before) if (contacts.get(id)?.timeZone !== timeZone) moved.add(id)
  if (moved.size > 0) yield* tx.messages.reconsider([...moved].toSorted(), now)
}
