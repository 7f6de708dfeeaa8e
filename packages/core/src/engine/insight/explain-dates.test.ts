import { expect, it } from 'vitest'
import { lifeWorld } from '../../../test/scenarios/life-world.ts'
import { model, nudge } from '../../../test/shop.ts'

it('promises nothing of a mail that was taken back because its date is gone', async () => {
  const joined = model.scenario('joined', {
    ...{ version: 1, enterOn: 'brochure.requested', window: { from: '18:00', to: '21:00' } },
    steps: ({ wait, send }) => [wait('day', { days: 1 }, { from: { attribute: 'joinedAt' } }), send('nudge', nudge)],
  })
  const t = await lifeWorld([joined])
  await t.contacts.identify('c_1', { email: 'a@b.test', attributes: { joinedAt: '2026-01-05T11:00:00+09:00' } })
  await t.track('c_1', 'brochure.requested', { brochure: 'A' })
  await t.clock.advance('27 hours')
  await t.contacts.identify('c_1', { attributes: { joinedAt: null } })
  await t.settle()
  const said = async (language: 'en' | 'ja') =>
    (await t.explain('c_1', joined, { language })).findings.find(({ reason }) => reason === 'date-changed')?.text
  expect(await said('en')).toBe(
    'Mail "nudge" was left out 2026-01-06 13:00 (Asia/Tokyo): its date or the zone of the contact has changed: it was taken back, and what is set now decides.',
  )
  expect(await said('ja')).toMatch(/：基準日またはタイムゾーンが変わったため取り消され、現在の値で判定し直されます。$/)
})
