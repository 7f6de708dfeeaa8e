import { describe, expect, it } from 'vitest'
import { everyone, model, news } from '../../../test/delivery/delivery-world.ts'
import { memoryStorage } from '../../memory/index.ts'
import type { Storage } from '../../ports/storage/index.ts'
import { createTestTobiishi } from '../../testing/index.ts'

const world = async (now: string, storage: Storage<unknown> = memoryStorage()) => {
  const lines: { readonly event: string; readonly fields: unknown }[] = []
  const warn = (event: string, fields?: unknown) => void lines.push({ event, fields })
  const logger = { debug() {}, info() {}, warn, error: warn }
  const t = await createTestTobiishi({ model, templates: [news], now, storage, logger })
  return { t, lines, storage }
}

describe('a broadcast whose time has passed', () => {
  it('is sent now when it is asked for too late', async () => {
    const { t, lines } = await world('2026-01-05T01:00:00Z')
    await t.contacts.identify('c_1', { email: 'a@customer.example' })
    const { at } = await t.broadcasts.send({ template: news, to: everyone, at: '2025-12-01T00:00:00Z' })
    expect(at).toBe(t.clock.now())
    expect(await t.settle()).toMatchObject({ sent: 1, skipped: 0 })
    expect(lines).toEqual([])
  })

  it('says once that it starts after its mails have expired, because no worker ran', async () => {
    const { t, storage } = await world('2026-01-05T01:00:00Z')
    await t.contacts.identify('c_1', { email: 'a@customer.example' })
    const { id } = await t.broadcasts.send({ template: news, to: everyone })
    const late = await world('2026-01-06T02:00:00Z', storage)
    expect(await late.t.settle()).toMatchObject({ sent: 0, skipped: 1 })
    await late.t.settle()
    expect(late.lines).toMatchObject([{ event: 'broadcast.startedTooLate', fields: { broadcastId: id, audience: 1 } }])
  })
})
