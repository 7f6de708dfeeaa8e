import { describe, expect, it } from 'vitest'
import { first, model, now, second, third } from '../../../test/club.ts'
import { createTestTobiishi } from '../../testing/index.ts'

const spared = model.segment('spared', ({ received, not }) => not(received({ within: '3 days' })))
const hour = 3_600_000
const day = 24 * hour

describe('segments about mail, as time passes', () => {
  it('let an enrolment go on at the very instant at which a mail leaves their window', async () => {
    const scenario = model.scenario('patient', {
      version: 1,
      enterOn: 'joined',
      steps: ({ send, wait, waitFor }) => [
        send('hello', first),
        wait('settle', '1 day'),
        waitFor('rest', {
          for: [{ segment: spared, steps: [send('nudge', second)] }],
          timeout: { after: '30 days', steps: [send('late', third)] },
        }),
      ],
    })
    const t = await createTestTobiishi({ model, scenarios: [scenario], now })
    await t.track('c', 'joined', { by: 'form' })
    await t.settle()
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['first'])
    await t.clock.advance(3 * day - 1)
    expect(t.outbox).toHaveLength(1)
    await t.clock.advance(1)
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['first', 'second'])
  })
})
