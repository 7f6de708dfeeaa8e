import type { ConsentEntry } from '../../domain/consent/consent.ts'
import type { DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import type { Message } from '../../ports/storage/index.ts'

/** The delivery event that says that a contact left through this message; one a message, however often it is used. */
export const unsubscribedBy = (
  message: Pick<Message, 'id' | 'contactId'>,
  said: Pick<ConsentEntry, 'occurredAt' | 'recordedAt' | 'evidence'>,
): DeliveryEvent => ({
  key: `${message.id}:unsubscribed`,
  messageId: message.id,
  contactId: message.contactId,
  kind: 'unsubscribed',
  occurredAt: said.occurredAt,
  receivedAt: said.recordedAt,
  link: null,
  url: null,
  actor: null,
  score: 0,
  ruleVersion: 0,
  bounceClass: null,
  raw: { source: said.evidence.source },
})
