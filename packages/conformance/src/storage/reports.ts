import type { DeliveryEvent, Message, ReportCounts, ReportFilter } from '@tobiishi/core/ports'
import { aContact, aConversion, aDeliveryEvent, aMessage, start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'

const hour = 3_600_000

const nothing: ReportCounts = {
  sent: 0,
  sentHtml: 0,
  bounced: 0,
  bouncedHtml: 0,
  bouncedByClass: {},
  failed: 0,
  unknown: 0,
  queued: 0,
  skippedByReason: {},
  openers: 0,
  humanOpeners: 0,
  clickers: 0,
  humanClickers: 0,
  htmlClickers: 0,
  clicks: 0,
  humanClicks: 0,
  complained: 0,
  unsubscribed: 0,
  leftContacts: 0,
  registeredContacts: 0,
  converters: 0,
  conversionValue: 0,
}

/** A message as it stands in the ledger, and what happened to it. */
interface Told {
  readonly message: Message
  readonly events: readonly DeliveryEvent[]
}

let keys = 0
const told = (
  id: string,
  change: Partial<Message>,
  happened: readonly (readonly [DeliveryEvent['kind'], Partial<DeliveryEvent>?])[] = [],
): Told => {
  const contactId = change.contactId ?? `c-${id}`
  const finishedAt = change.state === 'queued' ? null : start
  const message = aMessage({ id, state: 'sent', finishedAt, templateHash: 'h1', ...change, contactId })
  const events = happened.map(([kind, details]) =>
    aDeliveryEvent({ key: `k${keys++}`, messageId: id, contactId, kind, ...details }),
  )
  return { message, events }
}

const tell = ({ run }: Pick<World, 'run'>, world: readonly Told[]): Promise<void> =>
  run(function* (tx) {
    const contacts = [...new Set(world.map(({ message }) => message.contactId))].map((id) => aContact({ id }))
    yield* tx.contacts.ensure(contacts, start)
    yield* tx.contacts.save(contacts)
    yield* tx.messages.enqueue(world.map(({ message }) => ({ message, queue: null })))
    yield* tx.messages.recordDelivery(world.flatMap(({ events }) => events))
  })

export const reportCases: Capability = ({ test, expect }) => {
  const counts = ({ read }: Pick<World, 'read'>, filter: ReportFilter = {}) => read((reader) => reader.reports.counts(filter))

  test('nothing sent counts nothing', async (world) => {
    expect(await counts(world)).toEqual(nothing)
  })

  test('sent is what was handed over or finally rejected; the rest has lines of its own', async (world) => {
    await tell(world, [
      told('accepted', {}),
      told('text', { isHtml: false }),
      told('rejected', { state: 'failed', reason: 'rejected' }),
      told('broken', { state: 'failed', reason: 'render.failed' }),
      told('lost', { state: 'unknown', reason: 'lease-over', unknownToken: 1 }),
      told('waiting', { state: 'queued' }),
      told('late', { state: 'skipped', reason: 'late' }),
      told('refused 1', { state: 'skipped', reason: 'no-consent' }),
      told('refused 2', { state: 'skipped', reason: 'no-consent' }),
    ])
    expect(await counts(world)).toEqual({
      ...nothing,
      ...{ sent: 3, sentHtml: 2, bounced: 1, bouncedHtml: 1, bouncedByClass: { undetermined: 1 } },
      ...{ failed: 1, unknown: 1, queued: 1, skippedByReason: { late: 1, 'no-consent': 2 } },
      registeredContacts: 5,
    })
  })

  test('bounced are rejections and late bounces, each once, by the class of the first', async (world) => {
    await tell(world, [
      told('fine', {}, [['delivered']]),
      told('rejected', { state: 'failed', reason: 'rejected' }, [['bounced', { bounceClass: 'hard-bad-domain' }]]),
      told('late', {}, [['delivered'], ['bounced', { bounceClass: 'filtered', occurredAt: start + 5 }]]),
      told('twice', { isHtml: false }, [
        ['bounced', { bounceClass: 'hard-unknown-user', occurredAt: start + 9 }],
        ['bounced', { bounceClass: 'filtered', occurredAt: start + 3 }],
      ]),
      told('delayed', {}, [['delayed', { bounceClass: 'transient' }]]),
      told('unresolved', { state: 'unknown' }, [['bounced']]),
    ])
    expect(await counts(world)).toEqual({
      ...nothing,
      ...{ sent: 5, sentHtml: 4, bounced: 3, bouncedHtml: 2, unknown: 1, registeredContacts: 6 },
      bouncedByClass: { 'hard-bad-domain': 1, filtered: 2 },
    })
  })

  test('openers and clickers are messages, people apart from machines, a click being an open', async (world) => {
    const machine = { actor: 'machine' } as const
    await tell(world, [
      told('opened twice', {}, [['opened'], ['opened', { occurredAt: start + 1 }]]),
      told('opened by a proxy', {}, [['opened', machine]]),
      told('clicked without a pixel', {}, [['clicked'], ['clicked', { link: 1 }], ['clicked', { link: 1, ...machine }]]),
      told('scanned', {}, [['clicked', machine]]),
      told('text, clicked', { isHtml: false }, [['clicked']]),
      told('ignored', {}, [['delivered']]),
      told('unresolved', { state: 'unknown' }, [['opened'], ['clicked'], ['complained'], ['unsubscribed']]),
    ])
    expect(await counts(world)).toEqual({
      ...nothing,
      ...{ sent: 6, sentHtml: 5, unknown: 1, registeredContacts: 7 },
      ...{ openers: 4, humanOpeners: 2, clickers: 3, humanClickers: 2, htmlClickers: 2, clicks: 5, humanClicks: 3 },
    })
  })

  test('leaving and registered are contacts; registered are those whose consent had held, even if they left', async (world) => {
    await tell(world, [
      told('m1', { contactId: 'c1' }, [['unsubscribed'], ['complained'], ['unsubscribed', { occurredAt: start + 1 }]]),
      told('m2', { contactId: 'c1' }, [['unsubscribed']]),
      told('m3', { contactId: 'c2' }),
      told('m4', { contactId: 'c3', state: 'skipped', reason: 'consent-withdrawn' }),
      told('m5', { contactId: 'c4', purpose: 'transactional' }),
      told('m6', { contactId: 'c5', state: 'unknown' }),
      told('m7', { contactId: 'c6', state: 'queued' }),
    ])
    await world.run((tx) =>
      tx.contacts.save([
        aContact({ id: 'c1', consent: { all: { status: 'withdrawn', basis: null, since: start }, topics: {} }, consentRev: 1 }),
      ]),
    )
    expect(await counts(world)).toMatchObject({ unsubscribed: 2, complained: 1, leftContacts: 1, registeredContacts: 3 })
  })

  test('converters are messages; their values add up', async (world) => {
    await tell(world, [told('m1', {}), told('m2', {}), told('m3', {})])
    await world.run(function* (tx) {
      const convert = (eventId: string, messageId: string, value: number | null) =>
        tx.messages.recordConversions([aConversion({ eventId, messageId, contactId: `c-${messageId}`, value })])
      yield* convert('o1', 'm1', 1_000)
      yield* convert('o2', 'm1', 250.5)
      yield* convert('o3', 'm2', null)
    })
    expect(await counts(world)).toMatchObject({ sent: 3, converters: 2, conversionValue: 1_250.5 })
  })

  test('a report is of a scenario, a step, a broadcast, a span of send dates, or several of these', async (world) => {
    const welcome = { scenario: 'welcome', scenarioVersion: 1, enrolmentId: 'e1' } as const
    await tell(world, [
      told('m1', { ...welcome, stepId: 'hello', finishedAt: start }, [['clicked']]),
      told('m2', { ...welcome, stepId: 'nudge', finishedAt: start + hour }, [['unsubscribed']]),
      told('m3', { scenario: 'nurture', scenarioVersion: 1, stepId: 'hello', finishedAt: start + hour - 1 }),
      told('m4', { broadcastId: 'b1', finishedAt: start + 2 * hour }),
      told('m5', { broadcastId: 'b1', state: 'queued' }),
    ])
    const sent = async (filter: ReportFilter) => (await counts(world, filter)).sent
    expect(await sent({})).toBe(4)
    expect(await counts(world, { scenario: 'welcome' })).toMatchObject({ sent: 2, clickers: 1, unsubscribed: 1 })
    expect(await counts(world, { scenario: 'welcome', stepId: 'hello' })).toMatchObject({ sent: 1, clickers: 1, unsubscribed: 0 })
    expect(await sent({ stepId: 'hello' })).toBe(2)
    expect(await counts(world, { broadcastId: 'b1' })).toMatchObject({ sent: 1, queued: 1 })
    expect(await sent({ scenario: 'unknown' })).toBe(0)
    expect(await sent({ from: start, to: start + hour })).toBe(2)
    expect(await sent({ from: start + hour })).toBe(2)
    expect(await sent({ scenario: 'welcome', to: start + hour })).toBe(1)
    expect((await counts(world, { from: 0 })).queued).toBe(0)
  })
}

export const linkReportCases: Capability = ({ test, expect }) => {
  test('clicks are counted by template version and link, and say who clicked', async (world) => {
    const machine = { actor: 'machine' } as const
    await tell(world, [
      told('m1', { contactId: '～' }, [['clicked'], ['clicked'], ['clicked', { link: 7 }]]),
      told('m2', { contactId: '😀' }, [['clicked', machine]]),
      told('m3', { contactId: 'c3', templateHash: 'h2' }, [['clicked']]),
      told('m4', { contactId: 'c4' }, [['clicked', { link: null, url: 'https://example.jp/?q=1' }]]),
      told('m5', { contactId: 'c5', broadcastId: 'b1' }, [['clicked', { link: 7 }]]),
      told('m6', { contactId: 'c5' }, [['clicked', { link: 7 }], ['opened']]),
    ])
    const row = (templateHash: string, link: number, clicks: number, clickers: number, humanClickers: number) => ({
      ...{ template: 'hello', templateHash, link, clicks, clickers, humanClickers },
    })
    expect(await world.read((reader) => reader.reports.links({}))).toEqual([
      row('h1', 0, 3, 2, 1),
      row('h1', 7, 3, 3, 3),
      row('h2', 0, 1, 1, 1),
    ])
    expect(await world.read((reader) => reader.reports.links({ broadcastId: 'b1' }))).toEqual([row('h1', 7, 1, 1, 1)])
    const clickers = (link: number, after: string | null, limit: number) =>
      world.read((reader) => reader.reports.clickers({}, { templateHash: 'h1', link }, { after, limit }))
    expect(await clickers(0, null, 9)).toEqual(['～', '😀'])
    expect(await clickers(0, null, 1)).toEqual(['～'])
    expect(await clickers(0, '～', 9)).toEqual(['😀'])
    expect(await clickers(7, null, 9)).toEqual(['c5', '～'])
    expect(await clickers(8, null, 9)).toEqual([])
  })

  test('mail is charted by the hour in which it was sent', async (world) => {
    const first = Math.floor(start / hour) * hour
    await tell(world, [
      told('m1', { finishedAt: first }),
      told('m2', { finishedAt: first + hour - 1 }),
      told('m3', { finishedAt: first + 3 * hour, state: 'failed', reason: 'rejected' }),
      told('m4', { finishedAt: first + 3 * hour, state: 'failed', reason: 'render.failed' }),
      told('m5', { finishedAt: first + hour, state: 'skipped', reason: 'late' }),
      told('m6', { finishedAt: first - 1, broadcastId: 'b1' }),
    ])
    expect(await world.read((reader) => reader.reports.sentByHour({}))).toEqual([
      { hour: first - hour, sent: 1 },
      { hour: first, sent: 2 },
      { hour: first + 3 * hour, sent: 1 },
    ])
    expect(await world.read((reader) => reader.reports.sentByHour({ from: first, to: first + hour }))).toEqual([
      { hour: first, sent: 2 },
    ])
  })
}
