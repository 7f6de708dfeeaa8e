import type { DeliveryEvent, MessageFacts } from '@tobiishi/core/ports'
import fc from 'fast-check'
import { aConversion, aDeliveryEvent, start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { claimAt, doneOf, oneMail, queueMails } from './queue-world.ts'

const event = (key: string, kind: DeliveryEvent['kind'], at: number, change: Partial<DeliveryEvent> = {}): DeliveryEvent =>
  aDeliveryEvent({ key, kind, messageId: 'm1', contactId: 'c1', occurredAt: start + at, ...change })

const story: readonly DeliveryEvent[] = [
  event('delivered', 'delivered', 10),
  event('proxy', 'opened', 11, { actor: 'machine', score: 5 }),
  event('open', 'opened', 20),
  event('scanner', 'clicked', 12, { actor: 'machine', score: 6 }),
  event('click 1', 'clicked', 30),
  event('click 2', 'clicked', 25, { link: 3 }),
  event('click 3', 'clicked', 40, { link: null, url: 'https://example.jp/?q=①' }),
  event('soft', 'bounced', 50, { bounceClass: 'mailbox-full' }),
  event('hard', 'bounced', 60),
  event('delayed', 'delayed', 5, { bounceClass: 'transient' }),
  event('complaint', 'complained', 70, { raw: { feedbackId: 'x', nested: ['あ'] } }),
  event('left', 'unsubscribed', 80),
  event('left again', 'unsubscribed', 75),
]
const told: MessageFacts = {
  messageId: 'm1',
  deliveredAt: start + 10,
  bouncedAt: start + 50,
  bounceClass: 'mailbox-full',
  openedAt: start + 11,
  humanOpenedAt: start + 20,
  clickedAt: start + 12,
  humanClickedAt: start + 25,
  lastHumanClickAt: start + 40,
  clicks: 4,
  humanClicks: 3,
  complainedAt: start + 70,
  unsubscribedAt: start + 75,
}

const facts = async ({ read }: Pick<World, 'read'>) => (await read((reader) => reader.messages.get(['m1'])))[0]?.facts

export const deliveryEventCases: Capability = ({ test, expect, open, numRuns }) => {
  test('a message to which nothing happened has empty facts', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail()]))
    expect(await facts(world)).toEqual({
      ...{ messageId: 'm1', deliveredAt: null, bouncedAt: null, bounceClass: null, openedAt: null, humanOpenedAt: null },
      ...{ clickedAt: null, humanClickedAt: null, lastHumanClickAt: null, clicks: 0, humanClicks: 0 },
      ...{ complainedAt: null, unsubscribedAt: null },
    })
  })

  test('facts are first times and counts, people and machines apart', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail()]))
    const keys = await world.run((tx) => tx.messages.recordDelivery(story))
    expect(keys).toEqual(story.map((one) => one.key))
    expect(await facts(world)).toEqual(told)
  })

  test('each key counts once, in one call and over many', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail()]))
    const click = event('click', 'clicked', 1)
    expect(await world.run((tx) => tx.messages.recordDelivery([click, click]))).toEqual(['click'])
    const repeat = [event('click', 'clicked', 9), event('other', 'clicked', 5)]
    expect(await world.run((tx) => tx.messages.recordDelivery(repeat))).toEqual(['other'])
    expect((await facts(world))?.clicks).toBe(2)
  })

  test('permuting, splitting and repeating the events gives the same facts', async () => {
    const pieces = fc.tuple(
      fc.shuffledSubarray([...story], { minLength: story.length }),
      fc.array(fc.nat(story.length - 1), { maxLength: 5 }),
      fc.integer({ min: 1, max: 5 }),
    )
    await fc.assert(
      fc.asyncProperty(pieces, ([shuffled, repeats, size]) =>
        open(async (world) => {
          await world.run((tx) => queueMails(tx, [oneMail()]))
          const all = [...shuffled, ...repeats.flatMap((at) => story[at] ?? [])]
          for (let at = 0; at < all.length; at += size) {
            await world.run((tx) => tx.messages.recordDelivery(all.slice(at, at + size)))
          }
          expect(await facts(world)).toEqual(told)
        }),
      ),
      { numRuns },
    )
  }, 120_000)

  test('recent clicks and opens of a message are listed newest first, as they came', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail(), oneMail({ id: 'm2' })]))
    await world.run((tx) => tx.messages.recordDelivery([...story, event('of another', 'clicked', 33, { messageId: 'm2' })]))
    const recent = (since: number, limit: number) =>
      world.read((reader) => reader.messages.recentEvents('m1', { since: start + since, limit }))
    expect((await recent(12, 9)).map((one) => one.key)).toEqual(['click 3', 'click 1', 'click 2', 'open', 'scanner'])
    expect(await recent(0, 1)).toEqual([story[6]])
  })
}

