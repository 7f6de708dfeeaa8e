import type { DeliveryEvent } from '../domain/tracking/delivery-event.ts'
import type { MessageFacts } from '../ports/storage/index.ts'

export const noFacts = (messageId: string): MessageFacts => ({
  messageId,
  deliveredAt: null,
  bouncedAt: null,
  bounceClass: null,
  openedAt: null,
  humanOpenedAt: null,
  clickedAt: null,
  humanClickedAt: null,
  lastHumanClickAt: null,
  clicks: 0,
  humanClicks: 0,
  complainedAt: null,
  unsubscribedAt: null,
})

/** Adds one event to the facts of its message. The order of events does not matter: first times are minima. */
export const foldFacts = (facts: MessageFacts, event: DeliveryEvent): MessageFacts => {
  const at = event.occurredAt
  const isHuman = event.actor === 'human'
  switch (event.kind) {
    case 'delivered':
      return { ...facts, deliveredAt: earlier(facts.deliveredAt, at) }
    case 'bounced':
      return facts.bouncedAt !== null && facts.bouncedAt <= at
        ? facts
        : { ...facts, bouncedAt: at, bounceClass: event.bounceClass }
    case 'opened':
      return {
        ...facts,
        openedAt: earlier(facts.openedAt, at),
        humanOpenedAt: isHuman ? earlier(facts.humanOpenedAt, at) : facts.humanOpenedAt,
      }
    case 'clicked':
      return { ...facts, ...clickFacts(facts, at, isHuman) }
    case 'complained':
      return { ...facts, complainedAt: earlier(facts.complainedAt, at) }
    case 'unsubscribed':
      return { ...facts, unsubscribedAt: earlier(facts.unsubscribedAt, at) }
    case 'delayed':
      return facts
  }
}

const clickFacts = (facts: MessageFacts, at: number, isHuman: boolean): Partial<MessageFacts> => {
  const raw = { clickedAt: earlier(facts.clickedAt, at), clicks: facts.clicks + 1 }
  if (!isHuman) return raw
  return {
    ...raw,
    humanClickedAt: earlier(facts.humanClickedAt, at),
    lastHumanClickAt: Math.max(facts.lastHumanClickAt ?? at, at),
    humanClicks: facts.humanClicks + 1,
  }
}

const earlier = (first: number | null, at: number): number => (first === null ? at : Math.min(first, at))
