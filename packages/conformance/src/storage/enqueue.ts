import { aContact, aMessage, aQueueEntry, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { claimAt, markAt, oneMail, queueMails } from './queue-world.ts'

export const enqueueCases: Capability = ({ test, expect }) => {
  test('a message is queued once: an idempotency key that is there is left alone with its queue row', async ({ run, read }) => {
    const mail = oneMail({ props: { brochure: 'A「①」' }, scenario: 'welcome', scenarioVersion: 3, stepId: 'hello' })
    expect(await run((tx) => queueMails(tx, [mail]))).toBe(1)
    const repeat = aMessage({ ...mail.message, id: 'm2', template: 'other', plannedAt: start + 5 })
    expect(await run((tx) => tx.messages.enqueue([{ message: repeat, queue: aQueueEntry(repeat) }]))).toBe(0)
    expect(await read((reader) => reader.queue.depth())).toBe(1)
    const [stored] = await read((reader) => reader.messages.get(['m1', 'm2']))
    expect(stored).toMatchObject(mail.message)
    expect((await read((reader) => reader.messages.ofContact('c1', { limit: 9 }))).map((row) => row.id)).toEqual(['m1'])
  })

  test('a repeat within one call is one message', async ({ run, read }) => {
    const mails = [oneMail(), oneMail({ id: 'm2', idemKey: 'key-m1' }), oneMail({ id: 'm3' })]
    expect(await run((tx) => queueMails(tx, mails))).toBe(2)
    expect(await read((reader) => reader.queue.depth())).toBe(2)
  })

  test('the key of a mail that was sent is still taken', async ({ run, read }) => {
    await run((tx) => queueMails(tx, [oneMail()]))
    await run(function* (tx) {
      const [claim] = yield* claimAt(tx, start)
      const request = { messageId: 'm1', token: claim?.token ?? 0, templateHash: null, providerId: null, answer: null }
      yield* tx.queue.finish([{ kind: 'done', state: 'sent', reason: null, ...request }], start)
    })
    expect(await run((tx) => queueMails(tx, [oneMail({ id: 'm2', idemKey: 'key-m1' })]))).toBe(0)
    expect(await read((reader) => reader.queue.depth())).toBe(0)
  })

  test('a message that is not queued gets no queue row', async ({ run, read }) => {
    const skipped = aMessage({ id: 'm1', contactId: 'c1', state: 'skipped', reason: 'late', finishedAt: start })
    await run(function* (tx) {
      yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
      yield* tx.messages.enqueue([{ message: skipped, queue: null }])
    })
    expect(await read((reader) => reader.queue.depth())).toBe(0)
    expect((await read((reader) => reader.messages.get(['m1'])))[0]).toMatchObject(skipped)
  })

  test("a contact's messages are listed newest first", async ({ run, read }) => {
    const mail = (id: string, createdAt: number) => oneMail({ id, createdAt: start + createdAt })
    await run((tx) => queueMails(tx, [mail('m1', 5), mail('m2', 9), mail('m3', 1), oneMail({ id: 'x', contactId: 'c2' })]))
    const ids = async (limit: number) => (await read((reader) => reader.messages.ofContact('c1', { limit }))).map((row) => row.id)
    expect(await ids(9)).toEqual(['m2', 'm1', 'm3'])
    expect(await ids(1)).toEqual(['m2'])
  })

  test('dropQueued skips unmarked mail of the enrolments, claimed or not', async ({ run, read }) => {
    const mail = (id: string, enrolmentId: string | null) => oneMail({ id, contactId: `c-${id}`, enrolmentId })
    await run((tx) => queueMails(tx, [mail('claimed', 'e1')]))
    await run((tx) => claimAt(tx, start))
    await run((tx) => queueMails(tx, [mail('waiting', 'e1'), mail('second', 'e2'), mail('other', 'e3'), mail('none', null)]))
    expect(await run((tx) => tx.messages.dropQueued({ enrolmentIds: ['e1', 'e2'] }, 'exited', start + 7))).toBe(3)
    const rows = await read((reader) => reader.messages.get(['claimed', 'waiting', 'second', 'other', 'none']))
    expect(rows.map(({ id, state, reason, finishedAt }) => [id, state, reason, finishedAt]).toSorted()).toEqual([
      ['claimed', 'skipped', 'exited', start + 7],
      ['none', 'queued', null, null],
      ['other', 'queued', null, null],
      ['second', 'skipped', 'exited', start + 7],
      ['waiting', 'skipped', 'exited', start + 7],
    ])
    expect(await read((reader) => reader.queue.depth())).toBe(2)
    expect(await run((tx) => tx.messages.dropQueued({ enrolmentIds: [] }, 'exited', start))).toBe(0)
  })

  test('dropping a broadcast leaves its marked mail to finish; the claim of what was dropped is lost', async ({ run, read }) => {
    const mail = (id: string) => oneMail({ id, contactId: `c-${id}`, broadcastId: 'b1' }, { class: 2 })
    await run((tx) => queueMails(tx, [mail('m1'), mail('m2'), oneMail({ id: 'm3' })]))
    const claims = await run((tx) => claimAt(tx, start))
    const of = (id: string) => claims.filter((claim) => claim.message.id === id)
    expect(await run((tx) => markAt(tx, of('m1'), start))).toEqual(['marked'])
    expect(await run((tx) => tx.messages.dropQueued({ broadcastId: 'b1' }, 'cancelled', start))).toBe(1)
    expect(await run((tx) => markAt(tx, of('m2'), start))).toEqual(['lost'])
    const rows = await read((reader) => reader.messages.get(['m1', 'm2', 'm3']))
    expect(rows.map((row) => [row.id, row.state, row.reason]).toSorted()).toEqual([
      ['m1', 'queued', null],
      ['m2', 'skipped', 'cancelled'],
      ['m3', 'queued', null],
    ])
  })
}
