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
    expect(await t.enrol('c_1', winBack)).toEqual({ enrolled: 1 })
    await t.clock.advance('8 days')
    expect(t.outbox.map(({ subject }) => subject)).toEqual(['nudge', 'thanks'])
  })

  it('leaves alone who is in it already', async () => {
    const t = await setUp()
    await t.enrol('c_1', winBack)
    expect(await t.enrol('c_1', winBack)).toEqual({ enrolled: 0 })
    expect(await t.enrol('c_1', winBack, { key: 'another time' })).toEqual({ enrolled: 0 })
    await t.clock.advance('8 days')
    expect(t.outbox).toHaveLength(2)
  })

  it('takes everyone in a segment, page by page, and can be run again', async () => {
    const t = await setUp()
    await addMany(t, 2_400)
    const seen: (readonly [number, number | null])[] = []
    const onProgress = ({ done, total }: { done: number; total: number | null }) => seen.push([done, total])
    expect(await t.enrol(pro, winBack, { onProgress })).toEqual({ enrolled: 800 })
    expect(seen).toEqual([
      [500, 800],
      [800, 800],
    ])
    await t.contacts.identify('c_1', { attributes: { plan: 'pro' } })
    expect(await t.enrol(pro, winBack)).toEqual({ enrolled: 1 })
    await t.settle()
    expect(t.outbox).toHaveLength(801)
  })

  it('ends after the page under way when aborted', async () => {
    const t = await setUp()
    await addMany(t, 2_400)
    const controller = new AbortController()
    const answer = await t.enrol(pro, winBack, { signal: controller.signal, onProgress: () => controller.abort() })
    expect(answer).toEqual({ enrolled: 500 })
  })

  it('refuses a contact that nobody knows', async () => {
    const t = await createTestTobiishi({ model, scenarios: [winBack], autoContacts: false })
    await expect(t.enrol('c_1', winBack)).rejects.toThrow(expect.objectContaining({ code: 'contact.unknown' }))
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
