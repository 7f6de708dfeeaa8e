import { expect, it } from 'vitest'
import { processOn } from '../../../test/scenarios/job-world.ts'
import { first, lifeWorld, statesOf } from '../../../test/scenarios/life-world.ts'
import { model, pro } from '../../../test/shop.ts'
import { fillWatches } from './fill-watches.ts'

const pros = model.scenario('pros', { version: 1, enterOn: { segment: pro }, steps: ({ send }) => [send('first', first)] })

it('keeps what is needed again by the time that a process, which stood still meanwhile, comes to remove it', async () => {
  const t = await lifeWorld([pros])
  await t.contacts.identify('c_1', { email: 'c_1@example.test' })
  await t.scenarios.stop('pros', { inFlight: 'finish' })
  const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const other = processOn(t, [pros])
  const transaction: typeof t.storage.transaction = async (work) => {
    reached.resolve()
    await gate.promise
    return await t.storage.transaction(work)
  }
  const filling = fillWatches({ ...other, storage: { ...t.storage, transaction } })
  await reached.promise
  await t.scenarios.publish('pros')
  gate.resolve()
  await filling
  await t.contacts.identify('c_1', { attributes: { plan: 'pro' } })
  await t.settle()
  expect(await statesOf(t, 'c_1')).toMatchObject([{ state: 'completed' }])
})

it('removes what no scenario starts on any more', async () => {
  const t = await lifeWorld([pros])
  await t.scenarios.stop('pros', { inFlight: 'finish' })
  await t.settle()
  expect(await t.read((reader) => reader.watches.all())).toEqual([])
})
