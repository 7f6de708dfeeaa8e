import type { OwnWork } from '@tobiishi/core/ports'
import {
  aBroadcast,
  aCall,
  aJob,
  anEnrolment,
  anInboxEntry,
  aScenario,
  aScenarioVersion,
  aWatch,
  aWatchMember,
  start,
} from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { claimAt, markAt, minute, oneMail, queueMails, retryOf } from './queue-world.ts'

export const schemaCases: Capability = ({ test, expect }) => {
  test('migrate can be called again, and at the same time', async ({ storage }) => {
    const [a, b] = await Promise.all([storage.migrate(), storage.migrate()])
    expect([a.from, b.from]).toEqual([a.to, b.to])
    expect(await storage.schemaState()).toBe('ready')
    expect(typeof storage.migrationSql()).toBe('string')
  })

  test('the first stamp stays', async ({ run }) => {
    const stamp = { installationId: 'i1', baseUrl: 'https://example.jp/mail', environment: 'production', addressKeyCheck: 'x' }
    expect(await run((tx) => tx.schema.stamp())).toBe(null)
    expect(await run((tx) => tx.schema.setStamp(stamp))).toEqual(stamp)
    expect(await run((tx) => tx.schema.setStamp({ ...stamp, installationId: 'i2' }))).toEqual(stamp)
    expect(await run((tx) => tx.schema.stamp())).toEqual(stamp)
  })

  test('the worker lease belongs to one, can be prolonged, is free when over or released', async ({ run }) => {
    const lease = (owner: string, now: number, until: number) =>
      run((tx) => tx.schema.leaseWorker({ owner, now: start + now, until: start + until }))
    expect(await lease('a', 0, 10)).toBe(true)
    expect(await lease('b', 9, 99)).toBe(false)
    expect(await lease('a', 9, 20)).toBe(true)
    expect(await lease('b', 10, 99)).toBe(false)
    expect(await lease('b', 20, 30)).toBe(true)
    await run((tx) => tx.schema.releaseWorker('a'))
    expect(await lease('a', 21, 99)).toBe(false)
    await run((tx) => tx.schema.releaseWorker('b'))
    expect(await lease('a', 21, 99)).toBe(true)
  })
}

