import type { Step, StorageTransaction } from '@tobiishi/core/ports'
import {
  aBroadcast,
  aCall,
  aContact,
  aJob,
  anEnrolment,
  anInboxEntry,
  aScenario,
  aScenarioVersion,
  aWatch,
  start,
} from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { claimAt, markAt, oneMail, queueMails } from './queue-world.ts'
import { whileHeld } from './while-held.ts'

const takeTurns = 'this storage runs one transaction after the other'

export const lockCases: Capability = ({ test, expect }) => {
  /** States what a second connection is answered while the first holds `hold`: never by waiting. */
  const whileHolding = <T>(
    name: string,
    {
      given,
      hold,
      meanwhile,
      expected,
    }: {
      readonly given: (world: World) => Promise<void>
      readonly hold: (tx: StorageTransaction) => Step<unknown>
      readonly meanwhile: (second: World['storage']) => Promise<T>
      readonly expected: (answer: T, world: World) => Promise<void> | void
    },
  ): void =>
    test(name, async (world) => {
      if (world.under.second === undefined) return world.skip('no second connection to the same rows was given')
      await given(world)
      const second = await world.under.second()
      const { answer, order } = await whileHeld(world.storage, hold, () => meanwhile(second))
      if (order === 'one-by-one') return world.skip(takeTurns)
      expect(order).toBe('overlapped')
      await expected(answer, world)
    })

  const twoContacts = ({ run }: World) => run((tx) => tx.contacts.ensure([aContact({ id: 'c1' }), aContact({ id: 'c2' })], start))
  const holdFirst = (tx: StorageTransaction) => tx.contacts.lock(['c1'], { skipLocked: false })

  whileHolding('a contact held by another is left out when locked ones are skipped', {
    given: twoContacts,
    hold: holdFirst,
    meanwhile: (second) => second.transaction((tx) => tx.contacts.lock(['c1', 'c2'], { skipLocked: true })),
    expected: (rows) => expect(rows.map((row) => row.id)).toEqual(['c2']),
  })

  whileHolding('an inbox entry is appended while its contact is held: append takes no other lock', {
    given: twoContacts,
    hold: holdFirst,
    meanwhile: (second) => second.append([anInboxEntry({ contactId: 'c1' })]),
    expected: async (_, { read }) => expect(await read((reader) => reader.inbox.waiting({ limit: 9 }))).toEqual(['c1']),
  })

  whileHolding('what is not committed yet is not read', {
    given: twoContacts,
    hold: (tx) => tx.contacts.save([aContact({ id: 'c1', locale: 'en' })]),
    meanwhile: (second) => second.read((reader) => reader.contacts.get(['c1'])),
    expected: async ([row], { read }) => {
      expect(row?.locale).toBe(null)
      expect((await read((reader) => reader.contacts.get(['c1'])))[0]?.locale).toBe('en')
    },
  })

  whileHolding('mail claimed in an open transaction is passed over by another claimer', {
    given: ({ run }) =>
      run(function* (tx) {
        yield* queueMails(tx, [oneMail(), oneMail({ id: 'm2', contactId: 'c2' })])
      }),
    hold: (tx) => claimAt(tx, start, { limit: 1 }),
    meanwhile: (second) => second.transaction((tx) => claimAt(tx, start, { owner: 'w2' })),
    expected: (claims) => expect(claims.map((claim) => claim.message.id)).toEqual(['m2']),
  })

  whileHolding('a mail whose contact is held by another is not marked but held; the others of the chunk are marked', {
    given: ({ run }) =>
      run(function* (tx) {
        yield* queueMails(tx, [oneMail(), oneMail({ id: 'm2', contactId: 'c2' })])
      }),
    hold: holdFirst,
    meanwhile: (second) =>
      second.transaction(function* (tx) {
        return yield* markAt(tx, yield* claimAt(tx, start), start)
      }),
    expected: async (answers, { run }) => {
      expect(answers).toEqual(['held', 'marked'])
      const again = await run((tx) => claimAt(tx, start))
      expect(again.map((claim) => [claim.message.id, claim.token])).toEqual([['m1', 2]])
    },
  })

  const ends = aJob({ id: 'j1', kind: 'exit', spec: { reason: 'stopped', below: null } })
  const ofScenario = { scenario: 'welcome', scenarioVersion: 1, stepId: 'hello', enrolmentId: 'e1' }
  const twoMails = ({ run }: World) =>
    run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
      yield* tx.enrolments.enter([anEnrolment({ id: 'e1', contactId: 'c1' })])
      yield* queueMails(tx, [oneMail(ofScenario), oneMail({ ...ofScenario, id: 'm2', idemKey: 'e1:2' })])
    })
  function* markOne(tx: StorageTransaction) {
    return yield* markAt(tx, yield* claimAt(tx, start, { limit: 1 }), start)
  }

  for (const [name, end, answer] of [
    ['the end of a scenario', (tx: StorageTransaction): Step<unknown> => tx.jobs.create(ends), 'ended'],
    ['its pause', (tx: StorageTransaction): Step<unknown> => tx.scenarios.save(aScenario({ state: 'paused' })), undefined],
  ] as const) {
    test(`${name} waits for a mark that is under way`, async (world) => {
      if (world.under.second === undefined) return world.skip('no second connection to the same rows was given')
      await twoMails(world)
      const second = await world.under.second()
      const { order } = await whileHeld(world.storage, markOne, () => second.transaction(end))
      if (order === 'one-by-one') return world.skip(takeTurns)
      expect(order).toBe('waited')
      expect(await world.run(markOne)).toEqual(answer === undefined ? [] : [answer])
    })

    test(`a mark waits for ${name} that is under way, and sees it`, async (world) => {
      if (world.under.second === undefined) return world.skip('no second connection to the same rows was given')
      await twoMails(world)
      const second = await world.under.second()
      const { order, answer: marks } = await whileHeld(world.storage, end, () => second.transaction(markOne))
      if (order === 'one-by-one') return world.skip(takeTurns)
      expect(order).toBe('waited')
      expect(marks).toEqual([answer ?? 'changed'])
    })
  }

  whileHolding('a broadcast held by another is left alone when locked ones are skipped', {
    given: async ({ run }) => {
      await run((tx) => tx.broadcasts.create(aBroadcast({ id: 'b1' })))
    },
    hold: (tx) => tx.broadcasts.lock('b1', { skipLocked: false }),
    meanwhile: (second) => second.transaction((tx) => tx.broadcasts.lock('b1', { skipLocked: true })),
    expected: (row) => expect(row).toBe(null),
  })

  whileHolding('a job held by another is left alone when locked ones are skipped', {
    given: async ({ run }) => {
      await run((tx) => tx.jobs.create(aJob({ id: 'j1' })))
    },
    hold: (tx) => tx.jobs.lock('j1', { skipLocked: false }),
    meanwhile: (second) => second.transaction((tx) => tx.jobs.lock('j1', { skipLocked: true })),
    expected: (row) => expect(row).toBe(null),
  })

  whileHolding('a watch held by another is left alone when locked ones are skipped', {
    given: ({ run }) => run((tx) => tx.watches.add([aWatch()])),
    hold: (tx) => tx.watches.lock('segment:1', { skipLocked: false }),
    meanwhile: (second) => second.transaction((tx) => tx.watches.lock('segment:1', { skipLocked: true })),
    expected: (row) => expect(row).toBe(null),
  })

  whileHolding('a call claimed in an open transaction is passed over by another claimer', {
    given: ({ run }) => run((tx) => tx.calls.enqueue([aCall(), aCall({ stepSeq: 2, runAt: start + 1 })])),
    hold: (tx) => claimCalls(tx, 1),
    meanwhile: (second) => second.transaction((tx) => claimCalls(tx, 9)),
    expected: (claims) => expect(claims.map((call) => call.idemKey)).toEqual(['e1:2']),
  })
}

const claimCalls = (tx: StorageTransaction, limit: number) =>
  tx.calls.claim({ now: start + 1, limit, leaseMargin: 5_000, handlers: ['crm'] })
