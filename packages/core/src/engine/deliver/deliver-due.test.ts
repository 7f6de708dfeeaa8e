import { describe, expect, it } from 'vitest'
import {
  addContacts,
  deliveryWorld,
  messagesOf,
  news,
  queueMail,
  receipt,
  type World,
} from '../../../test/delivery/delivery-world.ts'
import {
  accepted,
  brokeAfterDot,
  busy,
  mailboxFull,
  scriptedTransport,
  unreachable,
  userUnknown,
} from '../../../test/delivery/scripted-transport.ts'
import { day, hour, minute } from '../../domain/time/instant.ts'
import { createConsent } from '../consent/create-consent.ts'
import { createSuppressions } from '../consent/create-suppressions.ts'
import { deliverDue } from './deliver-due.ts'
import { reapExpired } from './reap-expired.ts'

const deliver = (world: World, limit = 1_000, signal?: AbortSignal) => deliverDue(world.runtime, { limit, signal })
const consentOf = (world: World) => createConsent(world.runtime, { ready: async () => {}, drain: async () => {} })
const depth = (world: World) => world.storage.read((reader) => reader.queue.depth())

describe('what is sent', () => {
  it('sends every due mail once, never more calls at once than the transport takes', async () => {
    const transport = scriptedTransport(() => accepted, 4)
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 1_300))
    expect(await deliver(world, 10_000)).toEqual({ sent: 1_300, failed: 0, skipped: 0, retried: 0, unknown: 0 })
    expect(new Set(transport.calls.map(({ envelope }) => envelope.to)).size).toBe(1_300)
    expect(transport.calls).toHaveLength(1_300)
    expect(transport.peak()).toBe(4)
    expect(await depth(world)).toBe(0)
  })

  it('writes down when, with which text and what the other side said', async () => {
    const world = await deliveryWorld()
    await queueMail(world, await addContacts(world, 1))
    await deliver(world)
    expect(await messagesOf(world, 'c0')).toMatchObject([
      {
        state: 'sent',
        reason: null,
        providerId: 'p1',
        templateHash: world.runtime.prepared.get('news')?.hash,
        answer: { code: '250', text: 'queued' },
        finishedAt: world.clock.now(),
      },
    ])
  })

  it('claims no more than the limit', async () => {
    const world = await deliveryWorld()
    await queueMail(world, await addContacts(world, 10))
    expect((await deliver(world, 3)).sent).toBe(3)
    expect(await depth(world)).toBe(7)
  })

  it('keeps to the concurrency when two runs work at once', async () => {
    const transport = scriptedTransport(() => new Promise((resolve) => setImmediate(resolve, accepted)), 3)
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 60))
    const reports = await Promise.all([deliver(world, 30), deliver(world, 30)])
    expect(reports.map(({ sent }) => sent)).toEqual([30, 30])
    expect(transport.calls).toHaveLength(60)
    expect(transport.peak()).toBe(3)
  })
})

