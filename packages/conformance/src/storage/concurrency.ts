import type { Storage } from '@tobiishi/core/ports'
import { aBroadcast, aContact, anEnrolment, anEvent, aQueueEntry, aScenarioVersion, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { onTwo } from './on-two.ts'
import { claimAt, doneOf, markAt, minute, oneMail, queueMails } from './queue-world.ts'

export const concurrencyCases: Capability = ({ test, expect }) => {
  const two = onTwo(test)

  two('what one connection committed, the other sees', async ({ run }, second) => {
    await run((tx) => tx.contacts.ensure([aContact({ id: 'c1' })], start))
    expect(await second.read((reader) => reader.contacts.count())).toBe(1)
    expect(await second.schemaState()).toBe('ready')
  })

  two('two claimers share the queue: each mail goes to one', async ({ storage, run }, second) => {
    const mails = Array.from({ length: 60 }, (_, n) => oneMail({ id: `m${n}`, contactId: `c${n}` }))
    await run((tx) => queueMails(tx, mails))
    const claimer = async (connection: Storage<unknown>, owner: string): Promise<string[]> => {
      const mine: string[] = []
      for (;;) {
        const claims = await connection.transaction((tx) => claimAt(tx, start, { limit: 7, owner }))
        if (claims.length === 0) return mine
        mine.push(...claims.map((claim) => claim.message.id))
      }
    }
    const taken = (await Promise.all([claimer(storage, 'w1'), claimer(second, 'w2')])).flat()
    // A claimer may stop early while the other still holds rows in an open transaction; what is left is free.
    taken.push(...(await claimer(storage, 'w3')))
    expect(taken.length).toBe(60)
    expect(new Set(taken).size).toBe(60)
  })

  two('the same idempotency key queued twice at once is one mail', async ({ storage, run, read }, second) => {
    await run((tx) => queueMails(tx, [oneMail()]))
    const enqueue = (connection: Storage<unknown>, id: string) =>
      connection.transaction(function* (tx) {
        const { message } = oneMail({ id, idemKey: 'same' })
        return yield* tx.messages.enqueue([{ message, queue: aQueueEntry(message) }])
      })
    const added = await Promise.all([enqueue(storage, 'x1'), enqueue(second, 'x2')])
    expect(added.toSorted()).toEqual([0, 1])
    expect(await read((reader) => reader.queue.depth())).toBe(2)
  })

  two('the same contact, event, entry, broadcast or stamp written twice at once is one', async ({ storage, run }, second) => {
    await run((tx) => tx.scenarios.publish(aScenarioVersion()))
    const write = (connection: Storage<unknown>, n: number) =>
      connection.transaction(function* (tx) {
        yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
        yield* tx.contacts.lock(['c1'], { skipLocked: false })
        return {
          event: (yield* tx.events.record([anEvent({ contactId: 'c1', id: 'o1' })])).inserted.length,
          enrolment: (yield* tx.enrolments.enter([anEnrolment({ id: `e${n}`, contactId: 'c1' })])).length,
        }
      })
    const made = await Promise.all([write(storage, 1), write(second, 2)])
    expect(made.map((one) => one.event).toSorted()).toEqual([0, 1])
    expect(made.map((one) => one.enrolment).toSorted()).toEqual([0, 1])
    const create = (connection: Storage<unknown>) =>
      connection.transaction((tx) => tx.broadcasts.create(aBroadcast({ id: 'b1' })))
    expect((await Promise.all([create(storage), create(second)])).toSorted()).toEqual([false, true])
    const stampWith = (connection: Storage<unknown>, installationId: string) =>
      connection.transaction((tx) =>
        tx.schema.setStamp({ installationId, baseUrl: 'https://example.jp', environment: 'test', addressKeyCheck: 'x' }),
      )
    const [a, b] = await Promise.all([stampWith(storage, 'i1'), stampWith(second, 'i2')])
    expect(a).toEqual(b)
  })

  two('two workers that want the one lease: one gets it', async ({ storage }, second) => {
    const lease = (connection: Storage<unknown>, owner: string) =>
      connection.transaction((tx) => tx.schema.leaseWorker({ owner, now: start, until: start + minute }))
    expect((await Promise.all([lease(storage, 'a'), lease(second, 'b')])).toSorted()).toEqual([false, true])
  })

  two('two contacts that want the same address at once: one gets it', async ({ storage, run, read }, second) => {
    await run((tx) => tx.contacts.ensure([aContact({ id: 'c1' }), aContact({ id: 'c2' })], start))
    const take = (connection: Storage<unknown>, id: string) =>
      connection.transaction(function* (tx) {
        yield* tx.contacts.lock([id], { skipLocked: false })
        return (yield* tx.contacts.save([aContact({ id, email: 'a@example.jp', emailKey: 'a@example.jp' })])).addressTaken
      })
    const refused = (await Promise.all([take(storage, 'c1'), take(second, 'c2')])).flat()
    const holders = await read((reader) => reader.contacts.findByEmailKeys(['a@example.jp']))
    expect([...refused, ...holders.map((row) => row.id)].toSorted()).toEqual(['c1', 'c2'])
  })

  two('a finish that races with the reaper wins in the end, whoever came first', async ({ storage, run, read }, second) => {
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) {
      await run((tx) => queueMails(tx, [oneMail({ id })]))
      const claims = await run((tx) => claimAt(tx, start))
      await run((tx) => markAt(tx, claims, start))
      const [finished] = await Promise.all([
        storage.transaction((tx) => tx.queue.finish([doneOf({ messageId: id, token: 1 })], start + minute)),
        second.transaction((tx) => tx.queue.reap({ now: start + minute, limit: 9 })),
      ])
      expect(finished).toEqual([true])
      expect((await read((reader) => reader.messages.get([id])))[0]?.state).toBe('sent')
    }
    expect(await read((reader) => reader.queue.depth())).toBe(0)
  })

  two('a mark that races with the withdrawal of consent: marked before it, or not at all', async ({ storage, run }, second) => {
    for (let n = 0; n < 10; n++) {
      const [id, contactId] = [`m${n}`, `c${n}`]
      await run((tx) => queueMails(tx, [oneMail({ id, contactId })]))
      const claims = await run((tx) => claimAt(tx, start))
      const withdrawal = second.transaction(function* (tx) {
        yield* tx.contacts.lock([contactId], { skipLocked: false })
        yield* tx.contacts.save([aContact({ id: contactId, consentRev: 1 })])
      })
      const [[answer]] = await Promise.all([storage.transaction((tx) => markAt(tx, claims, start)), withdrawal])
      expect(['marked', 'changed', 'held'].includes(answer ?? 'missing')).toBe(true)
      const again = await run((tx) => claimAt(tx, start))
      expect(again.map((claim) => claim.contact.consentRev)).toEqual(answer === 'marked' ? [] : [1])
      await run((tx) => tx.queue.finish([doneOf({ messageId: id, token: answer === 'marked' ? 1 : 2 })], start))
    }
  })

  two('a mark that races with the drop of its mail: one of them has it', async ({ storage, run, read }, second) => {
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8']) {
      await run((tx) => queueMails(tx, [oneMail({ id, enrolmentId: null, broadcastId: id })]))
      const claims = await run((tx) => claimAt(tx, start))
      const [[answer], dropped] = await Promise.all([
        storage.transaction((tx) => markAt(tx, claims, start)),
        second.transaction((tx) => tx.messages.dropQueued({ broadcastId: id }, 'cancelled', start)),
      ])
      expect([answer, dropped]).toEqual(answer === 'marked' ? ['marked', 0] : ['lost', 1])
      const state = (await read((reader) => reader.messages.get([id])))[0]?.state
      expect(state).toBe(answer === 'marked' ? 'queued' : 'skipped')
    }
  })
}
