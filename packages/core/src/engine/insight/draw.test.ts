import { describe, expect, it } from 'vitest'
import { first, lifeWorld, second } from '../../../test/scenarios/life-world.ts'
import { model, onboarding } from '../../../test/shop.ts'

describe('the diagram of a stored scenario', () => {
  it('shows how many stand where and what has been sent and left out, of all versions', async () => {
    const t = await lifeWorld([onboarding])
    const request = (id: string) => t.track(id, 'brochure.requested', { brochure: 'A' })
    for (const id of ['c_1', 'c_2', 'c_3']) await request(id)
    await t.settle()
    await t.track('c_3', 'order.placed', { total: 1 })
    await t.clock.advance('2 days')
    await request('c_4')
    await t.contacts.identify('c_5', { email: 'c_5@b.test', withdraw: [{ evidence: { source: 'test' } }] })
    await request('c_5')
    await t.clock.advance('1 day')
    const drawn = await t.scenarios.diagram('onboarding', { counts: true })
    expect(drawn).toContain('["✉ hello<br/>hello<br/>4 sent · 1 skipped"]')
    expect(drawn).toContain('[/"settle<br/>3 days, at 10:00<br/>2 here"/]')
    expect(drawn).toContain('["✉ nudge<br/>nudge<br/>2 sent"]')
    expect(drawn).toContain('finish(["end<br/>2 completed · 1 exited · 0 failed"])')
    const japanese = await t.scenarios.diagram('onboarding', { counts: true, language: 'ja' })
    expect(japanese).toContain('配信4通 · 見送り1通')
    expect(japanese).toContain('brochure.requested で開始')
  })

  it('shows at the end who waits for the last mail only', async () => {
    const evening = model.scenario('evening', {
      ...{ version: 1, enterOn: 'brochure.requested', window: { from: '18:00', to: '21:00' } },
      steps: ({ send }) => [send('only', first)],
    })
    const t = await lifeWorld([evening])
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    const drawn = await t.scenarios.diagram('evening', { counts: true })
    expect(drawn).toContain('finish(["end<br/>1 here, last mail queued<br/>0 completed')
    await t.clock.advance('1 day')
    expect(await t.scenarios.diagram('evening', { counts: true })).toContain('finish(["end<br/>1 completed')
  })

  it('without counts is what the declared scenario draws, and of a draft the draft', async () => {
    const t = await lifeWorld([onboarding])
    expect(await t.scenarios.diagram('onboarding')).toBe(onboarding.diagram())
    expect(await t.scenarios.diagram('onboarding', { language: 'ja' })).toBe(onboarding.diagram({ language: 'ja' }))
    const saved = (version: number, template: typeof first) =>
      model.scenario('saved', { version, steps: ({ send }) => [send('only', template)] })
    await t.scenarios.save(saved(1, first).toJSON())
    expect(await t.scenarios.diagram('saved')).toBe(saved(1, first).diagram())
    await t.scenarios.publish('saved')
    await t.scenarios.save(saved(2, second).toJSON())
    expect(await t.scenarios.diagram('saved')).toBe(saved(1, first).diagram())
    await expect(t.scenarios.diagram('nope')).rejects.toMatchObject({ code: 'scenario.unknown' })
  })
})
