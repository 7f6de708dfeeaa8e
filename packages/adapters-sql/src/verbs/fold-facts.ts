import type { DeliveryEvent } from '@tobiishi/core/ports'
import type { FactsRow } from './message-row.ts'

/** Adds one event to the facts of its message. The order of events does not matter: first times are minima. */
export const foldFacts = <F extends FactsRow>(facts: F, event: DeliveryEvent): F => ({ ...facts, ...changes(facts, event) })

const changes = (facts: FactsRow, event: DeliveryEvent): Partial<FactsRow> => {
  const at = event.occurredAt
  const isHuman = event.actor === 'human'
  switch (event.kind) {
    case 'delivered':
      return { delivered_at: earlier(facts.delivered_at, at) }
    case 'bounced':
      return facts.bounced_at !== null && facts.bounced_at <= at ? {} : { bounced_at: at, bounce_class: event.bounceClass }
    case 'opened':
      return {
        opened_at: earlier(facts.opened_at, at),
        ...(isHuman ? { human_opened_at: earlier(facts.human_opened_at, at) } : {}),
      }
    case 'clicked':
      return {
        clicked_at: earlier(facts.clicked_at, at),
        clicks: facts.clicks + 1,
        ...(isHuman ? humanClick(facts, at) : {}),
      }
    case 'complained':
      return { complained_at: earlier(facts.complained_at, at) }
    case 'unsubscribed':
      return { unsubscribed_at: earlier(facts.unsubscribed_at, at) }
    case 'delayed':
      return {}
  }
}

const humanClick = (facts: FactsRow, at: number): Partial<FactsRow> => ({
  human_clicked_at: earlier(facts.human_clicked_at, at),
  last_human_click_at: Math.max(facts.last_human_click_at ?? at, at),
  human_clicks: facts.human_clicks + 1,
})

const earlier = (first: number | null, at: number): number => (first === null ? at : Math.min(first, at))
