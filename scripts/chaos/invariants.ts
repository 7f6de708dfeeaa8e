import type { Message } from '@tobiishi/core'
import type { AppDiary } from './app-life.ts'
import type { RecordedMark } from './mark-record.ts'
import type { AcceptedMail } from './sink.ts'

/** All that is known when a run is over. */
export interface Evidence {
  readonly accepted: readonly AcceptedMail[]
  readonly messages: readonly Message[]
  readonly marks: readonly RecordedMark[]
  readonly diary: AppDiary
  /** Rows left in the queue. */
  readonly depth: number
}

/** What of design §6 was broken, as sentences; empty if nothing. */
export const violations = (evidence: Evidence): string[] => [
  ...repeated('a message was accepted twice', evidence.accepted, ({ messageId }) => messageId),
  ...repeated('a contact got a marketing mail twice', marketingOf(evidence), ({ to, subject }) => `${to} ${subject}`),
  ...receiptsTooOften(evidence),
  ...unfinished(evidence),
  ...unaccounted(evidence),
  ...mailedAfterLeaving(evidence),
  ...forgotten(evidence),
]

const repeated = <T>(what: string, all: readonly T[], keyOf: (one: T) => string): string[] =>
  countBy(all, keyOf).flatMap(([key, count]) => (count > 1 ? [`${what}: ${key}, ${count} times`] : []))

const countBy = <T>(all: readonly T[], keyOf: (one: T) => string): [string, number][] => {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return [...counts]
}

const marketingOf = ({ accepted }: Evidence) => accepted.filter(({ subject }) => !subject.startsWith('receipt'))

/** The policy for transactional mail is to send once more what is unknown: twice at most. */
const receiptsTooOften = ({ accepted }: Evidence): string[] =>
  countBy(
    accepted.filter(({ subject }) => subject.startsWith('receipt')),
    ({ subject }) => subject,
  ).flatMap(([subject, count]) => (count > 2 ? [`${subject} went out ${count} times`] : []))

const unfinished = ({ messages, depth }: Evidence): string[] => [
  ...messages.filter(({ state }) => state === 'queued').map(({ id }) => `message ${id} is still queued`),
  ...(depth > 0 ? [`${depth} rows are left in the queue`] : []),
]

/** What was accepted is sent or unknown; what is sent was accepted. */
const unaccounted = ({ accepted, messages }: Evidence): string[] => {
  const stateOf = new Map(messages.map(({ id, state }) => [id, state]))
  const ids = new Set(accepted.map(({ messageId }) => messageId))
  const known = new Set(['sent', 'unknown'])
  return [
    ...[...ids].flatMap((id) => {
      const state = stateOf.get(id) ?? 'not in the ledger'
      return known.has(state) ? [] : [`message ${id} was accepted and is ${state}`]
    }),
    ...messages.flatMap(({ id, state }) => (state === 'sent' && !ids.has(id) ? [`message ${id} is sent and never arrived`] : [])),
  ]
}

const mailedAfterLeaving = ({ accepted, messages, marks, diary }: Evidence): string[] => {
  const marketing = new Set(messages.flatMap(({ id, purpose }) => (purpose === 'marketing' ? [id] : [])))
  const arrived = new Set(accepted.map(({ messageId }) => messageId))
  return marks.flatMap(({ at, messageId, contactId }) => {
    const leftAt = diary.leftAt.get(contactId)
    if (leftAt === undefined || at <= leftAt || !marketing.has(messageId)) return []
    return [
      `message ${messageId} was marked ${at - leftAt} ms after its contact had left, and ${arrived.has(messageId) ? 'sent' : 'not sent'}`,
    ]
  })
}

/** Everyone has a row for every broadcast, every order one for its receipt, every brochure one for the first step. */
const forgotten = ({ messages, diary }: Evidence): string[] => {
  const keys = new Set(messages.map(({ broadcastId, contactId }) => `${broadcastId} ${contactId}`))
  const receipts = new Set(messages.flatMap(({ template, props }) => (template === 'receipt' ? [String(props.order)] : [])))
  const greeted = new Set(messages.flatMap(({ template, contactId }) => (template === 'hello' ? [contactId] : [])))
  return [
    ...diary.broadcasts.flatMap((id) =>
      diary.contacts.flatMap((contact) => (keys.has(`${id} ${contact}`) ? [] : [`${contact} was forgotten in broadcast ${id}`])),
    ),
    ...diary.orders.flatMap((order) => (receipts.has(order) ? [] : [`order ${order} has no receipt`])),
    ...[...diary.brochures].flatMap((contact) => (greeted.has(contact) ? [] : [`${contact} never entered the scenario`])),
  ]
}
