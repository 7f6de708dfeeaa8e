import type { EngineTheme } from './engine-world.ts'
import { ledger, rejection, subjects } from './observations.ts'
import { hello, model, nudge } from './shop.ts'

const course = (version: number, days: number) =>
  model.scenario('course', {
    version,
    enterOn: 'brochure.requested',
    steps: ({ send, wait, event }) => [
      send('hello', hello, { brochure: event.brochure }),
      wait('settle', { days }),
      send('nudge', nudge),
    ],
  })

const says = (message: string, ...parts: readonly string[]) => parts.filter((part) => !message.includes(part))

/** What an app is told when it cannot start on this database, and what it may change between starts. */
export const startingCases: EngineTheme = ({ test, expect }) => {
  test(
    'a database without tables: what to run',
    async ({ start, storage, skip }) => {
      if ((await storage.schemaState()) === 'ready') return skip('this storage needs no migration')
      const refusal = await rejection(start())
      expect(refusal).toMatchObject({ code: 'schema.not_migrated' })
      expect(says(refusal.message, 'await storage.migrate()')).toEqual([])
      await storage.migrate()
      const kit = await start()
      await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
      await kit.settle()
      expect(subjects(kit)).toEqual(['hello A'])
    },
    { isMigrated: false },
  )

  test('a copy of the production database sends nothing and says why', async ({ start }) => {
    const production = await start()
    await production.track('c_1', 'brochure.requested', { brochure: 'A' })
    const refusal = await rejection(start({ baseUrl: 'https://staging.test' }))
    expect(refusal).toMatchObject({ code: 'stamp.mismatch' })
    expect(says(refusal.message, 'app.test', 'staging.test', 'a database of its own')).toEqual([])
    expect(await rejection(start({ environment: 'staging' }))).toMatchObject({ code: 'stamp.mismatch' })
    expect(await ledger(production)).toEqual([])
  })

  test('another address key is refused, because suppressed addresses would not be known', async ({ start }) => {
    await start()
    const refusal = await rejection(start({ addressKey: 'another key, and long enough for one' }))
    expect(refusal).toMatchObject({ code: 'config.address_key_changed' })
  })

  test('a published version with other steps is refused with the difference', async ({ start }) => {
    await start({ scenarios: [course(1, 3)] })
    const refusal = await rejection(start({ scenarios: [course(1, 4)] }))
    expect(refusal).toMatchObject({ code: 'scenario.changed' })
    expect(says(refusal.message, 'settle', 'was 3, is 4', 'Raise the version to 2')).toEqual([])
    await start({ scenarios: [course(1, 3)] })
  })

  test('a new version is for who enters from now on; the others finish theirs, and a lower one replaces nothing', async ({
    start,
  }) => {
    const before = await start({ scenarios: [course(1, 3)] })
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.settle()
    const after = await start({ scenarios: [course(2, 30)] })
    await after.track('c_2', 'brochure.requested', { brochure: 'B' })
    await after.settle()
    const old = await start({ scenarios: [course(1, 3)] })
    await old.track('c_3', 'brochure.requested', { brochure: 'C' })
    await old.clock.advance('10 days')
    expect(await ledger(old, 'c_1')).toEqual(['hello sent', 'nudge sent'])
    expect(await ledger(old, 'c_2')).toEqual(['hello sent'])
    expect((await old.scenarios.enrolments('c_3')).map(({ version }) => version)).toEqual([2])
  })
}
