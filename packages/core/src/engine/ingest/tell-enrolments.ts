import type { DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import type { InboxEntry, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { readScenarioBook } from '../advance/scenario-book.ts'
import { tellContacts } from '../inbox/tell-contacts.ts'
import type { Runtime } from '../runtime.ts'

/** News of mail that a scenario can act on: what people and receiving servers did, never what machines opened. */
const isNews = ({ kind, actor }: DeliveryEvent): boolean => {
  if (kind === 'opened' || kind === 'clicked') return actor === 'human'
  return kind === 'delivered' || kind === 'bounced'
}

/**
 * Has the enrolments of these contacts looked at again, in the transaction that wrote the news down; nothing where no scenario
 * acts on mail.
 */
export function* tellEnrolments(runtime: Runtime, tx: StorageTransaction, events: readonly DeliveryEvent[]): Step<void> {
  const news = events.filter(isNews)
  if (news.length === 0 || !(yield* someoneActs(runtime, tx))) return
  const latest = new Map(news.toSorted((a, b) => a.occurredAt - b.occurredAt).map((event) => [event.contactId, event]))
  yield* tellContacts(tx, [...latest.values()].map(lookOf))
}

/** Another process may have published a scenario that acts on mail since this one started. */
function* someoneActs({ stored, ...own }: Runtime, tx: StorageTransaction): Step<boolean> {
  if (!stored.actsOnMail) yield* readScenarioBook(tx.scenarios, [], { ...own, stored })
  return stored.actsOnMail
}

const lookOf = ({ contactId, messageId, kind, occurredAt, receivedAt }: DeliveryEvent): InboxEntry => ({
  contactId,
  kind: 'look',
  name: kind,
  key: messageId,
  payload: {},
  occurredAt,
  receivedAt,
  startScenarios: true,
})
