import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import { hour } from '../domain/time/instant.ts'
import type { DeliveryEvent } from '../domain/tracking/delivery-event.ts'
import type { LinkCounts, Message, ReportFilter, ReportReader } from '../ports/storage/index.ts'
import { byNumber, byText, inOrder } from './compare.ts'
import { countMessages, isSent } from './count-messages.ts'
import { noFacts } from './fold-facts.ts'
import { keyOf } from './key-of.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createReports = (tables: Tables): ReportReader => ({
  counts: (filter) =>
    verb(() =>
      countMessages(
        filtered(tables, filter).map((message) => ({
          message,
          facts: tables.facts.get(message.id) ?? noFacts(message.id),
          conversions: tables.conversionsByMessage.of(message.id),
        })),
      ),
    ),
  links: (filter) => verb(() => countLinks(clicksOf(tables, filter))),
  clickers: (filter, link, { after, limit }) =>
    verb(() => {
      const ids = new Set<string>()
      for (const { message, event } of clicksOf(tables, filter)) {
        if (message.templateHash === link.templateHash && event.link === link.link) ids.add(message.contactId)
      }
      const rest = [...ids].filter((id) => after === null || compareCodePoints(id, after) > 0)
      return rest.sort(compareCodePoints).slice(0, limit)
    }),
  sentByHour: (filter) =>
    verb(() => {
      const hours = new Map<number, number>()
      for (const message of filtered(tables, filter)) {
        if (!isSent(message) || message.finishedAt === null) continue
        const start = Math.floor(message.finishedAt / hour) * hour
        hours.set(start, (hours.get(start) ?? 0) + 1)
      }
      return [...hours].sort(([a], [b]) => a - b).map(([start, sent]) => ({ hour: start, sent }))
    }),
})

const filtered = (tables: Tables, { scenario, stepId, broadcastId, from, to }: ReportFilter): Message[] => {
  const isInside = (at: number | null): boolean => {
    if (from === undefined && to === undefined) return true
    return at !== null && (from === undefined || at >= from) && (to === undefined || at < to)
  }
  return [...tables.messages.values()].filter(
    (message) =>
      (scenario === undefined || message.scenario === scenario) &&
      (stepId === undefined || message.stepId === stepId) &&
      (broadcastId === undefined || message.broadcastId === broadcastId) &&
      isInside(message.finishedAt),
  )
}

interface Click {
  readonly message: Message
  readonly event: DeliveryEvent
}

const clicksOf = (tables: Tables, filter: ReportFilter): Click[] =>
  filtered(tables, filter)
    .filter(isSent)
    .flatMap((message) =>
      tables.deliveriesByMessage
        .of(message.id)
        .filter((event) => event.kind === 'clicked' && event.link !== null)
        .map((event) => ({ message, event })),
    )

const countLinks = (clicks: readonly Click[]): LinkCounts[] => {
  const groups = Map.groupBy(clicks, ({ message, event }) => keyOf(message.template, message.templateHash ?? '', event.link ?? 0))
  const messages = (some: readonly Click[]): number => new Set(some.map(({ message }) => message.id)).size
  return [...groups.values()]
    .flatMap((group) => {
      const first = group[0]
      if (first === undefined) return []
      const human = group.filter(({ event }) => event.actor === 'human')
      return {
        template: first.message.template,
        templateHash: first.message.templateHash ?? '',
        link: first.event.link ?? 0,
        clicks: group.length,
        clickers: messages(group),
        humanClickers: messages(human),
      }
    })
    .sort(
      inOrder<LinkCounts>(
        byText((row) => row.template),
        byText((row) => row.templateHash),
        byNumber((row) => row.link),
      ),
    )
}
