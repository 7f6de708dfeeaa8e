import type { JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'

export type DeliveryEventKind = 'delivered' | 'opened' | 'clicked' | 'bounced' | 'delayed' | 'complained' | 'unsubscribed'

/** Class of a bounce (facts §4). Only `hard-*` suppress at once; `message` and `policy` never count against a recipient. */
export type BounceClass =
  | 'hard-unknown-user'
  | 'hard-bad-domain'
  | 'suspended'
  | 'mailbox-full'
  | 'filtered'
  | 'message'
  | 'policy'
  | 'spam-block'
  | 'transient'
  | 'expired'
  | 'undetermined'

/** `human` or `machine` by the rules of facts §5; kept with score and rule version so that it can be recomputed. */
export type ActorClass = 'human' | 'machine'

/** Something that happened to a message after it was handed over: unified kind, and the raw data beside it. */
export interface DeliveryEvent {
  /** Dedupe key, unique: provider's event id, or made from message, kind and instant. */
  readonly key: string
  readonly messageId: string
  readonly contactId: string
  readonly kind: DeliveryEventKind
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  /** For `clicked`: number of the link in its template version. */
  readonly link: number | null
  /** For `clicked`: the address behind a link with a slot; null where the template version knows it. */
  readonly url: string | null
  /** For `opened` and `clicked`. */
  readonly actor: ActorClass | null
  readonly score: number
  readonly ruleVersion: number
  /** For `bounced`. */
  readonly bounceClass: BounceClass | null
  /** User agent, client address, provider notification, SMTP answer: as it came, without bodies. */
  readonly raw: JsonObject
}
