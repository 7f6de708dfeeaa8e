import { expect, it } from 'vitest'
import { day, first, model, now } from '../../../test/club.ts'
import { recordingLogger } from '../../../test/recording-logger.ts'
import { createTestTobiishi } from '../../testing/index.ts'

it('gives a contact with endless work only so much of one pass', async () => {
  const { logger, lines } = recordingLogger()
  const { definition } = model.scenario('minutes', {
    version: 1,
    enterOn: 'joined',
    steps: ({ wait, send }) => [wait('a', '1 minute'), wait('b', '1 minute'), send('over', first)],
  })
  const { a, b } = definition.steps
  const t = await createTestTobiishi({ model, scenarios: [], now, logger })
  await t.scenarios.save({ ...definition, steps: { a, b: { ...b, next: 'a' } } })
  await t.scenarios.publish('minutes')
  await t.track('c', 'joined', { by: 'form' })
  await t.settle()
  t.clock.jumpTo(t.clock.now() + 80 * day)
  await t.tick()
  const [enrolment] = await t.scenarios.enrolments('c')
  expect(enrolment?.state).toBe('active')
  expect(enrolment?.stepSeq).toBeLessThan(110_000)
  expect(lines).toContainEqual(expect.objectContaining({ event: 'contact.goesRound' }))
  await t.settle()
  expect((await t.scenarios.enrolments('c'))[0]?.stepSeq).toBe(115_200)
})
