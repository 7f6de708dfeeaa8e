import type { StorageTransaction } from '@tobiishi/core/ports'
import {
  aBroadcast,
  aCall,
  aConsent,
  aContact,
  aConversion,
  aDeliveryEvent,
  aJob,
  aMessage,
  anAssignment,
  anEnrolment,
  anEvent,
  anInboxEntry,
  aQueueEntry,
  aScenario,
  aScenarioVersion,
  aSuppression,
  aTemplateVersion,
  aWatch,
  aWatchMember,
  start,
} from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'

export const transactionCases: Capability = ({ test, expect }) => {
  test('a throw takes back everything that was written, new rows and changed ones', async ({ storage, run, read }) => {
    await storage.append([anInboxEntry({ contactId: 'c1' })])
    await run((tx) => writeEverything(tx, '1'))
    const before = await everything({ run, read })
    const outcome = await run(function* (tx) {
      yield* changeEverything(tx)
      yield* writeEverything(tx, '2')
      throw new Error('changed my mind')
    }).catch((error: Error) => error.message)
    expect(outcome).toBe('changed my mind')
    expect(await everything({ run, read })).toEqual(before)
    expect(await run((tx) => tx.broadcasts.takeAudience('b1', 9))).toEqual(['c1'])
    await run((tx) => writeEverything(tx, '2'))
    expect(await read((reader) => reader.contacts.count())).toBe(2)
  })

  test('a transaction sees its own writes; afterwards everybody does', async ({ run, read }) => {
    const inside = await run(function* (tx) {
      yield* tx.contacts.ensure([{ id: 'c1', hash: 1, lane: 1 }], start)
      yield* tx.contacts.save([aContact({ id: 'c1', locale: 'en' })])
      return yield* tx.contacts.get(['c1'])
    })
    expect(inside.map((row) => row.locale)).toEqual(['en'])
    expect(await read((reader) => reader.contacts.get(['c1']))).toEqual(inside)
  })

  test('an error can be caught inside the work without spoiling it', async ({ run, read }) => {
    await run(function* (tx) {
      try {
        yield* tx.contacts.ensure([{ id: 'c1', hash: 1, lane: 1 }], start)
        throw new Error('a bad row')
      } catch {
        yield* tx.contacts.ensure([{ id: 'c2', hash: 1, lane: 1 }], start)
      }
    })
    expect(await read((reader) => reader.contacts.count())).toBe(2)
  })

  test('changing a row that was given back changes nothing in the storage', async ({ run, read }) => {
    const contact = aContact({ id: 'c1', attributes: { plan: 'free', tags: ['a'] } })
    await run(function* (tx) {
      yield* tx.contacts.ensure([contact], start)
      yield* tx.contacts.save([contact])
    })
    const [row] = await read((reader) => reader.contacts.get(['c1']))
    try {
      Object.assign(row?.attributes ?? {}, { plan: 'pro' })
    } catch {
      // A storage may freeze its rows; that is as good.
    }
    expect(await read((reader) => reader.contacts.get(['c1']))).toEqual([contact])
  })
}

function* writeEverything(tx: StorageTransaction, n: string) {
  const contactId = `c${n}`
  const broadcastId = `b${n}`
  yield* tx.contacts.ensure([{ id: contactId, hash: 1, lane: 1 }], start)
  yield* tx.contacts.save([aContact({ id: contactId })])
  yield* tx.consents.append([aConsent({ id: `g${n}`, contactId })])
  yield* tx.suppressions.put([aSuppression({ key: `a:${n}` })])
  yield* tx.inbox.append([anInboxEntry({ contactId, key: n })])
  yield* tx.events.record([anEvent({ contactId, id: n })])
  yield* tx.scenarios.publish(aScenarioVersion({ version: Number(n) }))
  yield* tx.templates.publish([aTemplateVersion({ hash: `h${n}` })])
  yield* tx.enrolments.enter([anEnrolment({ id: `e${n}`, contactId })])
  const message = aMessage({ id: `m${n}`, contactId })
  yield* tx.messages.enqueue([{ message, queue: aQueueEntry(message) }])
  yield* tx.messages.recordDelivery([aDeliveryEvent({ key: `d${n}`, messageId: message.id, contactId, kind: 'opened' })])
  yield* tx.messages.recordConversions([aConversion({ eventId: n, contactId, messageId: message.id })])
  yield* tx.broadcasts.create(aBroadcast({ id: broadcastId }))
  yield* tx.broadcasts.freeze(broadcastId, { tree: { kind: 'everyone' }, now: start, today: '2026-01-05' })
  yield* tx.watches.add([aWatch({ key: n })])
  yield* tx.watches.put([aWatchMember({ key: n, contactId, nextAt: start })])
  yield* tx.calls.enqueue([aCall({ enrolmentId: `e${n}`, contactId })])
  yield* tx.assignments.put([anAssignment({ contactId })])
  yield* tx.jobs.create(aJob({ id: `j${n}` }))
  yield* tx.schema.leaseWorker({ owner: n, now: start, until: start + 1 })
}

