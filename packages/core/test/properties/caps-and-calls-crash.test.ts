import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { capBucket } from '../../src/domain/time/cap-bucket.ts'
import { day, hour, minute } from '../../src/domain/time/instant.ts'
import { HandlerCalls } from '../../src/engine/calls/handler-calls.ts'
import { deliverDue } from '../../src/engine/deliver/deliver-due.ts'
import { reapExpired } from '../../src/engine/deliver/reap-expired.ts'
import type { Runtime } from '../../src/engine/runtime.ts'
import type { HandlerCall } from '../../src/engine/tobiishi.ts'
import type { Call, InboxRow, Message } from '../../src/ports/storage/index.ts'
import type { OutgoingMail, TransportResult } from '../../src/ports/transport.ts'
import { addContacts, deliveryWorld, news, queueMail, start, type World } from '../delivery/delivery-world.ts'
import { alive, deathAt, type Fate, runOff, settled, stallAt, underFate } from '../delivery/fate.ts'
import { definition, inboxOf, publish, queueStep } from '../delivery/scenario-rows.ts'
import { accepted, brokeAfterDot, busy, mailboxFull } from '../delivery/scripted-transport.ts'

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterAll(() => {
  vi.useRealTimers()
})

const contacts = ['c0', 'c1', 'c2', 'c3']

/** What the other side and the app heard, and when. */
interface Outside {
  readonly mails: {
    readonly contactId: string
    readonly messageId: string
    readonly at: number
    readonly result: TransportResult
  }[]
  readonly calls: { readonly idemKey: string; readonly attempt: number; readonly wasDone: boolean }[]
}

const answer = ({ mails }: Outside, mail: OutgoingMail): TransportResult => {
  const to = mail.envelope.to
  if (to.startsWith('c1@')) return mailboxFull
  if (to.startsWith('c2@') && !mails.some(({ messageId }) => messageId === mail.messageId)) return busy
  return to.startsWith('c3@') ? brokeAfterDot : accepted
}

const callOf = (contactId: string): Call => ({
  idemKey: `course-${contactId}:7`,
  enrolmentId: `course-${contactId}`,
  contactId,
  scenario: 'course',
  stepId: 'tell',
  stepSeq: 7,
  handler: 'crm',
  payload: {},
  timeout: minute,
  attempts: 5,
  waits: true,
  runAt: start,
  attempt: 0,
  state: 'waiting',
  error: null,
  createdAt: start,
})

/** Two newsletters, the mail of a scenario that comes last, and a call, for each of four contacts; one marketing mail a day. */
const queued = async (): Promise<{ readonly world: World; readonly outside: Outside }> => {
  const outside: Outside = { mails: [], calls: [] }
  const world = await deliveryWorld({
    settings: { caps: [{ name: 'daily', per: 'day', limit: 1, topic: null, policy: 'defer' }], callConcurrency: 2 },
  })
  await addContacts(world, contacts.length)
  await publish(world, definition('course', { priority: -2 }))
  const late = { queue: { expiresAt: start + 20 * day } }
  await queueMail(world, contacts, news, 'b1', late)
  await queueMail(world, contacts, news, 'b2', late)
  for (const id of contacts) await queueStep(world, 'course', id, { expiresAt: start + 20 * day })
  await world.storage.transaction((tx) => tx.calls.enqueue(contacts.map(callOf)))
  return { world, outside }
}

const process = (world: World, outside: Outside, fate: Fate): Runtime => {
  const receive = (mail: OutgoingMail): TransportResult => {
    const result = answer(outside, mail)
    const contactId = mail.envelope.to.split('@')[0] ?? ''
    outside.mails.push({ contactId, messageId: mail.messageId, at: world.clock.now(), result })
    return result
  }
  const handler = async ({ idemKey, contactId, attempt }: HandlerCall) => {
    const told = await inboxOf(world, contactId)
    outside.calls.push({ idemKey, attempt, wasDone: told.some(isResult) })
    await fate.chance()
    if (contactId === 'c1' && attempt === 1) throw new Error('not now')
  }
  return { ...underFate(world, receive, fate), handlers: new Map([['crm', handler]]) }
}

const isResult = ({ meta }: InboxRow) => meta?.input?.kind === 'result'

/** A few mails at a time, so that those of one contact are decided apart. */
const work = async (runtime: Runtime): Promise<void> => {
  const calls = new HandlerCalls(runtime, new AbortController().signal)
  calls.poke()
  for (;;) {
    const { sent, failed, skipped, retried, unknown } = await deliverDue(runtime, { limit: 5 })
    if (sent + failed + skipped + retried + unknown === 0) break
  }
  await calls.idle()
}

/** A healthy process works for five days. */
const drain = async (world: World, outside: Outside): Promise<void> => {
  const runtime = process(world, outside, alive())
  for (let date = 0; date < 5; date += 1) {
    for (let round = 0; round < 6; round += 1) {
      world.clock.advance(3 * minute)
      await runOff(reapExpired(runtime))
      await runOff(work(runtime))
    }
    world.clock.advance(day - hour)
  }
}

const dateOf = (at: number) => capBucket('day', at, 'Asia/Tokyo')

