import type { EngineTheme, EngineWorld } from '../engine-world.ts'
import { enrolments, ledger, mailed, rejection } from '../observations.ts'
import { hello, model, nudge, thanks, tips } from '../shop.ts'

type InFlight = 'pin' | 'migrate' | 'exit'

/** hello → three days → nudge. */
const first = model.scenario('course', {
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: 'order.placed',
  steps: ({ send, wait, event }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('settle', { days: 3 }),
    send('nudge', nudge),
  ],
})

/** hello → ten days → nudge → thanks. */
const longer = (inFlight: InFlight | undefined, draft = false) =>
  model.scenario('course', {
    version: 2,
    enterOn: 'brochure.requested',
    exitOn: 'order.placed',
    ...(inFlight === undefined ? {} : { inFlight }),
    draft,
    steps: ({ send, wait, event }) => [
      send('hello', hello, { brochure: event.brochure }),
      wait('settle', { days: 10 }),
      send('nudge', nudge),
      wait('more', '1 day'),
      send('thanks', thanks),
    ],
  })

/** The first step and the wait are gone. */
const replaced = (successors: { readonly [step: string]: string | null }) =>
  model.scenario('course', {
    version: 2,
    enterOn: 'brochure.requested',
    inFlight: 'migrate',
    successors,
    steps: ({ send, wait }) => [send('tips', tips), wait('rest', { days: 5 }), send('nudge', nudge)],
  })

/** A contact who got the first mail on Monday at ten, and waits. */
const waiting = async ({ start }: EngineWorld) => {
  const kit = await start({ scenarios: [first] })
  await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
  await kit.clock.advance('1 day')
  return kit
}
const now = '2026-01-06T01:00:00Z'