describe('what is not sent', () => {
  it('skips those without consent, suppressed, or without an address, and says why', async () => {
    const world = await deliveryWorld()
    await queueMail(world, await addContacts(world, 4))
    await consentOf(world).withdraw('c0', { evidence: { source: 'phone' } })
    await createSuppressions(world.runtime).add({ email: 'C1@customer.example' })
    await world.storage.transaction(function* (tx) {
      const contacts = yield* tx.contacts.lock(['c2'], { skipLocked: false })
      yield* tx.contacts.save(contacts.map((contact) => ({ ...contact, email: null, emailKey: null })))
    })
    expect(await deliver(world)).toMatchObject({ sent: 1, skipped: 3 })
    const reasons = await Promise.all(['c0', 'c1', 'c2', 'c3'].map((id) => messagesOf(world, id)))
    expect(reasons.map(([message]) => message?.reason)).toEqual(['consent-withdrawn', 'suppressed', 'no-address', null])
  })

  it('holds a whole domain that is suppressed', async () => {
    const world = await deliveryWorld()
    await queueMail(world, await addContacts(world, 2))
    await createSuppressions(world.runtime).add({ domain: 'Customer.example' })
    expect(await deliver(world)).toMatchObject({ sent: 0, skipped: 2 })
  })

  it('does not send what was claimed before an unsubscribe and marked after it', async () => {
    const transport = scriptedTransport((mail) => (mail.envelope.to.startsWith('c0@') ? 'hang' : accepted), 1)
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 2))
    const [first, second] = await order(world)
    const slow = scriptedTransport(() => 'hang', 1)
    const again = await world.restart(slow)
    const delivering = deliver(again)
    await slow.called(1)
    const late = slow.calls[0]?.envelope.to.startsWith(`${first}@`) ? second : first
    await consentOf(world).withdraw(late ?? '', { evidence: { source: 'unsubscribe-page' } })
    slow.answer(accepted)
    expect(await delivering).toMatchObject({ sent: 1, skipped: 1 })
    expect(slow.calls).toHaveLength(1)
    expect((await messagesOf(world, late ?? ''))[0]).toMatchObject({ state: 'skipped', reason: 'consent-withdrawn' })
  })

  it('skips what expired', async () => {
    const world = await deliveryWorld()
    await queueMail(world, await addContacts(world, 1))
    world.clock.advance(day)
    expect(await deliver(world)).toMatchObject({ sent: 0, skipped: 1 })
    expect((await messagesOf(world, 'c0'))[0]?.reason).toBe('expired')
  })

  it('leaves mail alone whose template this process does not know, and another process sends it', async () => {
    const world = await deliveryWorld({ templates: [receipt] })
    await queueMail(world, await addContacts(world, 1), news)
    expect(await deliver(world)).toMatchObject({ sent: 0, failed: 0, skipped: 0 })
    expect(world.logged).toContainEqual({ level: 'warn', event: 'template.unknownHere', fields: { template: 'news' } })
    const newer = await deliveryWorldOn(world)
    world.clock.advance(3 * minute)
    expect((await deliver(newer)).sent).toBe(1)
  })

  it('fails a mail that cannot be rendered, without a call, and goes on', async () => {
    const world = await deliveryWorld()
    await queueMail(world, await addContacts(world, 2))
    const prepared = world.runtime.prepared.get('news')
    if (prepared === undefined) throw new Error('not prepared')
    world.runtime.prepared.set('news', {
      ...prepared,
      compose: (input) => {
        if (input.contactId === 'c0') throw new Error('no value')
        return prepared.compose(input)
      },
    })
    expect(await deliver(world)).toMatchObject({ sent: 1, failed: 1 })
    expect((await messagesOf(world, 'c0'))[0]).toMatchObject({ state: 'failed', reason: 'render-failed' })
    expect(world.transport.calls).toHaveLength(1)
  })
})

const order = async (world: World): Promise<readonly string[]> => {
  const contacts = await world.storage.read((reader) => reader.contacts.page({ after: null, limit: 10 }))
  return contacts.toSorted((a, b) => a.lane - b.lane).map(({ id }) => id)
}

/** A process that knows all templates, on the same rows. */
const deliveryWorldOn = async (world: World): Promise<World> => {
  const other = await deliveryWorld()
  return { ...world, runtime: { ...other.runtime, storage: world.storage, clock: world.clock } }
}

