import type { Conversion, Message, MessageFacts, ReportCounts } from '../ports/storage/index.ts'

export interface CountedMessage {
  readonly message: Message
  readonly facts: MessageFacts
  readonly conversions: readonly Conversion[]
}

/** Accepted, or finally rejected by the receiving side (facts §6). */
export const isSent = (message: Message): boolean => message.state === 'sent' || isRejected(message)

const isRejected = (message: Message): boolean => message.state === 'failed' && message.reason === 'rejected'

export const countMessages = (rows: readonly CountedMessage[]): ReportCounts => {
  const sent = rows.filter(({ message }) => isSent(message))
  const html = sent.filter(({ message }) => message.isHtml)
  const bounced = sent.filter(({ message, facts }) => isRejected(message) || facts.bouncedAt !== null)
  const left = sent.filter(({ facts }) => facts.unsubscribedAt !== null)
  const inState = (state: Message['state']) => rows.filter(({ message }) => message.state === state)
  return {
    sent: sent.length,
    sentHtml: html.length,
    bounced: bounced.length,
    bouncedHtml: bounced.filter(({ message }) => message.isHtml).length,
    bouncedByClass: tally(bounced.map(({ facts }) => facts.bounceClass ?? 'undetermined')),
    failed: inState('failed').filter(({ message }) => !isRejected(message)).length,
    unknown: inState('unknown').length,
    queued: inState('queued').length,
    skippedByReason: tally(inState('skipped').map(({ message }) => message.reason ?? 'unknown')),
    ...countEngagement(sent, html),
    complained: sent.filter(({ facts }) => facts.complainedAt !== null).length,
    unsubscribed: left.length,
    leftContacts: contacts(left),
    registeredContacts: contacts(rows.filter(({ message }) => hadConsent(message))),
    converters: sent.filter(({ conversions }) => conversions.length > 0).length,
    conversionValue: sum(sent.flatMap(({ conversions }) => conversions.map((conversion) => conversion.value ?? 0))),
  }
}

const countEngagement = (sent: readonly CountedMessage[], html: readonly CountedMessage[]) => ({
  openers: html.filter(({ facts }) => facts.openedAt !== null || facts.clickedAt !== null).length,
  humanOpeners: html.filter(({ facts }) => facts.humanOpenedAt !== null || facts.humanClickedAt !== null).length,
  clickers: sent.filter(({ facts }) => facts.clickedAt !== null).length,
  humanClickers: sent.filter(({ facts }) => facts.humanClickedAt !== null).length,
  htmlClickers: html.filter(({ facts }) => facts.clickedAt !== null).length,
  clicks: sum(sent.map(({ facts }) => facts.clicks)),
  humanClicks: sum(sent.map(({ facts }) => facts.humanClicks)),
})

/** Marketing that left the queue by way of a call or a failure of ours was allowed by `decideSend`: consent was valid then. */
const hadConsent = (message: Message): boolean =>
  message.purpose === 'marketing' && (message.state === 'sent' || message.state === 'failed' || message.state === 'unknown')

const contacts = (rows: readonly CountedMessage[]): number => new Set(rows.map(({ message }) => message.contactId)).size

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const tally = (words: readonly string[]): { readonly [word: string]: number } => {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
