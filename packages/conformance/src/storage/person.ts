import type { Step, StorageTransaction } from '@tobiishi/core/ports'
import {
  aCall,
  aConsent,
  aContact,
  aConversion,
  aDeliveryEvent,
  aMessage,
  anAssignment,
  anEnrolment,
  anEvent,
  anInboxEntry,
  aQueueEntry,
  aScenarioVersion,
  aWatch,
  aWatchMember,
  start,
} from '../fixtures/rows.ts'
import type { World } from './capability.ts'

/** Stands in every row of a person that may hold what is theirs. */
export const secret = 'Hanako'
export const daily = { cap: 'daily', bucket: '2026-01-05' } as const
const lease = { leaseUntil: start + 60_000, owner: 'w1' }

/**
 * A contact with something in every table: a waiting and a failed entry, a claimed, a marked and a sent mail, a waiting and a
 * dead call. Every id of theirs begins with `id`. Nothing is due to be claimed but what is claimed here.
 */
export function* writePerson(tx: StorageTransaction, id: string): Step<void> {
  const of = { contactId: id }
  const payload = { name: secret }
  yield* tx.contacts.ensure([{ id, hash: 1, lane: 1 }], start)
  yield* tx.contacts.save([aContact({ id, name: { given: secret }, attributes: payload })])
  yield* tx.consents.append([aConsent({ id: `${id}-g`, ...of, evidence: { source: `form:${secret}` } })])
  yield* tx.inbox.append([
    anInboxEntry({ ...of, key: 'bad', payload, occurredAt: start - 1 }),
    anInboxEntry({ ...of, key: 'good', payload, meta: { depth: 1 } }),
  ])
  const [bad] = yield* tx.inbox.load([id], 1)
  yield* tx.inbox.fail(bad === undefined ? [] : [bad.id], 'broken')
  yield* tx.events.record([anEvent({ ...of, id: `${id}-o1`, payload })])
  yield* tx.scenarios.publish(aScenarioVersion())
  yield* tx.enrolments.enter([anEnrolment({ id: `${id}-e1`, ...of, entryKey: id, event: payload })])
  yield* tx.watches.add([aWatch()])
  yield* tx.watches.put([aWatchMember({ ...of, nextAt: start })])
  yield* tx.assignments.put([anAssignment(of)])
  yield* writeCalls(tx, id)
  yield* writeMail(tx, id)
}

function* writeCalls(tx: StorageTransaction, id: string): Step<void> {
  const call = { contactId: id, enrolmentId: `${id}-e1`, handler: id, payload: { name: secret } }
  yield* tx.calls.enqueue([aCall(call)])
  const [dead] = yield* tx.calls.claim({ now: start, limit: 1, leaseMargin: 0, handlers: [id] })
  const ending = { outcome: 'dead', runAt: start, error: 'broken' } as const
  yield* tx.calls.finish(dead === undefined ? [] : [{ idemKey: dead.idemKey, token: dead.token, ...ending }])
  yield* tx.calls.enqueue([aCall({ ...call, stepSeq: 2 })])
}

function* writeMail(tx: StorageTransaction, id: string): Step<void> {
  const messages = ['claimed', 'marked', 'sent'].map((name, n) =>
    aMessage({
      ...{ id: `${id}-${name}`, contactId: id, idemKey: `b${n}:${id}`, broadcastId: `b${n}` },
      ...{ props: { name: secret }, createdAt: start + n },
    }),
  )
  yield* tx.messages.enqueue(messages.map((message) => ({ message, queue: aQueueEntry(message) })))
  const claims = yield* tx.queue.claim({ now: start, limit: 9, ...lease })
  const marks = claims
    .filter((claim) => claim.message.id !== `${id}-claimed`)
    .map((claim) => ({ messageId: claim.message.id, contactId: id, token: claim.token, consentRev: 0 }))
  const caps = [{ ...daily, limit: 9 }]
  yield* tx.queue.mark(
    marks.map((mark) => ({ ...mark, caps })),
    { now: start, ...lease },
  )
  const messageId = `${id}-sent`
  const end = { reason: null, templateHash: 'h1', providerId: 'p1', answer: { text: `${secret} accepted` } }
  yield* tx.queue.finish([{ kind: 'done', state: 'sent', messageId, token: 1, ...end }], start)
  const raw = { client: secret }
  yield* tx.messages.recordDelivery([
    aDeliveryEvent({ key: `${id}-d1`, messageId, contactId: id, kind: 'clicked', url: `https://example.jp/?${secret}`, raw }),
    aDeliveryEvent({ key: `${id}-d2`, messageId, contactId: id, kind: 'bounced', raw }),
  ])
  yield* tx.messages.recordConversions([aConversion({ eventId: `${id}-o1`, contactId: id, messageId, value: 5 })])
}

/** All that any reader tells about these contacts and about nobody in particular, and what claims bring. */
export const everythingOf = async (
  { run, read }: Pick<World, 'run' | 'read'>,
  ids: readonly string[],
  messageIds: readonly string[],
) => {
  const answers: unknown[] = [
    await read((reader) => reader.contacts.get(ids)),
    await read((reader) => reader.contacts.page({ after: null, limit: 99 })),
    await read((reader) => reader.contacts.findByEmailKeys(ids.map((id) => `${id}@example.jp`))),
    await read((reader) => reader.inbox.waiting({ limit: 99 })),
    await read((reader) => reader.inbox.failed({ limit: 99 })),
    await run((tx) => tx.inbox.load(ids, 99)),
    await read((reader) => reader.events.ofContacts(ids, { names: ['order.placed'], since: 0 })),
    await read((reader) => reader.events.page({ name: 'order.placed', since: 0, after: null, limit: 99 })),
    await read((reader) => reader.enrolments.ofContacts(ids)),
    await read((reader) => reader.enrolments.page({ scenario: 'welcome', after: null, limit: 99 })),
    await read((reader) => reader.enrolments.due({ now: start + 1e9, limit: 99, formats: [2] })),
    await read((reader) => reader.watches.members(['segment:1'], ids)),
    await read((reader) => reader.watches.due({ now: start, limit: 99, keys: ['segment:1'] })),
    await read((reader) => reader.calls.dead({ limit: 99 })),
    await run((tx) => tx.calls.claim({ now: start, limit: 99, leaseMargin: 0, handlers: [...ids] })),
    await read((reader) => reader.assignments.get(['subject'], ids)),
    await read((reader) => reader.messages.get(messageIds)),
    await read((reader) => reader.messages.waitingOf(ids)),
    await read((reader) => reader.queue.capsUsed(ids.map((contactId) => ({ contactId, ...daily })))),
    await read((reader) => reader.reports.clickers({}, { templateHash: 'h1', link: 0 }, { after: null, limit: 99 })),
    await read((reader) => reader.segments.page(everyone, { after: null, limit: 99 })),
  ]
  for (const id of ids) {
    answers.push(await read((reader) => reader.messages.ofContact(id, { limit: 99 })))
    answers.push(await read((reader) => reader.consents.ledger(id)))
  }
  for (const id of messageIds) answers.push(await read((reader) => reader.messages.recentEvents(id, { since: 0, limit: 99 })))
  return answers
}

const everyone = { tree: { kind: 'everyone' }, now: start, today: '2026-01-05' } as const