describe('what the other side answers', () => {
  it('counts a refusal as sent and bounced, and never mails an unknown user again', async () => {
    const world = await deliveryWorld({ transport: scriptedTransport(() => userUnknown) })
    await queueMail(world, await addContacts(world, 1))
    expect(await deliver(world)).toMatchObject({ failed: 1 })
    const counts = await world.storage.read((reader) => reader.reports.counts({}))
    expect(counts).toMatchObject({ sent: 1, bounced: 1, bouncedByClass: { 'hard-unknown-user': 1 } })
    expect(await createSuppressions(world.runtime).has({ email: 'c0@customer.example' })).toBe(true)
    await queueMail(world, ['c0'], receipt, 'b2')
    expect(await deliver(world)).toMatchObject({ skipped: 1 })
  })

  it('suppresses nobody for a refusal that is about us, but tells the operator', async () => {
    const refusal = { kind: 'rejected', bounceClass: 'policy', answer: { code: '550', enhancedCode: '5.7.26' } } as const
    const world = await deliveryWorld({ transport: scriptedTransport(() => refusal) })
    await queueMail(world, await addContacts(world, 3))
    expect(await deliver(world)).toMatchObject({ failed: 3 })
    expect(await createSuppressions(world.runtime).has({ email: 'c0@customer.example' })).toBe(false)
    const warnings = world.logged.filter(({ event }) => event === 'sender.refused')
    expect(warnings).toMatchObject([{ level: 'warn', fields: { bounceClass: 'policy', messages: 3, enhancedCode: '5.7.26' } }])
  })

  it('suppresses a full mailbox after five refusals in a row over two weeks', async () => {
    const world = await deliveryWorld({ transport: scriptedTransport(() => mailboxFull) })
    await addContacts(world, 1)
    const suppressed: boolean[] = []
    for (let week = 0; week < 5; week += 1) {
      await queueMail(world, ['c0'], news, `w${week}`)
      await deliver(world)
      suppressed.push(await createSuppressions(world.runtime).has({ email: 'c0@customer.example' }))
      world.clock.advance(4 * day)
    }
    expect(suppressed).toEqual([false, false, false, false, true])
  })

  it('tries again what was not accepted for now, later each time, until it goes through', async () => {
    const transport = scriptedTransport((_mail, nth) => (nth < 3 ? busy : accepted))
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 1))
    expect(await deliver(world)).toMatchObject({ retried: 1, sent: 0 })
    expect(await deliver(world)).toMatchObject({ retried: 0, sent: 0 })
    world.clock.advance(minute)
    expect(await deliver(world)).toMatchObject({ retried: 1, sent: 0 })
    world.clock.advance(2 * minute)
    expect(await deliver(world)).toMatchObject({ sent: 1 })
    expect(transport.calls).toHaveLength(3)
  })

  it('gives up when attempts run out: a server that kept refusing is a bounce, one never reached is a failure of ours', async () => {
    for (const [answer, expected] of [
      [busy, { reason: 'rejected', facts: { bounceClass: 'expired' } }],
      [unreachable, { reason: 'gave-up', facts: { bounceClass: null } }],
    ] as const) {
      const world = await deliveryWorld({ transport: scriptedTransport(() => answer) })
      await queueMail(world, await addContacts(world, 1))
      for (let attempt = 0; attempt < 4; attempt += 1) {
        await deliver(world)
        world.clock.advance(hour)
      }
      expect(world.transport.calls).toHaveLength(3)
      expect((await messagesOf(world, 'c0'))[0]).toMatchObject({ state: 'failed', ...expected })
    }
  })

  it('gives up rather than send after the expiry', async () => {
    const transport = scriptedTransport(() => ({ kind: 'transient', retryAfter: 2 * day, answer: {} }))
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 1))
    expect(await deliver(world)).toMatchObject({ retried: 0, failed: 1 })
  })

  it('does not send marketing again when nobody knows whether it was accepted', async () => {
    const transport = scriptedTransport(() => brokeAfterDot)
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 1))
    expect(await deliver(world)).toMatchObject({ unknown: 1 })
    world.clock.advance(hour)
    await reapExpired(world.runtime)
    await deliver(world)
    expect(transport.calls).toHaveLength(1)
    expect((await messagesOf(world, 'c0')).map(({ state }) => state)).toEqual(['unknown'])
  })

  it('sends transactional mail again by policy, once, and counts both', async () => {
    const transport = scriptedTransport(() => brokeAfterDot)
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 1), receipt)
    expect(await deliver(world)).toMatchObject({ unknown: 1 })
    expect(await deliver(world)).toMatchObject({ unknown: 1 })
    expect(await deliver(world)).toMatchObject({ unknown: 0 })
    expect(transport.calls).toHaveLength(2)
    expect((await messagesOf(world, 'c0')).map(({ idemKey }) => idemKey).sort()).toEqual(['b1:c0', 'b1:c0:r1'])
  })

  it('takes a transport that resolves with nothing for one that may have sent', async () => {
    const transport = scriptedTransport(() => undefined as unknown as typeof accepted)
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 1))
    expect(await deliver(world)).toMatchObject({ unknown: 1 })
  })

  it('takes a transport that throws for one that may have sent', async () => {
    const world = await deliveryWorld({ transport: scriptedTransport(() => 'throw') })
    await queueMail(world, await addContacts(world, 1))
    expect(await deliver(world)).toMatchObject({ unknown: 1 })
    expect(world.logged).toContainEqual(expect.objectContaining({ level: 'error', event: 'transport.rejected' }))
  })
})

