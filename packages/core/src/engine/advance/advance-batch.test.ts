import { expect, it } from 'vitest'
import { addContacts, deliveryWorld, start } from '../../../test/delivery/delivery-world.ts'
import { advanceBatch } from './advance-batch.ts'

it('brings nobody back who was merged or erased after it was read that something waits for them', async () => {
  const { runtime, storage } = await deliveryWorld()
  const report = await storage.transaction((tx) => advanceBatch(runtime, tx, ['gone'], start))
  expect(report).toMatchObject({ locked: [], worked: [] })
  expect(await storage.read((reader) => reader.contacts.count())).toBe(0)
})

it('makes a contact of whom it hears for the first time, beside one that is there', async () => {
  const world = await deliveryWorld()
  await addContacts(world, 1)
  const { runtime, storage } = world
  const event = { kind: 'track', name: 'order.placed', key: 'o1', payload: { total: 1 } } as const
  const times = { occurredAt: start, receivedAt: start, startScenarios: true }
  await storage.append([{ contactId: 'new', ...event, ...times }])
  const report = await storage.transaction((tx) => advanceBatch(runtime, tx, ['c0', 'new', 'gone'], start))
  expect(report).toMatchObject({ locked: ['c0', 'new'], worked: ['new'] })
  expect(await storage.read((reader) => reader.contacts.count())).toBe(2)
})
