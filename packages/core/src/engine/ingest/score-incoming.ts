import type { ActorVerdict } from '../../domain/tracking/actor-verdict.ts'
import { classifyOpen } from '../../domain/tracking/classify-open.ts'
import type { DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import { clickBurst, scoreClick } from '../../domain/tracking/score-click.ts'
import type { Message, MessageFacts, Step, StorageTransaction } from '../../ports/storage/index.ts'
import type { AddressWatch } from './address-watch.ts'
import type { Incoming } from './read-incoming.ts'

/** A message with what has happened to it so far. */
export type KnownMessage = Message & { readonly facts: MessageFacts }

/** A scanner follows every link; more clicks than this within a burst change nothing. */
const mostRecent = 50

type Click = Pick<DeliveryEvent, 'link' | 'url' | 'occurredAt'>

/**
 * Incoming events as they are stored: opens and clicks with the verdict on who did it. A click is judged by its request, by
 * how soon it came, by the other links of the mail clicked just before (stored ones and those of this batch), and by how many
 * recipients the same client address acted for.
 */
export function* scoreIncoming(
  tx: StorageTransaction,
  incoming: readonly Incoming[],
  messages: ReadonlyMap<string, KnownMessage>,
  watch: AddressWatch,
): Step<DeliveryEvent[]> {
  const clicks = new Map<string, readonly Click[]>()
  const events: DeliveryEvent[] = []
  for (const one of incoming) {
    const message = messages.get(one.messageId)
    if (message === undefined) continue
    let verdict: ActorVerdict | null = null
    if (one.kind === 'opened') verdict = classifyOpen(one)
    if (one.kind === 'clicked') {
      const earlier = clicks.get(message.id) ?? (yield* recentClicks(tx, one))
      clicks.set(message.id, [...earlier, one])
      verdict = judgeClick(one, message, earlier, watch)
    }
    events.push(eventOf(one, message, verdict))
  }
  return events
}

function* recentClicks(tx: StorageTransaction, { messageId, occurredAt }: Incoming): Step<readonly Click[]> {
  const recent = yield* tx.messages.recentEvents(messageId, { since: occurredAt - clickBurst, limit: mostRecent })
  return recent.filter(({ kind }) => kind === 'clicked')
}

const judgeClick = (click: Incoming, message: KnownMessage, earlier: readonly Click[], watch: AddressWatch): ActorVerdict => {
  const { occurredAt, userAgent, method, ip } = click
  const isInBurst = (other: Click) => other.occurredAt <= occurredAt && other.occurredAt > occurredAt - clickBurst
  const links = new Set([...earlier.filter(isInBurst), click].map(({ link, url }) => `${link} ${url}`))
  return scoreClick({
    userAgent,
    method,
    sinceSent: message.finishedAt === null ? null : occurredAt - message.finishedAt,
    linksInBurst: links.size,
    recipientsOfAddress: ip === null ? 1 : watch.note(ip, message.contactId, occurredAt),
  })
}

const eventOf = (one: Incoming, message: KnownMessage, verdict: ActorVerdict | null): DeliveryEvent => ({
  key: one.key,
  messageId: message.id,
  contactId: message.contactId,
  kind: one.kind,
  occurredAt: one.occurredAt,
  receivedAt: one.receivedAt,
  link: one.link,
  url: isErased(message) ? null : one.url,
  actor: verdict?.actor ?? null,
  score: verdict?.score ?? 0,
  ruleVersion: verdict?.ruleVersion ?? 0,
  bounceClass: one.bounceClass,
  raw: isErased(message) ? {} : one.raw,
})

/** What comes in after its contact was erased must not bring back what was deleted: a report may hold the address. */
const isErased = ({ idemKey }: KnownMessage): boolean => idemKey.startsWith('erased:')
