import { describe, expect, it } from 'vitest'
import { addContacts, deliveryWorld, everyone, news, start, type World } from '../../../test/delivery/delivery-world.ts'
import { accepted, brokeAfterDot, scriptedTransport, userUnknown } from '../../../test/delivery/scripted-transport.ts'
import { day, hour } from '../../domain/time/instant.ts'
import { createBroadcasts } from '../broadcasts/create-broadcasts.ts'
import { expandBroadcasts } from '../broadcasts/expand-broadcasts.ts'
import { deliverDue } from '../deliver/deliver-due.ts'
import { attributeEvents } from '../ingest/attribute-events.ts'
import { ingest } from '../ingest/ingest.ts'
import { createReports } from './create-reports.ts'

/** A newsletter to `count` contacts, of whom some bounce, and one whose fate is unknown when `unknown` is set. */
const newsletter = async (count: number, refused: number, options: { readonly unknown?: boolean } = {}) => {
  const transport = scriptedTransport(({ envelope }) => {
    const nth = Number(/^c(\d+)@/.exec(envelope.to)?.[1])
    if (nth < refused) return userUnknown
    return options.unknown === true && nth === refused ? brokeAfterDot : accepted
  }, 20)
  const world = await deliveryWorld({ transport })
  await addContacts(world, count)
  await world.storage.transaction((tx) =>
    tx.templates.publish(
      [...world.runtime.prepared.values()].map(({ name, hash, links, source }) => ({
        template: name,
        hash,
        links,
        source,
        createdAt: start,
      })),
    ),
  )
  await createBroadcasts(world.runtime).send({ id: 'may', template: news, to: everyone })
  await expandBroadcasts(world.runtime, {})
  await deliverDue(world.runtime, { limit: count })
  world.clock.advance(hour)
  return world
}
const messageTo = async (world: World, contactId: string): Promise<string> => {
  const [message] = await world.storage.read((reader) => reader.messages.ofContact(contactId, { limit: 1 }))
  return message?.id ?? ''
}
const order = (world: World, contactId: string, id: string, total: number) =>
  world.storage.transaction((tx) =>
    attributeEvents(world.runtime, tx, [
      {
        name: 'order.placed',
        id,
        contactId,
        payload: { total },
        occurredAt: world.clock.now(),
        receivedAt: world.clock.now(),
      },
    ]),
  )
const click = async (world: World, contactId: string, link = 0) =>
  ingest(world.runtime, [
    { messageId: await messageTo(world, contactId), kind: 'clicked', link, userAgent: 'Mozilla/5.0 (iPhone) Safari' },
  ])

describe('KPI', () => {
  it('1,000 sent and 950 delivered is a bounce rate of 5 %', async () => {
    const world = await newsletter(1_000, 50)
    const report = await createReports(world.runtime).kpi({ broadcastId: 'may' })
    expect(report).toMatchObject({ sent: 1_000, delivered: 950, bounced: 50 })
    expect(report.bounceRate.rate).toBe(0.05)
    expect(report.deliveryRate.rate).toBe(0.95)
  })

  it('1,000 registered and 30 left is an unsubscribe rate of 3 %', async () => {
    const world = await newsletter(1_000, 0)
    for (let nth = 0; nth < 30; nth += 1)
      await ingest(world.runtime, [{ messageId: await messageTo(world, `c${nth}`), kind: 'unsubscribed' }])
    const report = await createReports(world.runtime).kpi({ broadcastId: 'may' })
    expect(report.unsubscribeRate).toMatchObject({ numerator: 30, denominator: 1_000, rate: 0.03 })
  })

  it('an unknown message stands on its own line', async () => {
    const world = await newsletter(10, 1, { unknown: true })
    expect(await createReports(world.runtime).kpi({})).toMatchObject({ sent: 9, delivered: 8, bounced: 1, unknown: 1 })
  })

  it('nothing sent has no rates, and text mail no open rate', async () => {
    const world = await newsletter(3, 0)
    expect((await createReports(world.runtime).kpi({ broadcastId: 'none' })).bounceRate.rate).toBeNull()
    expect((await createReports(world.runtime).kpi({ broadcastId: 'may' })).openRate.rate).toBeNull()
  })
})

describe('links', () => {
  it('say how often and by how many each was clicked, and where it led', async () => {
    const world = await newsletter(5, 0)
    await click(world, 'c1')
    await click(world, 'c1')
    await click(world, 'c3')
    const reports = createReports(world.runtime)
    const [link] = await reports.links({ broadcastId: 'may' })
    expect(link).toMatchObject({ template: 'news', link: 0, url: 'https://shop.example/new', clicks: 3, clickers: 2 })
    const hash = link?.templateHash ?? ''
    expect(await reports.clickers({ broadcastId: 'may' }, { templateHash: hash, link: 0 })).toEqual(['c1', 'c3'])
    expect(await reports.clickers({}, { templateHash: hash, link: 0 }, { after: 'c1', limit: 1 })).toEqual(['c3'])
  })
})

describe('conversions', () => {
  it('belong to the last mail clicked within five days, one an order', async () => {
    const world = await newsletter(4, 0)
    await click(world, 'c0')
    await click(world, 'c1')
    world.clock.advance(4 * day)
    await order(world, 'c0', 'o1', 12_000)
    await order(world, 'c0', 'o1', 12_000)
    await order(world, 'c0', 'o2', 3_000)
    world.clock.advance(2 * day)
    await order(world, 'c1', 'o3', 99_000)
    await order(world, 'c2', 'o4', 99_000)
    const report = await createReports(world.runtime).kpi({ broadcastId: 'may' })
    expect(report.conversionRate).toMatchObject({ numerator: 1, denominator: 4 })
    expect(report.conversionValue).toBe(15_000)
  })

  it('count no event that is not declared a success', async () => {
    const world = await newsletter(1, 0)
    await click(world, 'c0')
    const runtime = {
      ...world.runtime,
      settings: { ...world.runtime.settings, attribution: { ...world.runtime.settings.attribution, events: [] } },
    }
    await order({ ...world, runtime }, 'c0', 'o1', 1)
    expect((await createReports(world.runtime).kpi({})).conversionRate.numerator).toBe(0)
  })
})
