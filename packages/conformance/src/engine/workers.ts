import type { EngineTheme } from './engine-world.ts'
import { addContacts, recipients } from './observations.ts'
import { everyone, news } from './shop.ts'

/** Many mails, several workers. */
export const workerCases: EngineTheme = ({ test, expect }) => {
  test('two workers on one database share the work, and nobody gets a mail twice', async ({ start, second }) => {
    const one = await start()
    const two = await start({ storage: await second() })
    await addContacts(one, 300)
    await one.broadcasts.send({ template: news, to: everyone })
    for (let index = 0; index < 30; index += 1) await one.track(`c_${index}`, 'brochure.requested', { brochure: 'A' })
    await Promise.all([one.settle(), two.settle(), one.tick({ limit: 50 }), two.tick({ limit: 50 })])
    await one.clock.advance('2 minutes')
    const sent = [...one.outbox, ...two.outbox].map(({ to, subject }) => `${to} ${subject}`)
    expect(sent.length).toBe(330)
    expect(new Set(sent).size).toBe(330)
    expect(await one.reports.kpi({})).toMatchObject({ sent: 330, unknown: 0 })
  })

  test('a full queue of 2,000 mails drains tick by tick, each within its limit', async ({ start }) => {
    const kit = await start()
    await addContacts(kit, 2_000)
    await kit.broadcasts.send({ template: news, to: everyone })
    const sizes: number[] = []
    for (let ticks = 0; ticks < 20; ticks += 1) {
      const { sent, nextDueAt } = await kit.tick({ limit: 450 })
      if (sent > 0) sizes.push(sent)
      if (nextDueAt === null) break
    }
    expect(sizes).toEqual([450, 450, 450, 450, 200])
    expect(new Set(recipients(kit)).size).toBe(2_000)
    expect(kit.outbox.length).toBe(2_000)
  })
}
