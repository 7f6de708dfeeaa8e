import { describe, expect, it } from 'vitest'
import { type LifeWorld, lifeWorld } from '../../../test/scenarios/life-world.ts'
import { model, nudge, thanks } from '../../../test/shop.ts'
import type { DeclaredScenario } from '../../define/declared.ts'

const at = (text: string) => Date.parse(`${text}:00+09:00`)

const begun = async (scenario: DeclaredScenario) => {
  const t = await lifeWorld([scenario])
  await t.track('c_1', 'brochure.requested', { brochure: 'A' })
  await t.settle()
  return t
}

const pauseForTwoDays = async (t: LifeWorld, name: string) => {
  await t.scenarios.pause(name)
  await t.clock.advance('2 days')
  await t.scenarios.resume(name, { missed: 'shift' })
}

const waiting = async (t: LifeWorld, scenario: DeclaredScenario, language: 'en' | 'ja' = 'en') =>
  (await t.explain('c_1', scenario, { language })).findings.find(({ kind }) => kind === 'waiting')?.text

describe('explaining after a pause that was resumed with shift', () => {
  it('names the planned time of the mail before as it was, and that the pause moved it', async () => {
    const way = model.scenario('way', {
      ...{ version: 1, enterOn: 'brochure.requested' },
      steps: ({ send, wait }) => [
        send('nudge', nudge),
        wait('rest', { days: 3, at: '10:00' }),
        send('thanks', thanks),
        wait('again', { days: 1 }),
        send('last', nudge),
      ],
    })
    const t = await begun(way)
    await pauseForTwoDays(t, 'way')
    const said =
      'Waits at step "rest" until 2026-01-10 10:00 (Asia/Tokyo): 3 days, at 10:00 (counted from the planned time of the mail before, 2026-01-05 10:00, moved by the pause to 2026-01-07 10:00).'
    expect(await waiting(t, way)).toBe(said)
    await t.settle()
    expect(await waiting(t, way)).toBe(said)
    expect(await waiting(t, way, 'ja')).toBe(
      'ステップ「rest」で 2026-01-10 10:00 (Asia/Tokyo) まで待機中：3日後 10:00（前のメールの予定時刻 2026-01-05 10:00 を一時停止の分だけ移した 2026-01-07 10:00 から数えて）。',
    )
    await t.clock.advanceTo(at('2026-01-10T10:00'))
    expect(await waiting(t, way)).toMatch(/counted from the planned time of the mail before, 2026-01-10 10:00\)\.$/)
  })

  it.each(['entry', 'previous'] as const)('names the entry as it was where a wait counts from it: %s', async (from) => {
    const way = model.scenario('way', {
      ...{ version: 1, enterOn: 'brochure.requested' },
      steps: ({ send, wait }) => [wait('rest', { days: 3, at: '10:00' }, { from }), send('thanks', thanks)],
    })
    const t = await begun(way)
    await pauseForTwoDays(t, 'way')
    await t.settle()
    expect(await waiting(t, way)).toMatch(/counted from the entry, 2026-01-05 10:00, moved by the pause to 2026-01-07 10:00\)\.$/)
  })

  it('tells that the pause moved a mail that was queued', async () => {
    const office = model.scenario('office', {
      ...{ version: 1, enterOn: 'brochure.requested', window: { days: 'weekdays', from: '18:00', to: '21:00' } },
      steps: ({ send }) => [send('nudge', nudge, { sendWithin: '7 days' })],
    })
    const t = await begun(office)
    await pauseForTwoDays(t, 'office')
    const queued = async () => (await t.explain('c_1', office)).findings.find(({ kind }) => kind === 'queued')
    expect(await queued()).toMatchObject({
      at: at('2026-01-07T18:00'),
      holds: [{ reason: 'window', until: at('2026-01-07T18:00') }],
    })
    const fresh = await begun(office)
    await fresh.scenarios.pause('office')
    await fresh.clock.advanceTo(at('2026-01-06T12:00'))
    await fresh.scenarios.resume('office', { missed: 'shift' })
    const moved = (await fresh.explain('c_1', office)).findings.find(({ kind }) => kind === 'queued')
    expect(moved).toMatchObject({
      at: at('2026-01-06T20:00'),
      holds: [
        { reason: 'window', until: at('2026-01-06T18:00') },
        { reason: 'moved', until: at('2026-01-06T20:00') },
      ],
    })
    expect(moved?.text).toMatch(/; the pause has moved it to 2026-01-06 20:00\.$/)
    await fresh.clock.advanceTo(at('2026-01-06T20:00'))
    expect(fresh.outbox).toHaveLength(1)
  })
})

describe('findings of one instant', () => {
  it('stand in the order of the steps', async () => {
    const way = model.scenario('way', {
      ...{ version: 1, enterOn: 'brochure.requested' },
      steps: ({ send, call, update }) => [
        send('one', nudge, { sendWithin: '7 days' }),
        call('two', 'two', {}, { wait: false, attempts: 1 }),
        update('mark', { set: { points: 1 } }),
        send('three', thanks, { sendWithin: '7 days' }),
        send('four', nudge, { sendWithin: '7 days' }),
      ],
      minGap: '0 hours',
    })
    const t = await lifeWorld([way], { grantConsent: false, handlers: { two: () => Promise.reject(new Error('no')) } })
    await t.contacts.identify('c_1', { email: 'a@b.test' })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    const findings = (await t.explain('c_1', way)).findings.filter(({ kind }) => kind !== 'blocked')
    expect(findings.map(({ kind, step }) => `${kind} ${step}`)).toEqual([
      'entered null',
      'skipped one',
      'call two',
      'skipped three',
      'skipped four',
      'ended null',
    ])
  })
})