const expectHonest = async (world: World, outside: Outside): Promise<void> => {
  expect(await world.storage.read((reader) => reader.queue.depth())).toBe(0)
  expect(await world.storage.read((reader) => reader.calls.count())).toEqual({ waiting: 0, dead: 0 })
  for (const id of contacts) {
    const messages = await world.storage.read((reader) => reader.messages.ofContact(id, { limit: 99 }))
    for (const message of messages) expectHandedOver(message, outside)
    expectCap(messages, outside)
    expectTold(messages, await inboxOf(world, id), outside)
    expectCalled(id, await inboxOf(world, id), outside)
  }
}

/** Never twice; and a cap that defers loses nothing: there was room for every mail before it expired. */
const expectHandedOver = ({ id, idemKey, state, reason }: Message, { mails }: Outside) => {
  const ended = mails.filter(({ messageId, result }) => messageId === id && result.kind !== 'transient')
  expect(ended.length, `${idemKey} was handed over ${ended.length} times`).toBeLessThanOrEqual(1)
  expect(['sent', 'failed', 'unknown'], `${idemKey} is ${state}: ${reason}`).toContain(state)
}

/** A place is kept by what was accepted, and by what may have been. */
const expectCap = (messages: readonly Message[], { mails }: Outside) => {
  const marketing = new Set(messages.filter(({ purpose }) => purpose === 'marketing').map(({ id }) => id))
  const kept = mails.filter(({ messageId, result }) => marketing.has(messageId) && /accepted|ambiguous/.test(result.kind))
  for (const [date, sent] of Map.groupBy(kept, ({ at }) => dateOf(at)))
    expect(sent.length, `${sent[0]?.contactId} on ${date}`).toBeLessThanOrEqual(1)
}

/** The enrolment knows the day on which its mail went out, if that is another than planned. */
const expectTold = (messages: readonly Message[], inbox: readonly InboxRow[], { mails }: Outside) => {
  const message = messages.find(({ enrolmentId }) => enrolmentId !== null)
  const told = inbox.flatMap(({ meta }) => (meta?.input?.kind === 'deferred' ? [meta.input.plannedAt] : []))
  const [first] = mails.filter(({ messageId }) => messageId === message?.id)
  if (first === undefined) return
  expect(dateOf(told.at(-1) ?? start), `course of ${first.contactId}`).toBe(dateOf(first.at))
}

/** At least once, never after it was done, and told once. */
const expectCalled = (id: string, inbox: readonly InboxRow[], { calls }: Outside) => {
  const own = calls.filter(({ idemKey }) => idemKey === `course-${id}:7`)
  expect(own.length, `call of ${id}`).toBeGreaterThanOrEqual(1)
  expect(own.filter(({ wasDone }) => wasDone)).toEqual([])
  expect(inbox.filter(isResult).map(({ meta }) => meta?.input)).toEqual([{ kind: 'result', stepSeq: 7, ok: true }])
}

describe('a process under caps, with calls to the app', () => {
  it('that is well spreads the mail over the days and makes each call', async () => {
    const { world, outside } = await queued()
    await drain(world, outside)
    await expectHonest(world, outside)
    const dates = (id: string) => outside.mails.filter(({ contactId }) => contactId === id).map(({ at }) => dateOf(at).slice(-2))
    expect(dates('c0')).toEqual(['05', '06', '07'])
    expect(dates('c2')).toEqual(['05', '05', '06', '06', '07', '07'])
    expect(outside.calls.map(({ idemKey, attempt }) => `${idemKey} ${attempt}`).sort()).toEqual([
      'course-c0:7 1',
      'course-c1:7 1',
      'course-c1:7 2',
      'course-c2:7 1',
      'course-c3:7 1',
    ])
  })

  it('that dies at any point never overdraws a cap, loses nothing that it deferred, and leaves no call unmade', {
    timeout: 120_000,
  }, async () => {
    let points = 0
    let deferredBefore = 0
    for (let nth = 1; ; nth += 1) {
      const { world, outside } = await queued()
      const fate = deathAt(nth)
      const isDone = await Promise.race([work(process(world, outside, fate)).then(() => true), settled(fate).then(() => false)])
      if ((await Promise.all(contacts.map((id) => inboxOf(world, id)))).flat().length > 0) deferredBefore += 1
      await drain(world, outside)
      await expectHonest(world, outside)
      points = nth
      if (isDone && !fate.died()) break
    }
    expect(points).toBeGreaterThan(60)
    expect(deferredBefore).toBeGreaterThan(10)
  })

  it('that stands still at any point, while another takes over, does none of it wrong when it goes on', {
    timeout: 120_000,
  }, async () => {
    let points = 0
    for (let nth = 1; ; nth += 1) {
      const { world, outside } = await queued()
      const fate = stallAt(nth)
      const stalling = work(process(world, outside, fate))
      const isDone = await runOff(Promise.race([stalling.then(() => true), fate.stalled.then(() => false)]))
      await settled(fate)
      await drain(world, outside)
      fate.resume()
      await runOff(stalling)
      await drain(world, outside)
      await expectHonest(world, outside)
      points = nth
      if (isDone) break
    }
    expect(points).toBeGreaterThan(30)
  })
})
