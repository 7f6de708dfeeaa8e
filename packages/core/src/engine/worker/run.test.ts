import { describe, expect, it } from 'vitest'
import { model, onboarding, thanks } from '../../../test/shop.ts'
import type { DeclaredScenario as Scenario } from '../../define/declared.ts'
import { createPollingWaker, createTobiishi, silentLogger, TobiishiError } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import type { Clock, Logger, OutgoingMail, Storage } from '../../ports/index.ts'
import { createTestTobiishi, createVirtualClock, outboxTransport } from '../../testing/index.ts'
import type { ConsentInput, Handler } from '../tobiishi.ts'

const sender = { legalName: '株式会社飛石', displayName: '飛石', email: 'a@shop.test', postalAddress: '東京都', contact: '03-0' }

interface Parts {
  readonly storage?: Storage
  readonly transport?: ReturnType<typeof outboxTransport>
  readonly clock?: Clock
  readonly logger?: Logger
  readonly scenarios?: readonly Scenario[]
  readonly handlers?: { readonly [name: string]: Handler }
}
const create = (parts: Parts) => {
  const { storage = memoryStorage(), transport = outboxTransport(), logger = silentLogger, clock } = parts
  return createTobiishi({
    model,
    scenarios: parts.scenarios ?? [onboarding],
    handlers: parts.handlers ?? {},
    storage,
    transport,
    logger,
    senders: { default: sender },
    baseUrl: 'https://shop.test',
    secrets: [{ id: 'k1', value: 'x'.repeat(32) }],
    addressKey: 'y'.repeat(32),
    ...(clock === undefined ? {} : { clock, waker: createPollingWaker(clock) }),
  })
}
type Mail = ReturnType<typeof create>

const consent: ConsentInput[] = [{ basis: 'opt-in', evidence: { source: 'test' } }]

const asks = async (mail: Mail, id: string) => {
  await mail.contacts.identify(id, { email: `${id}@example.test`, consent })
  await mail.track(id, 'brochure.requested', { brochure: id })
}

/** Resolves when the transport has been given this many mails. */
const arrivals = (count: number) => {
  let arrive = () => {}
  const all = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const seen: OutgoingMail[] = []
  const transport = outboxTransport({
    answer: (mail) => {
      seen.push(mail)
      if (seen.length === count) arrive()
      return undefined
    },
  })
  return { transport, all, seen }
}

