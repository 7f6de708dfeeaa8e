import { describe, expect, it } from 'vitest'
import { model, news } from '../../../test/delivery/delivery-world.ts'
import { memoryStorage } from '../../memory/index.ts'
import { createTestTobiishi } from '../../testing/index.ts'

const course = (version: number, stepId: string) =>
  model.scenario('course', { version, enterOn: 'order.placed', steps: ({ send }) => [send(stepId, news, {})] })

const world = async () => {
  const storage = memoryStorage()
  await createTestTobiishi({
    model,
    storage,
    scenarios: [course(1, 'first'), model.scenario('gone', { version: 1, steps: ({ send }) => [send('only', news, {})] })],
  })
  return await createTestTobiishi({ model, storage, scenarios: [course(2, 'opening')] })
}
const link = { templateHash: 'h', link: 0 }

describe('a report about what never was', () => {
  it('is refused for a scenario that is neither declared nor stored, with the names there are', async () => {
    const { reports } = await world()
    const refusal = { code: 'scenario.unknown', message: expect.stringContaining('course, gone') }
    const filter = { scenario: 'corse' }
    await expect(reports.kpi(filter)).rejects.toMatchObject(refusal)
    await expect(reports.links(filter)).rejects.toMatchObject(refusal)
    await expect(reports.clickers(filter, link)).rejects.toMatchObject(refusal)
  })

  it('is refused for a step that no version has, with the steps there are', async () => {
    const { reports } = await world()
    await expect(reports.kpi({ scenario: 'course', stepId: 'only' })).rejects.toMatchObject({
      code: 'definition.unknown_reference',
      message: expect.stringContaining('first, opening'),
    })
    await expect(reports.kpi({ stepId: 'onyl' })).rejects.toMatchObject({ code: 'definition.unknown_reference' })
  })

  it('is answered for everything that was: older versions, and scenarios no longer declared', async () => {
    const { reports } = await world()
    for (const filter of [
      {},
      { scenario: 'course' },
      { scenario: 'course', stepId: 'opening' },
      { scenario: 'course', stepId: 'first' },
      { scenario: 'gone', stepId: 'only' },
      { stepId: 'only' },
    ])
      expect(await reports.kpi(filter)).toMatchObject({ sent: 0 })
  })
})
