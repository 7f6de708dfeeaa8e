import assert from 'node:assert/strict'
import type { Storage } from '@tobiishi/core/ports'
import { createTestTobiishi } from '@tobiishi/core/testing'
import { hello, model, nudge } from '../../conformance/src/engine/shop.ts'

/** The scenarios of `fixtures/version-1-rows.sql`, word for word. */
const onboarding = model.scenario('onboarding', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  steps: ({ send, wait, event }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('settle', { days: 3, at: '10:00' }),
    send('nudge', nudge),
  ],
})
const evening = model.scenario('evening', {
  version: 1,
  enterOn: 'order.placed',
  reentry: 'every-event',
  window: { from: '18:00', to: '20:00' },
  steps: ({ send, wait }) => [send('later', nudge), wait('day', '1 day'), send('again', nudge)],
})

/**
 * The engine of now on the rows that the first release left: the app is not refused, although its scenarios are stored in the
 * old format, and everybody goes on from where they were, each mail at its time and none twice.
 */
export const checkEngineGoesOn = async (storage: Storage<unknown>): Promise<void> => {
  const t = await createTestTobiishi({ model, scenarios: [onboarding, evening], storage, now: '2026-01-05T01:30:00Z' })
  await t.clock.advance('5 days')
  const went = ['c_1', 'c_2', 'c_3'].map(async (id) =>
    (await t.messages.ofContact(id))
      .map(({ template, state, finishedAt }) => [template, state, finishedAt && new Date(finishedAt).toISOString()])
      .toReversed(),
  )
  assert.deepEqual(await Promise.all(went), [
    [
      ['hello', 'sent', '2026-01-05T01:00:00.000Z'],
      ['nudge', 'sent', '2026-01-08T01:00:00.000Z'],
    ],
    [
      ['nudge', 'sent', '2026-01-05T09:00:00.000Z'],
      ['nudge', 'sent', '2026-01-06T09:00:00.000Z'],
    ],
    [
      ['hello', 'sent', '2026-01-05T01:30:00.000Z'],
      ['nudge', 'sent', '2026-01-08T01:00:00.000Z'],
    ],
  ])
  await t.close()
}
