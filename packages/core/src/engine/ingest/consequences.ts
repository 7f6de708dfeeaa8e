import type { ConsentEntry, Suppression } from '../../domain/consent/consent.ts'
import { consentFor } from '../../domain/consent/prevailing-consent.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import { bounceAction } from '../../domain/delivery/bounce-action.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import type { Message, MessageFacts, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { withConsent } from '../consent/write-consent.ts'
import type { Runtime } from '../runtime.ts'

/** An event with what was known of its message before it, and the address the message went to where that is known. */
export interface Happening {
  readonly event: DeliveryEvent
  readonly message: Pick<Message, 'topic'> & { readonly facts: Pick<MessageFacts, 'bouncedAt'> }
  /** Of the refused address; absent: the contact's address of now. */
  readonly emailKey?: string | null
}

/** What events mean for one contact: the row as it becomes, and what is written beside it. */
interface Outcome {
  contact: Contact
  readonly said: ConsentEntry[]
  readonly suppressions: Suppression[]
}

/**
 * Applies what follows from new events to their contacts, whose locks are held: bounces count or suppress, complaints stop all
 * marketing, leaving withdraws consent for the mail's topic, deliveries and human clicks end a row of soft bounces.
 */
export function* applyConsequences(
  runtime: Runtime,
  tx: StorageTransaction,
  contacts: readonly Contact[],
  happenings: readonly Happening[],
): Step<void> {
  const now = runtime.clock.now()
  const byContact = Map.groupBy(happenings, ({ event }) => event.contactId)
  const changed: Contact[] = []
  const said: ConsentEntry[] = []
  const suppressions: Suppression[] = []
  for (const contact of contacts) {
    const outcome: Outcome = { contact, said: [], suppressions: [] }
    const own = byContact.get(contact.id) ?? []
    for (const one of own.toSorted((a, b) => a.event.occurredAt - b.event.occurredAt)) follow(runtime, outcome, one, now)
    if (outcome.said.length > 0) outcome.contact = withConsent(outcome.contact, outcome.said, now)
    else if (outcome.suppressions.length > 0)
      outcome.contact = { ...outcome.contact, consentRev: contact.consentRev + 1, updatedAt: now }
    if (outcome.contact !== contact) changed.push(outcome.contact)
    said.push(...outcome.said)
    suppressions.push(...outcome.suppressions)
  }
  if (said.length > 0) yield* tx.consents.append(said)
  if (suppressions.length > 0) yield* tx.suppressions.put(suppressions)
  if (changed.length > 0) yield* tx.contacts.save(changed)
}

const follow = (runtime: Runtime, outcome: Outcome, happening: Happening, now: Instant): void => {
  switch (happening.event.kind) {
    case 'bounced':
      bounced(runtime, outcome, happening)
      break
    case 'complained':
      suppress(runtime, outcome, happening, { scope: 'marketing', reason: 'complaint' })
      leave(runtime, outcome, happening, null, now)
      break
    case 'unsubscribed':
      leave(runtime, outcome, happening, happening.message.topic, now)
      break
    case 'delivered':
      endSoftBounces(outcome)
      break
    case 'clicked':
      if (happening.event.actor === 'human') endSoftBounces(outcome)
      break
    case 'opened':
    case 'delayed':
      break
  }
}

/** Counts once a message; against the contact's counter only while the address is still theirs. */
const bounced = (runtime: Runtime, outcome: Outcome, happening: Happening): void => {
  const { event, message, emailKey } = happening
  const action = bounceAction(event.bounceClass ?? 'undetermined', outcome.contact, event.occurredAt)
  const isHard = action.kind === 'suppress' && action.reason === 'hard-bounce'
  if (!isHard && message.facts.bouncedAt !== null) return
  const isOwn = emailKey === undefined || emailKey === outcome.contact.emailKey
  if (isHard || (action.kind === 'suppress' && isOwn)) suppress(runtime, outcome, happening, action)
  else if (action.kind === 'soft' && isOwn)
    outcome.contact = { ...outcome.contact, softBounces: action.softBounces, softSince: action.softSince }
}

const endSoftBounces = (outcome: Outcome): void => {
  if (outcome.contact.softBounces > 0) outcome.contact = { ...outcome.contact, softBounces: 0, softSince: null }
}

const suppress = (
  runtime: Runtime,
  outcome: Outcome,
  { event, emailKey = outcome.contact.emailKey }: Happening,
  { scope, reason }: Pick<Suppression, 'scope' | 'reason'>,
): void => {
  if (emailKey === null) return
  const details = { messageId: event.messageId, ...(event.bounceClass === null ? {} : { bounceClass: event.bounceClass }) }
  outcome.suppressions.push({ scope, reason, key: runtime.suppressionKeys.address(emailKey), since: event.occurredAt, details })
}

/** A withdrawal, unless it is withdrawn already: leaving again after a new grant counts again. */
const leave = (runtime: Runtime, outcome: Outcome, { event }: Happening, topic: string | null, now: Instant): void => {
  const state = withConsent(outcome.contact, outcome.said, now).consent
  if (consentFor(state, topic)?.status === 'withdrawn') return
  const { source, userAgent, ip } = event.raw
  outcome.said.push({
    id: runtime.randomId(),
    contactId: event.contactId,
    kind: 'withdraw',
    topic,
    basis: null,
    evidence: {
      source: typeof source === 'string' ? source : event.kind,
      ...(typeof userAgent === 'string' ? { userAgent } : {}),
      ...(typeof ip === 'string' ? { ip } : {}),
    },
    occurredAt: event.occurredAt,
    recordedAt: now,
    messageId: event.messageId,
  })
}
