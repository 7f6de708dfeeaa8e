import { expect, it } from 'vitest'
import { first, model, now } from '../../test/club.ts'
import { createTestTobiishi } from '../testing/index.ts'

const scenario = model.scenario('hello', { version: 1, enterOn: 'joined', steps: ({ send }) => [send('a', first)] })

/** As a caller without types calls it. */
// biome-ignore lint/suspicious/noExplicitAny: that is what is tested
const setUp = async (): Promise<any> => await createTestTobiishi({ model, scenarios: [scenario], now })

it.each(['forecast', 'backfill', 'previewBackfill', 'resume', 'diagram', 'export', 'previewPublish'])(
  'names the options of scenarios.%s where they are none',
  async (method) => {
    const t = await setUp()
    for (const options of [null, 'x', []])
      await expect(t.scenarios[method]('hello', options)).rejects.toMatchObject({
        code: 'config.invalid',
        message: expect.stringContaining(`scenarios.${method}`),
      })
  },
)

it.each(['list', 'deadCalls'])('names the options of scenarios.%s', async (method) => {
  const t = await setUp()
  await expect(t.scenarios[method](null)).rejects.toMatchObject({ code: 'config.invalid' })
})

it('names an unknown target or language', async () => {
  const t = await setUp()
  await t.contacts.identify('c', { email: 'c@example.test' })
  for (const target of [null, undefined, 'hello', {}, { scenario: 1 }, { kind: 'segment' }])
    await expect(t.explain('c', target)).rejects.toMatchObject({ code: 'config.invalid' })
  await expect(t.explain('c', scenario, null)).rejects.toMatchObject({ code: 'config.invalid' })
  await expect(t.explain('c', scenario, { language: 'fr' })).rejects.toMatchObject({ code: 'config.invalid' })
  await expect(t.scenarios.diagram('hello', { language: 'toString' })).rejects.toMatchObject({ code: 'config.invalid' })
  await expect(t.explain('c', scenario, { language: 'ja' })).resolves.toMatchObject({ contactId: 'c' })
})

it('names what cannot be enrolled', async () => {
  const t = await setUp()
  for (const who of [null, undefined, {}, 1])
    await expect(t.enrol(who, scenario)).rejects.toMatchObject({ code: 'config.invalid' })
  for (const what of [null, undefined, {}, 'goodbye', 1])
    await expect(t.enrol('c', what)).rejects.toMatchObject({ code: 'scenario.unknown' })
  await expect(t.enrol('c', scenario, null)).rejects.toMatchObject({ code: 'config.invalid' })
})

it('takes no limit that is no number', async () => {
  const t = await setUp()
  for (const limit of [null, Number.NaN, -1, 1.5, '', '5', {}])
    await expect(t.scenarios.deadCalls({ limit })).rejects.toMatchObject({ code: 'config.invalid' })
  for (const limit of ['', '5', Number.NaN, {}]) await expect(t.tick({ limit })).rejects.toMatchObject({ code: 'config.invalid' })
})