export const nextDueCases: Capability = ({ test, expect }) => {
  const hour = 60 * minute

  test('nothing waits: null', async ({ run }) => {
    expect(await run((tx) => tx.schema.nextDueAt(start))).toBe(null)
  })

  test('an inbox entry is due at once; one that failed is not', async ({ storage, run }) => {
    await storage.append([anInboxEntry({ contactId: 'c1', receivedAt: start - hour })])
    expect(await run((tx) => tx.schema.nextDueAt(start))).toBe(start)
    await run(function* (tx) {
      yield* tx.inbox.fail(
        (yield* tx.inbox.load(['c1'], 9)).map((row) => row.id),
        'broken',
      )
    })
    expect(await run((tx) => tx.schema.nextDueAt(start))).toBe(null)
  })

  test('an enrolment is due when it wakes, unless its scenario is paused', async ({ run }) => {
    await run(function* (tx) {
      yield* tx.contacts.ensure([{ id: 'c1', hash: 1, lane: 1 }], start)
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.enrolments.enter([
        anEnrolment({ id: 'e1', contactId: 'c1', wakeAt: start + hour }),
        anEnrolment({ id: 'e2', contactId: 'c1', entryKey: 'x', wakeAt: null, state: 'completed' }),
      ])
    })
    const due = (now: number) => run((tx) => tx.schema.nextDueAt(now))
    expect(await due(start)).toBe(start + hour)
    expect(await due(start + 2 * hour)).toBe(start + 2 * hour)
    await run((tx) => tx.scenarios.save(aScenario({ state: 'paused' })))
    expect(await due(start)).toBe(null)
  })

  test('queued mail is due at its time, when its lease is over, or when its call must be reaped', async ({ run }) => {
    await run((tx) => queueMails(tx, [oneMail({}, { runAt: start + hour })]))
    const due = (now: number) => run((tx) => tx.schema.nextDueAt(now))
    expect(await due(start)).toBe(start + hour)
    const claims = await run((tx) => claimAt(tx, start + hour))
    expect(await due(start + hour)).toBe(start + hour + minute)
    await run((tx) => markAt(tx, claims, start + hour + 5))
    expect(await due(start + hour + 5)).toBe(start + hour + 5 + minute)
    await run((tx) => tx.queue.finish([retryOf({ messageId: 'm1', token: 1 }, start + 9 * hour)], start + hour + 6))
    expect(await due(start + hour + 6)).toBe(start + 9 * hour)
  })

  test('mail of a paused scenario is not due; a call of it is still reaped', async ({ run }) => {
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* queueMails(tx, [oneMail({ scenario: 'welcome' }), oneMail({ id: 'm2', scenario: 'welcome' })])
    })
    const claims = await run((tx) => claimAt(tx, start, { limit: 1 }))
    await run((tx) => markAt(tx, claims, start))
    await run((tx) => tx.scenarios.save(aScenario({ state: 'paused' })))
    expect(await run((tx) => tx.schema.nextDueAt(start))).toBe(start + minute)
  })

  test('a broadcast is due at its time, or at once while it is expanding', async ({ run }) => {
    await run((tx) => tx.broadcasts.create(aBroadcast({ id: 'b1', at: start + hour })))
    const due = () => run((tx) => tx.schema.nextDueAt(start))
    expect(await due()).toBe(start + hour)
    await run((tx) => tx.broadcasts.save(aBroadcast({ id: 'b1', at: start + hour, state: 'expanding' })))
    expect(await due()).toBe(start)
    await run((tx) => tx.broadcasts.save(aBroadcast({ id: 'b1', at: start + hour, state: 'sending' })))
    expect(await due()).toBe(null)
  })

  test('a call is due at its time, or when its lease is over; not where it is dead or its scenario is paused', async ({
    run,
  }) => {
    const due = () => run((tx) => tx.schema.nextDueAt(start))
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.calls.enqueue([aCall({ runAt: start + hour })])
    })
    expect(await due()).toBe(start + hour)
    const options = { now: start + hour, limit: 1, leaseMargin: 5_000, handlers: ['crm'] }
    const [call] = await run((tx) => tx.calls.claim(options))
    expect(await due()).toBe(start + hour + 15_000)
    await run((tx) => tx.scenarios.save(aScenario({ state: 'paused' })))
    expect(await due()).toBe(null)
    await run(function* (tx) {
      yield* tx.scenarios.save(aScenario())
      const ending = { idemKey: 'e1:1', token: call?.token ?? 0, runAt: start + hour, error: 'gone' }
      yield* tx.calls.finish([{ ...ending, outcome: 'dead' }])
    })
    expect(await due()).toBe(null)
  })

  test('a call of a paused scenario does not hide the next one', async ({ run }) => {
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.scenarios.save(aScenario({ state: 'paused' }))
      yield* tx.calls.enqueue([aCall(), aCall({ enrolmentId: 'e2', scenario: 'nurture', runAt: start + hour })])
    })
    expect(await run((tx) => tx.schema.nextDueAt(start))).toBe(start + hour)
  })

  test('a job is due at its time as long as it runs', async ({ run }) => {
    const due = () => run((tx) => tx.schema.nextDueAt(start))
    await run((tx) => tx.jobs.create(aJob({ id: 'j1', runAt: start + hour })))
    expect(await due()).toBe(start + hour)
    await run((tx) => tx.jobs.save(aJob({ id: 'j1', runAt: start - hour })))
    expect(await due()).toBe(start)
    await run((tx) => tx.jobs.save(aJob({ id: 'j1', state: 'done', finishedAt: start })))
    expect(await due()).toBe(null)
    await run((tx) => tx.jobs.save(aJob({ id: 'j1', state: 'cancelled', finishedAt: start })))
    expect(await due()).toBe(null)
  })

  test('a watch that fills is due at once, one that is ready when time alone changes something', async ({ run }) => {
    const due = () => run((tx) => tx.schema.nextDueAt(start))
    await run((tx) => tx.watches.add([aWatch({ state: 'filling' })]))
    expect(await due()).toBe(start)
    await run((tx) => tx.watches.save(aWatch()))
    expect(await due()).toBe(null)
    await run((tx) =>
      tx.watches.put([
        aWatchMember({ contactId: 'c1' }),
        aWatchMember({ contactId: 'c2', nextAt: start + 2 * hour }),
        aWatchMember({ contactId: 'c3', nextAt: start + hour }),
      ]),
    )
    expect(await due()).toBe(start + hour)
    await run((tx) => tx.watches.erase('c3'))
    expect(await due()).toBe(start + 2 * hour)
    await run((tx) => tx.watches.remove('segment:1'))
    expect(await due()).toBe(null)
  })

  test('what a process leaves to others is not due for it', async ({ run }) => {
    const none: OwnWork = { formats: [1, 2], foreign: [], watches: [], handlers: [] }
    const due = (own: Partial<OwnWork>) => run((tx) => tx.schema.nextDueAt(start, { ...none, ...own }))
    await run((tx) => tx.watches.add([aWatch({ state: 'filling' })]))
    expect([await due({}), await due({ watches: null }), await due({ watches: ['segment:1'] })]).toEqual([null, start, start])
    await run(function* (tx) {
      yield* tx.watches.save(aWatch())
      yield* tx.watches.put([aWatchMember({ contactId: 'c1', nextAt: start + 3 * hour })])
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.calls.enqueue([aCall({ runAt: start + hour })])
      yield* tx.enrolments.enter([anEnrolment({ id: 'e1', contactId: 'c1', wakeAt: start + 2 * hour })])
    })
    const all = { watches: ['segment:1'], handlers: ['crm'] }
    const foreign = [{ scenario: 'welcome', version: 1 }]
    expect(await due(all)).toBe(start + hour)
    expect(await due({ ...all, handlers: ['other'] })).toBe(start + 2 * hour)
    expect(await due({ ...all, handlers: [], foreign })).toBe(start + 3 * hour)
    expect(await due({ ...all, handlers: [], formats: [] })).toBe(start + 3 * hour)
    expect(await due({ watches: ['segment:2'], foreign })).toBe(null)
    expect(await run((tx) => tx.schema.nextDueAt(start + 9 * hour, { ...none, ...all, foreign }))).toBe(start + 9 * hour)
  })

  test('the earliest of all counts', async ({ run }) => {
    await run(function* (tx) {
      yield* tx.broadcasts.create(aBroadcast({ id: 'b1', at: start + 3 * hour }))
      yield* queueMails(tx, [oneMail({}, { runAt: start + 2 * hour })])
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.enrolments.enter([anEnrolment({ id: 'e1', contactId: 'c1', wakeAt: start + 4 * hour })])
    })
    expect(await run((tx) => tx.schema.nextDueAt(start))).toBe(start + 2 * hour)
  })
}
