import { describe, expect, it } from 'vitest'
import { type LifeWorld, lifeWorld } from '../../../test/scenarios/life-world.ts'
import { model, nudge, thanks } from '../../../test/shop.ts'
import { memoryStorage } from '../../memory/index.ts'

const request = (t: Pick<LifeWorld, 'track'>) => t.track('c_1', 'brochure.requested', { brochure: 'A' })

const way = (
  version: number,
  options: { readonly inFlight?: 'exit'; readonly draft?: boolean; readonly isLate?: boolean } = {},
) => {
  const { isLate = false, ...rest } = options
  return model.scenario('way', {
    ...{ version, enterOn: 'brochure.requested', ...rest },
    ...(isLate ? { window: { from: '18:00', to: '21:00' } } : {}),
    steps: ({ send, wait }) => [send('nudge', nudge), wait('rest', { days: 3, at: '10:00' }), send('thanks', thanks)],
  })
}

describe('explaining somebody who is being shown out', () => {
  it('says that the scenario was stopped, and nothing comes any more', async () => {
    const t = await lifeWorld([way(1)])
    await request(t)
    await t.settle()
    await t.scenarios.stop('way', { inFlight: 'exit' })
    const { findings, nextAt } = await t.explain('c_1', way(1))
    expect(nextAt).toBeNull()
    expect(findings.find(({ kind }) => kind === 'waiting')).toMatchObject({
      ...{ step: 'rest', reason: 'stopped', at: null, waitsFor: null },
      text: 'Is leaving: the scenario was stopped. A worker ends it at its next look.',
    })
    const japanese = await t.explain('c_1', way(1), { language: 'ja' })
    expect(japanese.findings.map(({ text }) => text)).toContain('離脱の処理中です（シナリオを停止）。次の処理で終了します。')
    await t.settle()
    expect((await t.explain('c_1', way(1))).findings.map(({ kind, reason }) => [kind, reason])).toContainEqual([
      'ended',
      'stopped',
    ])
  })

  it('says that the version was replaced, also of mail that is queued', async () => {
    const storage = memoryStorage()
    const before = await lifeWorld([way(1, { isLate: true })], { storage })
    await request(before)
    await before.settle()
    const t = await lifeWorld([way(2, { inFlight: 'exit', draft: true })], { storage })
    expect((await t.explain('c_1', way(1))).nextAt).not.toBeNull()
    await t.scenarios.publish('way')
    const { findings, nextAt } = await t.explain('c_1', way(1))
    expect(nextAt).toBeNull()
    expect(findings.find(({ kind }) => kind === 'waiting')).toMatchObject({ reason: 'replaced', at: null })
    expect(findings.find(({ kind }) => kind === 'queued')).toMatchObject({
      ...{ reason: 'replaced', at: null, holds: [{ reason: 'replaced' }] },
      text: 'Mail "nudge" is queued: it will be left out, the version was replaced.',
    })
  })

  it('leaves alone who comes in by the new version', async () => {
    const storage = memoryStorage()
    const before = await lifeWorld([way(1)], { storage })
    await before.settle()
    const t = await lifeWorld([way(2, { inFlight: 'exit', draft: true })], { storage })
    await t.scenarios.publish('way')
    await request(t)
    await t.settle()
    const { nextAt } = await t.explain('c_1', way(1))
    expect(nextAt).toBe(Date.parse('2026-01-08T10:00:00+09:00'))
  })
})