describe('run', () => {
  it('works until it is aborted, woken by what the app tells it', async () => {
    const { transport, all } = arrivals(2)
    const mail = create({ transport })
    const controller = new AbortController()
    const running = mail.run({ signal: controller.signal })
    await asks(mail, 'c_1')
    await asks(mail, 'c_2')
    await all
    controller.abort()
    await running
    expect(transport.outbox.map(({ to }) => to).toSorted()).toEqual(['c_1@example.test', 'c_2@example.test'])
    expect((await mail.messages.ofContact('c_2')).map(({ state }) => state)).toEqual(['sent'])
  })

  it('finishes the call that is under way when it is aborted, and starts no other', async () => {
    const controller = new AbortController()
    const inner = outboxTransport()
    let finish = () => {}
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    let calls = 0
    const mail = create({
      transport: {
        ...inner,
        outbox: inner.outbox,
        concurrency: 1,
        send: async (outgoing) => {
          calls += 1
          controller.abort()
          await gate
          return await inner.send(outgoing)
        },
      },
    })
    for (const id of ['c_1', 'c_2', 'c_3']) await asks(mail, id)
    const running = mail.run({ signal: controller.signal })
    await new Promise((resolve) => controller.signal.addEventListener('abort', resolve))
    finish()
    await running
    expect(calls).toBe(1)
    const states = await Promise.all(['c_1', 'c_2', 'c_3'].map(async (id) => (await mail.messages.ofContact(id))[0]?.state))
    expect(states.toSorted()).toEqual(['queued', 'queued', 'sent'])
  })

  it('shares the work between two workers without doing any of it twice', async () => {
    const storage = memoryStorage()
    const { transport, all, seen } = arrivals(60)
    const [one, two] = [create({ storage, transport }), create({ storage, transport })]
    const controller = new AbortController()
    const running = [one.run({ signal: controller.signal }), two.run({ signal: controller.signal })]
    for (let index = 0; index < 60; index += 1) await asks(index % 2 === 0 ? one : two, `c_${index}`)
    await all
    controller.abort()
    await Promise.all(running)
    expect(seen).toHaveLength(60)
    expect(new Set(seen.map(({ envelope }) => envelope.to)).size).toBe(60)
  })

  it('lets a second worker wait for the lease where the storage allows one, and take over', async () => {
    const storage: Storage = { ...memoryStorage(), traits: { singleWorker: true, durable: false, sharesTransactions: false } }
    const clock = createVirtualClock('2026-01-05T01:00:00Z')
    const first = { mail: create({ storage, clock }), controller: new AbortController() }
    const { transport, all } = arrivals(1)
    const second = { mail: create({ storage, clock, transport }), controller: new AbortController() }
    const running = first.mail.run({ signal: first.controller.signal })
    await clock.advance('1 minute')
    const waiting = second.mail.run({ signal: second.controller.signal })
    await clock.advance('2 minutes')
    await asks(second.mail, 'c_1')
    await clock.advance('2 minutes')
    expect(transport.outbox).toHaveLength(0)
    expect((await first.mail.messages.ofContact('c_1')).map(({ state }) => state)).toEqual(['sent'])

    first.controller.abort()
    await running
    await asks(second.mail, 'c_2')
    await clock.advance('1 minute')
    await all
    second.controller.abort()
    await waiting
    expect(transport.outbox.map(({ to }) => to)).toEqual(['c_2@example.test'])
  })

  it('tells a tick that finds the lease of a dead worker to come back, and lets it work once the lease is over', async () => {
    const storage: Storage = { ...memoryStorage(), traits: { singleWorker: true, durable: false, sharesTransactions: false } }
    const clock = createVirtualClock('2026-01-05T01:00:00Z')
    const { transport } = arrivals(1)
    const mail = create({ storage, clock, transport })
    await mail.prepare()
    const now = clock.now()
    await storage.transaction((tx) => tx.schema.leaseWorker({ owner: 'dead', now, until: now + 30_000 }))
    await asks(mail, 'c_1')

    const held = await mail.tick()
    expect(held).toMatchObject({ sent: 0 })
    expect(held.nextDueAt).toBeGreaterThan(now)
    await clock.advance('1 minute')
    expect(await mail.tick()).toMatchObject({ sent: 1 })
  })

  it('goes on when the database comes back, and says that it was gone', async () => {
    const storage = memoryStorage()
    let isDown = false
    const flaky: Storage = {
      ...storage,
      read: (work) => (isDown ? Promise.reject(new Error('connection refused')) : storage.read(work)),
    }
    const lines: string[] = []
    const logger: Logger = { ...silentLogger, error: (event) => lines.push(event) }
    const clock = createVirtualClock('2026-01-05T01:00:00Z')
    const { transport, all } = arrivals(1)
    const mail = create({ storage: flaky, clock, logger, transport })
    const controller = new AbortController()
    const running = mail.run({ signal: controller.signal })
    await clock.advance('1 minute')
    await asks(mail, 'c_1')
    isDown = true
    await clock.advance('1 minute')
    expect(lines).toContain('worker.failed')
    expect(transport.outbox).toHaveLength(0)
    isDown = false
    await clock.advance('2 minutes')
    await all
    controller.abort()
    await running
    expect((await mail.messages.ofContact('c_1')).map(({ state }) => state)).toEqual(['sent'])
  })

  it('sends mail while a handler takes its time, and lets it end when it is aborted', async () => {
    const gate = Promise.withResolvers<void>()
    const called = Promise.withResolvers<void>()
    const { transport, all } = arrivals(1)
    const handler = async () => {
      called.resolve()
      await gate.promise
    }
    const calling = model.scenario('calling', {
      version: 1,
      enterOn: 'order.placed',
      steps: ({ call, send }) => [call('tell', 'crm'), send('thanks', thanks)],
    })
    const mail = create({ transport, scenarios: [onboarding, calling], handlers: { crm: handler } })
    const controller = new AbortController()
    const running = mail.run({ signal: controller.signal })
    await mail.contacts.identify('c_1', { email: 'c_1@example.test', consent })
    await mail.track('c_1', 'order.placed', { total: 1 })
    await called.promise
    await asks(mail, 'c_2')
    await all
    controller.abort()
    gate.resolve()
    await running
    expect(transport.outbox.map(({ to }) => to)).toEqual(['c_2@example.test'])
    expect((await mail.tick()).sent).toBe(1)
    expect(transport.outbox.map(({ to }) => to)).toEqual(['c_2@example.test', 'c_1@example.test'])
  })

  it('rejects what prepare refuses', async () => {
    const storage: Storage = { ...memoryStorage(), schemaState: async () => 'missing' }
    await expect(create({ storage }).run({ signal: new AbortController().signal })).rejects.toThrow(
      expect.objectContaining({ code: 'schema.not_migrated' }),
    )
  })

  it('resolves at once when it is aborted already', async () => {
    await expect(create({}).run({ signal: AbortSignal.abort() })).resolves.toBeUndefined()
  })
})

describe('tick', () => {
  it('does one pass within its limit and tells when work is due next', async () => {
    const clock = createVirtualClock('2026-01-05T01:00:00Z')
    const mail = create({ clock })
    for (const id of ['c_1', 'c_2', 'c_3']) await asks(mail, id)
    expect(await mail.tick({ limit: 2 })).toMatchObject({ advanced: 2, sent: 2, nextDueAt: clock.now() })
    expect(await mail.tick({ limit: 2 })).toMatchObject({ advanced: 1, sent: 1, nextDueAt: Date.parse('2026-01-08T01:00:00Z') })
    expect(await mail.tick()).toEqual({
      advanced: 0,
      sent: 0,
      failed: 0,
      skipped: 0,
      retried: 0,
      unknown: 0,
      nextDueAt: Date.parse('2026-01-08T01:00:00Z'),
    })
  })

  it('rejects as the storage does, so that a scheduler sees it', async () => {
    const storage = memoryStorage()
    const mail = create({
      storage: { ...storage, read: () => Promise.reject(new TobiishiError('storage.failed', 'The database is gone.')) },
    })
    await expect(mail.tick()).rejects.toThrow('The database is gone.')
  })
})

describe('tick', () => {
  it('refuses a limit that is no number, as Number(undefined) gives, instead of never ending', async () => {
    const t = await createTestTobiishi({ model })
    await expect(t.tick({ limit: Number.NaN })).rejects.toMatchObject({ code: 'config.invalid' })
  })
})
