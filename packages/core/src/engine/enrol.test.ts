import { describe, expect, it } from 'vitest'
import { model, nudge, onboarding, plain, pro, thanks } from '../../test/shop.ts'
import { createTestTobiishi } from '../testing/index.ts'

const winBack = model.scenario('win-back', {
  version: 1,
  exitOn: 'order.placed',
  steps: ({ send, wait }) => [send('first', nudge), wait('a', '7 days'), send('second', thanks)],
})
const setUp = () => createTestTobiishi({ model, scenarios: [winBack, onboarding] })
type Kit = Awaited<ReturnType<typeof setUp>>
const addMany = (t: Kit, count: number) =>
  t.contacts.identifyMany(
    Array.from({ length: count }, (_, index) => ({
      id: `c_${index}`,
      profile: { email: `c_${index}@example.test`, attributes: { plan: index % 3 === 0 ? ('pro' as const) : ('free' as const) } },
    })),
  )

describe('enrol', () => {
  it('starts a scenario for one contact by hand', async () => {
    const t = await setUp()
    expect(await t.enrol('c_1', winBack)).toMatchObject({ enrolled: 1 })
    await t.clock.advance('8 days')
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['nudge', 'thanks'])
  })

  it('leaves alone who is in it already', async () => {
    const t = await setUp()
    await t.enrol('c_1', winBack)
    expect(await t.enrol('c_1', winBack)).toMatchObject({ enrolled: 0 })
    expect(await t.enrol('c_1', winBack, { key: 'another time' })).toMatchObject({ enrolled: 0 })
    await t.clock.advance('8 days')
    expect(t.outbox).toHaveLength(2)
  })

  it('takes everyone in a segment, page by page, and can be run again', async () => {
    const t = await setUp()
    await addMany(t, 2_400)
    const seen: (readonly [number, number | null])[] = []
    const onProgress = ({ done, total }: { done: number; total: number | null }) => seen.push([done, total])
    expect(await t.enrol(pro, winBack, { onProgress })).toMatchObject({ enrolled: 800 })
    expect(seen).toEqual([
      [500, 800],
      [800, 800],
    ])
    await t.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    expect(await t.enrol(pro, winBack)).toMatchObject({ enrolled: 1 })
    await t.settle()
    expect(t.outbox).toHaveLength(801)
  })

  it('ends after the page under way when aborted', async () => {
    const t = await setUp()
    await addMany(t, 2_400)
    const controller = new AbortController()
    const answer = await t.enrol(pro, winBack, { signal: controller.signal, onProgress: () => controller.abort() })
    expect(answer).toMatchObject({ enrolled: 500 })
  })

  it('refuses a contact that nobody knows', async () => {
    const t = await createTestTobiishi({ model, scenarios: [winBack], autoContacts: false })
    await expect(t.enrol('c_1', winBack)).rejects.toThrow(expect.objectContaining({ code: 'contact.unknown' }))
  })

  it('takes the name of a scenario too, one that is stored only outside a transaction of the app', async () => {
    const t = await setUp()
    expect(await t.enrol('c_1', 'win-back')).toMatchObject({ enrolled: 1 })
    await t.scenarios.save({ ...winBack.toJSON(), name: 'from-editor' })
    await t.scenarios.publish('from-editor')
    expect(await t.enrol('c_1', 'from-editor')).toMatchObject({ enrolled: 1 })
    await expect(t.enrol('c_2', 'from-editor', { tx: {} as never })).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining("'from-editor'"),
    })
  })

  it('asks for the event that the steps read, and checks it', async () => {
    const t = await setUp()
    await expect(t.enrol('c_1', onboarding)).rejects.toThrow(/'hello'.*'brochure\.requested'/)
    await expect(t.enrol('c_1', onboarding, { event: { brochure: 1 } })).rejects.toThrow(/payload\.brochure/)
    await t.enrol('c_1', onboarding, { event: { brochure: 'B' } })
    await t.settle()
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['hello B'])
  })

  it('refuses a scenario that was not given to createTobiishi', async () => {
    const t = await setUp()
    const stranger = model.scenario('stranger', { version: 1, steps: ({ send }) => [send('a', plain('a'))] })
    await expect(t.enrol('c_1', stranger)).rejects.toThrow(expect.objectContaining({ code: 'scenario.unknown' }))
  })
})

describe('enrol into a scenario under way', () => {
  const course = model.scenario('course', {
    version: 1,
    reentry: 'after-exit',
    steps: ({ send, wait }) => [send('first', nudge), wait('a', '7 days'), send('second', thanks)],
  })
  const start = '2026-01-05T01:00:00Z'
  const move = () => createTestTobiishi({ model, scenarios: [course], now: start })

  it('starts at a step, and as of when the contact came there elsewhere', async () => {
    const t = await move()
    await t.enrol('c_1', course, { at: 'a', enteredAt: '2026-01-01T01:00:00Z' })
    await t.clock.advance('10 days')
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['thanks'])
    expect((await t.messages.ofContact('c_1'))[0]?.plannedAt).toBe(Date.parse('2026-01-08T01:00:00Z'))
  })

  it('refuses a step that the scenario lacks, and an entry ahead of time', async () => {
    const t = await move()
    await expect(t.enrol('c_1', course, { at: 'b' })).rejects.toThrow(
      expect.objectContaining({ code: 'definition.unknown_reference' }),
    )
    await expect(t.enrol('c_1', course, { enteredAt: '2026-02-01T00:00:00Z' })).rejects.toThrow(/enteredAt/)
  })

  it('counts whom the re-entry lets in', async () => {
    const t = await move()
    expect(await t.enrol('c_1', course, { key: 'a' })).toMatchObject({ enrolled: 1 })
    expect(await t.enrol('c_1', course, { key: 'b' })).toMatchObject({ enrolled: 0 })
    await t.clock.advance('8 days')
    expect(await t.enrol('c_1', course, { key: 'b' })).toMatchObject({ enrolled: 1 })
  })

  it('refuses a scenario that takes nobody any more', async () => {
    const t = await move()
    await t.enrol('c_1', course)
    await t.scenarios.stop('course', { inFlight: 'finish' })
    await expect(t.enrol('c_2', course)).rejects.toThrow(expect.objectContaining({ code: 'scenario.state' }))
    await t.clock.advance('8 days')
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['nudge', 'thanks'])
  })
})