describe('crash and stall', () => {
  it('makes what was under way at a crash unknown, and never sends it twice', async () => {
    const dying = scriptedTransport(() => 'hang')
    const world = await deliveryWorld({ transport: dying })
    await queueMail(world, await addContacts(world, 1))
    void deliver(world)
    await dying.called(1)
    const next = await world.restart()
    expect(await reapExpired(next.runtime)).toBe(0)
    world.clock.advance(2 * minute)
    expect(await reapExpired(next.runtime)).toBe(1)
    await deliver(next)
    expect(next.transport.calls).toHaveLength(0)
    expect((await messagesOf(next, 'c0'))[0]).toMatchObject({ state: 'unknown', reason: 'lease-over' })
  })

  it('believes a late answer over the reaper', async () => {
    const stalled = scriptedTransport(() => 'hang')
    const world = await deliveryWorld({ transport: stalled })
    await queueMail(world, await addContacts(world, 1))
    const delivering = deliver(world)
    await stalled.called(1)
    world.clock.advance(2 * minute)
    await delivering
    await reapExpired(world.runtime)
    expect((await messagesOf(world, 'c0'))[0]?.state).toBe('unknown')
    stalled.answer(accepted)
    await expect.poll(async () => (await messagesOf(world, 'c0'))[0]?.state).toBe('sent')
  })

  it('queues a copy of transactional mail that was under way at a crash', async () => {
    const dying = scriptedTransport(() => 'hang')
    const world = await deliveryWorld({ transport: dying })
    await queueMail(world, await addContacts(world, 1), receipt)
    void deliver(world)
    await dying.called(1)
    world.clock.advance(2 * minute)
    const next = await world.restart()
    expect(await reapExpired(next.runtime)).toBe(1)
    expect((await deliver(next)).sent).toBe(1)
    expect((await messagesOf(next, 'c0')).map(({ state }) => state).sort()).toEqual(['sent', 'unknown'])
  })

  it('finishes what is under way when told to stop, and gives the rest back', async () => {
    const transport = scriptedTransport(() => 'hang', 2)
    const world = await deliveryWorld({ transport })
    await queueMail(world, await addContacts(world, 10))
    const stop = new AbortController()
    const delivering = deliver(world, 100, stop.signal)
    await transport.called(2)
    stop.abort()
    transport.answer(accepted)
    expect(await delivering).toMatchObject({ sent: 2 })
    expect(transport.calls).toHaveLength(2)
    const next = await world.restart()
    expect((await deliver(next)).sent).toBe(8)
  })

  it('keeps the answers it has while the database is away, and writes them down when it is back', async () => {
    const world = await deliveryWorld()
    await queueMail(world, await addContacts(world, 4))
    let isDown = false
    const transport = scriptedTransport(() => {
      isDown = true
      return accepted
    })
    const storage = {
      ...world.storage,
      transaction: (async (work) => {
        if (isDown) throw new Error('connection refused')
        return await world.storage.transaction(work)
      }) as World['storage']['transaction'],
    }
    const delivering = deliverDue({ ...world.runtime, storage, transport }, { limit: 10 })
    await transport.called(4)
    const failed = expect(delivering).rejects.toThrow('connection refused')
    await expect.poll(() => transport.calls.length).toBe(4)
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    isDown = false
    world.clock.advance(minute)
    await failed
    const states = await Promise.all(['c0', 'c1', 'c2', 'c3'].map((id) => messagesOf(world, id)))
    expect(states.map(([message]) => message?.state)).toEqual(['sent', 'sent', 'sent', 'sent'])
  })
})