/** Sends these messages to `c1` at `start`. */
const send = async ({ run }: Pick<World, 'run'>, ids: readonly string[]): Promise<void> => {
  await run((tx) =>
    queueMails(
      tx,
      ids.map((id) => oneMail({ id })),
    ),
  )
  await run(function* (tx) {
    const claims = yield* claimAt(tx, start)
    yield* tx.queue.finish(
      claims.map((claim) => doneOf({ messageId: claim.message.id, token: claim.token })),
      start,
    )
  })
}

export const conversionCases: Capability = ({ test, expect }) => {
  test('a conversion goes to the sent message with the latest human click in the span', async (world) => {
    await send(world, ['m1', 'm2'])
    await world.run((tx) => queueMails(tx, [oneMail({ id: 'queued' })]))
    await world.run((tx) =>
      tx.messages.recordDelivery([
        event('1', 'clicked', 10),
        event('2', 'clicked', 20, { messageId: 'm2' }),
        event('3', 'clicked', 30, { actor: 'machine' }),
        event('4', 'opened', 40),
        event('5', 'clicked', 50),
        event('6', 'clicked', 15, { messageId: 'queued' }),
      ]),
    )
    const asked = (from: number, to: number, contactId = 'c1') => ({ contactId, from: start + from, to: start + to })
    const by = async (kind: 'click' | 'open', ...[from, to, contactId]: Parameters<typeof asked>) =>
      (await world.read((reader) => reader.messages.attributable([asked(from, to, contactId)], kind)))[0]
    expect(await by('click', 0, 60)).toBe('m1')
    // A click after the event must not hide the one before it.
    expect(await by('click', 0, 49)).toBe('m2')
    expect(await by('click', 20, 20)).toBe('m2')
    expect(await by('click', 0, 19)).toBe('m1')
    expect(await by('click', 21, 49)).toBe(null)
    expect(await by('open', 0, 40)).toBe('m1')
    expect(await by('open', 0, 39)).toBe(null)
    expect(await by('click', 0, 60, 'c2')).toBe(null)
    const many = [asked(0, 49), asked(0, 60, 'c2'), asked(0, 60), asked(0, 49)]
    expect(await world.read((reader) => reader.messages.attributable(many, 'click'))).toEqual(['m2', null, 'm1', 'm2'])
    expect(await world.read((reader) => reader.messages.attributable([], 'click'))).toEqual([])
  })

  test('an event converts once', async (world) => {
    await send(world, ['m1', 'm2'])
    const conversion = aConversion({ eventId: 'o1', contactId: 'c1', messageId: 'm1', value: 12_000.5 })
    const record = (...rows: (typeof conversion)[]) => world.run((tx) => tx.messages.recordConversions(rows))
    expect(await record(conversion)).toBe(1)
    expect(await record({ ...conversion, messageId: 'm2' })).toBe(0)
    const other = { ...conversion, event: 'seat.added' }
    expect(await record({ ...conversion, messageId: 'm2' }, other, { ...other, messageId: 'm2' })).toBe(1)
    expect(await record()).toBe(0)
    const counts = await world.read((reader) => reader.reports.counts({}))
    expect([counts.converters, counts.conversionValue]).toEqual([1, 24_001])
  })
}