/** Publishing another version while contacts are in the one before. */
export const editingCases: EngineTheme = ({ test, expect }) => {
  test('by default they finish in theirs, and who comes later gets the new one', async (world) => {
    await waiting(world)
    const kit = await world.start({ now, scenarios: [longer(undefined)] })
    await kit.track('c_2', 'brochure.requested', { brochure: 'B' })
    await kit.clock.advance('20 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-08 10:00 nudge'])
    expect((await kit.scenarios.enrolments('c_1')).map(({ version }) => version)).toEqual([1])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-06 10:00 hello', '2026-01-16 10:00 nudge', '2026-01-17 10:00 thanks'])
  })

  test('migrated, they stand at the step of the same id and go on by the new one', async (world) => {
    await waiting(world)
    const kit = await world.start({ now, scenarios: [longer('migrate')] })
    await kit.clock.advance('20 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-15 10:00 nudge', '2026-01-16 10:00 thanks'])
    expect((await kit.scenarios.enrolments('c_1')).map(({ version }) => version)).toEqual([2])
  })

  test('with exit they are out at once, with the mail that waits', async (world) => {
    const before = await waiting(world)
    await before.track('c_2', 'brochure.requested', { brochure: 'B' })
    const kit = await world.start({ now, scenarios: [longer('exit')] })
    await kit.track('c_3', 'brochure.requested', { brochure: 'C' })
    await kit.clock.advance('20 days')
    expect(await enrolments(kit)).toEqual(['exited: replaced'])
    expect(await ledger(kit)).toEqual(['hello sent'])
    expect(await ledger(kit, 'c_3')).toEqual(['hello sent', 'nudge sent', 'thanks sent'])
  })

  test('the preview of a draft says who would go where, and nothing happens until it is published', async (world) => {
    await waiting(world)
    const wanted = { pin: ['stays', 'settle'], migrate: ['moves', 'settle'], exit: ['exits', 'exited'] } as const
    for (const inFlight of ['pin', 'exit', 'migrate'] as const) {
      const kit = await world.start({ now, scenarios: [longer(inFlight, true)] })
      const [outcome, to] = wanted[inFlight]
      expect(await kit.scenarios.previewPublish('course')).toEqual({
        inFlight,
        moves: [{ fromVersion: 1, fromStep: 'settle', to, outcome, contacts: 1 }],
        refused: [],
      })
    }
    const kit = await world.start({ now, scenarios: [longer('migrate', true)] })
    expect(await kit.scenarios.get('course')).toMatchObject({ version: 1, draftVersion: 2, active: 1 })
    await kit.track('c_2', 'brochure.requested', { brochure: 'B' })
    await kit.settle()
    expect((await kit.scenarios.enrolments('c_2')).map(({ version }) => version)).toEqual([1])
    expect(await kit.scenarios.publish('course')).toEqual({ version: 2 })
    await kit.clock.advance('20 days')
    expect(await mailed(kit, 'c_1')).toEqual(['2026-01-05 10:00 hello', '2026-01-15 10:00 nudge', '2026-01-16 10:00 thanks'])
    expect(await mailed(kit, 'c_2')).toEqual(['2026-01-06 10:00 hello', '2026-01-16 10:00 nudge', '2026-01-17 10:00 thanks'])
  })

  test('a deleted step with contacts needs a successor, or it is refused with its name', async (world) => {
    const before = await waiting(world)
    const refusal = await rejection(world.start({ now, scenarios: [replaced({})] }))
    expect(refusal.code).toBe('scenario.in_flight')
    expect(refusal.message.includes("'settle'")).toBe(true)
    expect((await before.scenarios.get('course'))?.version).toBe(1)
    const kit = await world.start({ now, scenarios: [replaced({ settle: 'rest' })] })
    await kit.clock.advance('20 days')
    // It goes on waiting from the same mail: five days now.
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-10 10:00 nudge'])
  })

  test('a deleted step may also lead to the end', async (world) => {
    await waiting(world)
    const kit = await world.start({ now, scenarios: [replaced({ settle: null })] })
    await kit.clock.advance('20 days')
    expect(await ledger(kit)).toEqual(['hello sent'])
    expect(await enrolments(kit)).toEqual(['completed'])
  })

  test('a mail that went out never goes out again, wherever the new version has its step', async (world) => {
    await waiting(world)
    const again = model.scenario('course', {
      version: 2,
      enterOn: 'brochure.requested',
      inFlight: 'migrate',
      steps: ({ send, wait, event }) => [
        wait('settle', { days: 2 }),
        send('hello', hello, { brochure: event.brochure }),
        wait('more', { days: 1 }),
        send('nudge', nudge),
      ],
    })
    const kit = await world.start({ now, scenarios: [again] })
    await kit.clock.advance('20 days')
    const [one, two, ...others] = await mailed(kit)
    expect([one, two?.slice(-5), ...others]).toEqual(['2026-01-05 10:00 hello', 'nudge'])
  })

  test('migrating to a version that differs only in its number changes nothing', async (world) => {
    await waiting(world)
    const same = model.scenario('course', {
      version: 2,
      enterOn: 'brochure.requested',
      exitOn: 'order.placed',
      inFlight: 'migrate',
      steps: ({ send, wait, event }) => [
        send('hello', hello, { brochure: event.brochure }),
        wait('settle', { days: 3 }),
        send('nudge', nudge),
      ],
    })
    const kit = await world.start({ now, scenarios: [same] })
    const [before] = await kit.scenarios.enrolments('c_1')
    await kit.settle()
    const [after] = await kit.scenarios.enrolments('c_1')
    expect(after).toEqual({ ...before, version: 2, memory: { ...before?.memory, enteredVersion: 1 } })
    await kit.clock.advance('20 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 10:00 hello', '2026-01-08 10:00 nudge'])
  })

  test('whose last mail waits and is gone in the new version completes at once, without it', async ({ start }) => {
    const evening = (version: number, isDraft = false) =>
      model.scenario('evening', {
        version,
        draft: isDraft,
        enterOn: 'page.viewed',
        window: { from: '18:00', to: '20:00' },
        inFlight: 'migrate',
        steps: ({ send, wait }) =>
          version === 1
            ? [send('nudge', nudge), wait('a-day', { days: 1, at: '21:00' }), send('last', tips)]
            : [send('nudge', nudge)],
      })
    const before = await start({ scenarios: [evening(1)] })
    await before.track('c_1', 'page.viewed', { page: '/' })
    await before.clock.advanceTo('2026-01-06T21:30:00+09:00')
    expect(await ledger(before)).toEqual(['nudge sent', 'tips queued'])
    const kit = await start({ now: '2026-01-06T21:30:00+09:00', scenarios: [evening(2, true)], templates: [tips] })
    expect((await kit.scenarios.previewPublish('evening')).moves).toEqual([
      { fromVersion: 1, fromStep: null, to: null, outcome: 'completes', contacts: 1 },
    ])
    await kit.scenarios.publish('evening')
    await kit.clock.advance('5 minutes')
    expect(await ledger(kit)).toEqual(['nudge sent', 'tips skipped: replaced'])
    expect(await enrolments(kit)).toEqual(['completed'])
    expect(await kit.scenarios.get('evening')).toMatchObject({ active: 0, completed: 1 })
    await kit.scenarios.stop('evening', { inFlight: 'finish' })
    await kit.scenarios.archive('evening')
    expect((await kit.scenarios.get('evening'))?.state).toBe('archived')
  })
}
