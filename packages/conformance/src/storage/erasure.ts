import type { Step, StorageTransaction } from '@tobiishi/core/ports'
import { anEnrolment, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { daily, everythingOf, secret, writePerson } from './person.ts'
import { claimAt, doneOf, retryOf } from './queue-world.ts'

const person = 'person-1'
const alias = 'erased-9'
/** Ids of messages, enrolments and delivery events are of the engine's making and say nothing; those of this suite begin with the person's. */
const opaque = /person-1-(claimed|marked|sent|e1|d1|d2)/g
const mails = ['claimed', 'marked', 'sent'].map((name) => `${person}-${name}`)

/** Everything of the person goes, as the engine does it. */
function* erase(tx: StorageTransaction): Step<void> {
  yield* tx.contacts.lock([person], { skipLocked: false })
  yield* tx.consents.move(person, alias)
  yield* tx.inbox.erase(person)
  yield* tx.events.erase(person)
  const ended = { state: 'exited', endReason: 'erased', wakeAt: null, stepId: null, endedAt: start } as const
  yield* tx.enrolments.save([anEnrolment({ id: `${person}-e1`, contactId: person, ...ended })])
  yield* tx.enrolments.forget(person)
  yield* tx.enrolments.move(person, alias)
  yield* tx.messages.erase(person, alias, start + 7)
  yield* tx.calls.move(person, null)
  yield* tx.assignments.move(person, null)
  yield* tx.watches.erase(person)
  yield* tx.contacts.remove(person)
}

export const erasureCases: Capability = ({ test, expect }) => {
  test('after an erasure no reader knows the person; its evidence of consent is kept under the alias', async (world) => {
    await world.run((tx) => writePerson(tx, person))
    const before = JSON.stringify(await everythingOf(world, [person, alias], mails))
    expect(before.includes(secret) && before.replaceAll(opaque, '').includes(person)).toBe(true)
    await world.run(erase)
    const evidence = await world.read((reader) => reader.consents.ledger(alias))
    expect(evidence).toMatchObject([{ contactId: alias, evidence: { source: `form:${secret}` } }])
    const told = JSON.stringify(await everythingOf(world, [person, alias], mails))
    const left = told.replaceAll(JSON.stringify(evidence), '').replaceAll(opaque, '')
    expect(left.includes(person), left).toBe(false)
    expect(left.includes(secret), left).toBe(false)
  })

  test('what counts in reports stays; mail that waits is skipped', async (world) => {
    await world.run((tx) => writePerson(tx, person))
    const before = await world.read((reader) => reader.reports.counts({}))
    await world.run(erase)
    const after = await world.read((reader) => reader.reports.counts({}))
    expect(after).toEqual({ ...before, queued: before.queued - 1, skippedByReason: { 'contact-erased': 1 } })
    const [claimed, , sent] = await world.read((reader) => reader.messages.get(mails))
    expect([claimed?.state, claimed?.reason, claimed?.finishedAt]).toEqual(['skipped', 'contact-erased', start + 7])
    expect(sent).toMatchObject({ state: 'sent', contactId: alias, props: {}, answer: null, finishedAt: start })
    expect(await world.read((reader) => reader.messages.ofContact(alias, { limit: 9 }))).toMatchObject([{}, {}, {}])
    expect(await world.read((reader) => reader.queue.depth())).toBe(1)
  })

  test('a call under way is finished under the alias', async (world) => {
    await world.run((tx) => writePerson(tx, person))
    await world.run(erase)
    const done = doneOf({ messageId: `${person}-marked`, token: 1 }, { answer: { text: `550 <${secret}>` } })
    expect(await world.run((tx) => tx.queue.finish([done], start + 9))).toEqual([true])
    expect((await world.read((reader) => reader.messages.get([`${person}-marked`])))[0]?.answer).toBe(null)
    const [row] = await world.read((reader) => reader.messages.get([`${person}-marked`]))
    expect([row?.state, row?.contactId]).toEqual(['sent', alias])
    expect(await world.read((reader) => reader.queue.depth())).toBe(0)
  })

  test('a call under way that would be tried again ends instead', async (world) => {
    await world.run((tx) => writePerson(tx, person))
    await world.run(erase)
    const retry = retryOf({ messageId: `${person}-marked`, token: 1 }, start + 9)
    expect(await world.run((tx) => tx.queue.finish([retry], start + 8))).toEqual([true])
    const [row] = await world.read((reader) => reader.messages.get([`${person}-marked`]))
    expect([row?.state, row?.reason, row?.finishedAt]).toEqual(['skipped', 'contact-erased', start + 8])
    expect(await world.read((reader) => reader.queue.depth())).toBe(0)
    expect(await world.run((tx) => claimAt(tx, start + 9))).toEqual([])
  })

  test('what is of others is left as it is', async (world) => {
    await world.run((tx) => writePerson(tx, person))
    await world.run((tx) => writePerson(tx, 'other'))
    const others = ['other-claimed', 'other-marked', 'other-sent']
    const messages = await world.read((reader) => reader.messages.get(others))
    await world.run(erase)
    expect(await world.read((reader) => reader.messages.get(others))).toEqual(messages)
    const told = JSON.stringify(await everythingOf(world, ['other'], others))
    for (const key of ['other-g', 'other-o1', 'other-e1', 'other-d1']) expect(told.includes(key), key).toBe(true)
    expect(await world.read((reader) => reader.calls.count())).toEqual({ waiting: 1, dead: 1 })
  })

  test("a place that an erased contact gives back is nobody's", async (world) => {
    await world.run((tx) => writePerson(tx, person))
    await world.run((tx) => writePerson(tx, 'other'))
    await world.run(erase)
    const failed = doneOf({ messageId: `${person}-marked`, token: 1 }, { state: 'failed', reason: 'x' })
    expect(await world.run((tx) => tx.queue.finish([failed], start + 9))).toEqual([true])
    const asked = ['other', person, alias].map((contactId) => ({ contactId, ...daily }))
    expect(await world.read((reader) => reader.queue.capsUsed(asked))).toEqual([{ contactId: 'other', ...daily, used: 2 }])
  })
}
