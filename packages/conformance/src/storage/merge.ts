import type { Step, StorageTransaction } from '@tobiishi/core/ports'
import { aContact, start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { daily, everythingOf, writePerson } from './person.ts'
import { claimAt, doneOf, markOf, minute, oneMail, queueMails } from './queue-world.ts'

const from = 'person-1'
const into = 'person-2'
const mails = ['claimed', 'marked', 'sent'].map((name) => `${from}-${name}`)

/** Everything of `from` becomes that of `into`, as the engine does it. */
function* merge(tx: StorageTransaction): Step<void> {
  yield* tx.contacts.lock([from, into], { skipLocked: false })
  yield* tx.consents.move(from, into)
  yield* tx.inbox.move(from, into)
  yield* tx.events.move(from, into)
  yield* tx.enrolments.move(from, into)
  yield* tx.messages.move(from, { id: into, lane: 9 })
  yield* tx.calls.move(from, into)
  yield* tx.assignments.move(from, into)
  yield* tx.watches.erase(from)
  yield* tx.contacts.remove(from)
}

const capsOf = async ({ read }: Pick<World, 'read'>) =>
  (await read((reader) => reader.queue.capsUsed([from, into].map((contactId) => ({ contactId, ...daily }))))).map(
    (row) => `${row.contactId} ${row.used}`,
  )

export const mergeCases: Capability = ({ test, expect }) => {
  test('after a merge no reader knows the contact that went, and nothing of it is lost', async (world) => {
    await world.run((tx) => writePerson(tx, from))
    await world.run((tx) => writePerson(tx, into))
    await world.run(merge)
    const told = await everythingOf(world, [from, into], mails)
    const owners = JSON.stringify(told).match(/"contactId":"[^"]*"/g) ?? []
    expect([...new Set(owners)]).toEqual([`"contactId":"${into}"`])
    expect(await world.read((reader) => reader.contacts.get([from]))).toEqual([])
    expect(await world.read((reader) => reader.enrolments.due({ now: start + 1e9, limit: 9, formats: [2] }))).toEqual([into])
    const { read, run } = world
    expect((await read((reader) => reader.consents.ledger(into))).length).toBe(2)
    expect((await run((tx) => tx.inbox.load([into], 9))).length).toBe(2)
    expect((await read((reader) => reader.inbox.failed({ limit: 9 }))).length).toBe(2)
    expect((await read((reader) => reader.events.ofContact(into, { limit: 9 }))).length).toBe(2)
    expect((await read((reader) => reader.enrolments.ofContact(into))).length).toBe(2)
    expect((await read((reader) => reader.messages.ofContact(into, { limit: 9 }))).length).toBe(6)
    expect(await read((reader) => reader.calls.count())).toEqual({ waiting: 2, dead: 2 })
    expect((await read((reader) => reader.assignments.get(['subject'], [into]))).length).toBe(1)
  })

  test('opens, clicks and conversions of a merged contact still count, for one contact', async (world) => {
    await world.run((tx) => writePerson(tx, from))
    await world.run((tx) => writePerson(tx, into))
    const before = await world.read((reader) => reader.reports.counts({}))
    await world.run(merge)
    const after = await world.read((reader) => reader.reports.counts({}))
    const clickers = (reader: Parameters<Parameters<World['read']>[0]>[0]) =>
      reader.reports.clickers({}, { templateHash: 'h1', link: 0 }, { after: null, limit: 9 })
    expect(after).toEqual({ ...before, registeredContacts: 1 })
    expect(await world.read(clickers)).toEqual([into])
    const span = { from: start, to: start }
    const asked = [{ contactId: into, ...span }]
    expect(await world.read((reader) => reader.messages.attributable(asked, 'click'))).toEqual([`${into}-sent`])
  })

  test('a place that the merged contact took counts for the other, and is given back there', async (world) => {
    await world.run((tx) => writePerson(tx, from))
    await world.run((tx) => writePerson(tx, into))
    expect((await capsOf(world)).toSorted()).toEqual([`${from} 2`, `${into} 2`])
    await world.run(merge)
    expect(await capsOf(world)).toEqual([`${into} 4`])
    const failed = doneOf({ messageId: `${from}-marked`, token: 1 }, { state: 'failed', reason: 'x' })
    expect(await world.run((tx) => tx.queue.finish([failed], start))).toEqual([true])
    expect(await capsOf(world)).toEqual([`${into} 3`])
  })

  test('a claim of before the merge is void; the next brings the other contact and its lane', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail({ contactId: from }), oneMail({ id: 'm2', contactId: into })]))
    const claims = await world.run((tx) => claimAt(tx, start))
    await world.run(function* (tx) {
      yield* tx.messages.move(from, { id: into, lane: 9 })
      yield* tx.contacts.remove(from)
    })
    const asked = claims.map((claim) => ({ ...markOf(claim), contactId: into }))
    const answers = await world.run((tx) => tx.queue.mark(asked, { now: start, leaseUntil: start + minute }))
    expect(answers.toSorted()).toEqual(['lost', 'marked'])
    const [again] = await world.run((tx) => claimAt(tx, start))
    expect(again).toMatchObject({
      message: { id: 'm1', contactId: into },
      contact: aContact({ id: into }),
      queue: { contactId: into, lane: 9 },
      token: 2,
      attempt: 0,
    })
  })

  test('a marked mail of a merged contact is finished as if nothing had happened', async (world) => {
    await world.run((tx) => writePerson(tx, from))
    await world.run((tx) => writePerson(tx, into))
    await world.run(merge)
    expect(await world.run((tx) => tx.queue.finish([doneOf({ messageId: `${from}-marked`, token: 1 })], start))).toEqual([true])
    const [row] = await world.read((reader) => reader.messages.get([`${from}-marked`]))
    expect([row?.state, row?.contactId]).toEqual(['sent', into])
  })
}
