import type { EngineTheme } from '../engine-world.ts'
import { enrolments, mailed, rejection, subjects } from '../observations.ts'
import { model, nudge, onboarding, tips } from '../shop.ts'

const at = (time: string) => `2026-01-05T${time}:00+09:00`

/** Events that come twice, late, in another order, or from a clock that is ahead. */
export const disorderCases: EngineTheme = ({ test, expect }) => {
  test('an event told twice is one, and told again with other contents it is none and is reported', async ({ start }) => {
    const reported: string[] = []
    const write = (event: string) => reported.push(event)
    const kit = await start({ logger: { debug: () => {}, info: () => {}, warn: write, error: write } })
    for (const brochure of ['A', 'A', 'B']) {
      await kit.track('c_1', 'brochure.requested', { brochure }, { id: 'r1' })
      await kit.settle()
    }
    expect(subjects(kit)).toEqual(['hello A'])
    expect(reported).toEqual(['event.conflicted'])
    // The same id is another event under another name.
    await kit.track('c_1', 'order.placed', { total: 1 }, { id: 'r1' })
    await kit.settle()
    expect(await enrolments(kit)).toEqual(['exited: event:order.placed'])
  })

  test('waits count from when something happened, not from when it was told', async ({ start }) => {
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait }) => [
        wait('a', '5 hours'),
        send('nudge', nudge),
        wait('b', '1 day', { from: 'entry' }),
        send('tips', tips),
      ],
    })
    const kit = await start({ scenarios: [course] })
    await kit.track('c_1', 'page.viewed', { page: '/' }, { occurredAt: '2026-01-05T08:00:00+09:00' })
    await kit.clock.advance('3 days')
    expect(await mailed(kit)).toEqual(['2026-01-05 13:00 nudge', '2026-01-06 08:00 tips'])
  })

  test('told in any order before a worker looks, they give the same entry and the same end', async ({ start }) => {
    const kit = await start({ scenarios: [onboarding] })
    const asked = (brochure: string, time: string) => ({
      event: 'brochure.requested',
      payload: { brochure },
      occurredAt: at(time),
    })
    const events = {
      a: asked('A', '09:00'),
      b: { event: 'order.placed', payload: { total: 1 }, occurredAt: at('09:10') },
      c: asked('C', '09:20'),
    }
    const orders = ['abc', 'acb', 'bac', 'bca', 'cab', 'cba']
    const rows = orders.flatMap((order) =>
      (order.split('') as (keyof typeof events)[]).map((name) => ({ contactId: order, id: `${order} ${name}`, ...events[name] })),
    )
    await kit.trackMany(rows, { startScenarios: true })
    await kit.clock.advance('5 days')
    for (const order of orders) {
      expect(await kit.scenarios.enrolments(order)).toMatchObject([
        { enteredAt: Date.parse(at('09:00')), event: { brochure: 'A' }, endReason: 'event:order.placed' },
      ])
    }
    expect(subjects(kit)).toEqual([])
  })

  test('an end that happened before the entry is none, whichever was told first', async ({ start }) => {
    const kit = await start({ scenarios: [onboarding] })
    const buy = (id: string) => kit.track(id, 'order.placed', { total: 1 }, { occurredAt: at('08:59') })
    const ask = (id: string) => kit.track(id, 'brochure.requested', { brochure: 'A' }, { occurredAt: at('09:00') })
    for (const [id, ...told] of [
      ['bought-first', buy, ask],
      ['asked-first', ask, buy],
    ] as const)
      for (const tell of told) {
        await tell(id)
        await kit.settle()
      }
    await kit.clock.advance('5 days')
    for (const id of ['bought-first', 'asked-first']) expect(await enrolments(kit, id)).toEqual(['completed'])
  })

  test('five minutes ahead is a clock that is wrong, and is refused; a little ahead counts as now', async ({ start }) => {
    const kit = await start()
    const ahead = (minutes: number) => ({ occurredAt: kit.clock.now() + minutes * 60_000 })
    const refused = await rejection(kit.track('c_1', 'brochure.requested', { brochure: 'A' }, ahead(5.1)))
    expect(refused.code).toBe('event.in_future')
    const rows = await kit.trackMany([
      { contactId: 'c_1', event: 'brochure.requested', payload: { brochure: 'A' }, ...ahead(6) },
      { contactId: 'c_1', event: 'order.placed', payload: { total: 1 } },
    ])
    expect(rows).toMatchObject({ taken: 1, refused: [{ index: 0, code: 'event.in_future' }] })
    await kit.track('c_2', 'brochure.requested', { brochure: 'B' }, ahead(4.9))
    await kit.clock.advance('10 minutes')
    expect(subjects(kit)).toEqual(['hello B'])
  })
}