function* changeEverything(tx: StorageTransaction) {
  yield* tx.contacts.save([aContact({ id: 'c1', email: null, emailKey: null, consentRev: 9 })])
  yield* tx.suppressions.put([aSuppression({ key: 'a:1', scope: 'all' })])
  yield* tx.inbox.remove((yield* tx.inbox.load(['c1'], 1)).map((row) => row.id))
  yield* tx.inbox.fail(
    (yield* tx.inbox.load(['c1'], 1)).map((row) => row.id),
    'broken',
  )
  yield* tx.scenarios.save(aScenario({ state: 'paused' }))
  yield* tx.enrolments.save([anEnrolment({ id: 'e1', contactId: 'c1', state: 'exited', wakeAt: null, rev: 1 })])
  const options = { now: start, limit: 9, leaseUntil: start + 60_000, owner: 'w' }
  const claims = yield* tx.queue.claim(options)
  yield* tx.queue.mark(
    claims.map((claim) => ({
      ...{ messageId: claim.message.id, contactId: 'c1', token: claim.token, consentRev: 9 },
      caps: [{ cap: 'daily', bucket: '2026-01-05', limit: 1 }],
    })),
    options,
  )
  yield* tx.messages.recordDelivery([
    aDeliveryEvent({ key: 'other', messageId: 'm1', contactId: 'c1', kind: 'clicked', occurredAt: start - 5 }),
  ])
  yield* tx.broadcasts.takeAudience('b1', 1)
  yield* tx.broadcasts.save(aBroadcast({ id: 'b1', state: 'cancelled' }))
  yield* tx.suppressions.remove(['a:1'])
  yield* tx.watches.remove('1')
  yield* tx.calls.claim({ now: start, limit: 9, leaseMargin: 0, handlers: ['crm'] })
  yield* tx.calls.finish([{ idemKey: 'e1:1', token: 1, outcome: 'dead', runAt: start, error: 'broken' }])
  yield* tx.assignments.move('c1', 'c9')
  yield* tx.jobs.save(aJob({ id: 'j1', state: 'done', finishedAt: start }))
  yield* tx.consents.move('c1', 'c9')
  yield* tx.events.erase('c1')
  yield* tx.enrolments.move('c1', 'c9')
  yield* tx.messages.erase('c1', 'alias', start)
  yield* tx.contacts.remove('c1')
}

const everything = async ({ run, read }: Pick<World, 'run' | 'read'>) => ({
  contacts: await read((reader) => reader.contacts.page({ after: null, limit: 99 })),
  addresses: await read((reader) => reader.contacts.findByEmailKeys(['c1@example.jp', 'c2@example.jp'])),
  ledger: await read((reader) => reader.consents.ledger('c1')),
  suppressions: await read((reader) => reader.suppressions.find(['a:1', 'a:2'])),
  failed: await read((reader) => reader.inbox.failed({ limit: 9 })),
  inbox: await run((tx) => tx.inbox.load(['c1', 'c2'], 9)),
  events: await read((reader) => reader.events.count()),
  scenarios: await read((reader) => reader.scenarios.all()),
  versions: await read((reader) => reader.scenarios.versions()),
  templates: await read((reader) => reader.templates.versions(['h1', 'h2'])),
  enrolments: await read((reader) => reader.enrolments.ofContact('c1')),
  messages: await read((reader) => reader.messages.get(['m1', 'm2'])),
  recent: await read((reader) => reader.messages.recentEvents('m1', { since: 0, limit: 9 })),
  depth: await read((reader) => reader.queue.depth()),
  watches: await read((reader) => reader.watches.all()),
  members: await read((reader) => reader.watches.members(['1', '2'], ['c1', 'c2'])),
  calls: await read((reader) => reader.calls.count()),
  dead: await read((reader) => reader.calls.dead({ limit: 9 })),
  assignments: await read((reader) => reader.assignments.get(['subject'], ['c1', 'c2', 'c9'])),
  jobs: await read((reader) => reader.jobs.ofScenario('welcome')),
  caps: await read((reader) => reader.queue.capsUsed([{ contactId: 'c1', cap: 'daily', bucket: '2026-01-05' }])),
  broadcasts: await read((reader) => reader.broadcasts.all()),
  counts: await read((reader) => reader.reports.counts({})),
  nextDueAt: await run((tx) => tx.schema.nextDueAt(start - 1_000_000)),
})
