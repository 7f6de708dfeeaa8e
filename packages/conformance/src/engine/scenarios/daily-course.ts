import type { ElapsedSpan } from '@tobiishi/core'
import type { TransportResult } from '@tobiishi/core/ports'
import type { EngineTheme, EngineWorld, Kit } from '../engine-world.ts'
import { enrolments } from '../observations.ts'
import { model, plain } from '../shop.ts'

const [one, two, three, four, five, six] = [plain('1'), plain('2'), plain('3'), plain('4'), plain('5'), plain('6')]

/** A mail a day, at the hour at which the contact came. */
const course = (late: 'skip' | 'send', sendWithin: ElapsedSpan) =>
  model.scenario('course', {
    version: 1,
    enterOn: 'page.viewed',
    steps: ({ send, wait }) => [
      send('a', one, { late, sendWithin }),
      wait('w1', { days: 1 }),
      send('b', two, { late, sendWithin }),
      wait('w2', { days: 1 }),
      send('c', three, { late, sendWithin }),
      wait('w3', { days: 1 }),
      send('d', four, { late, sendWithin }),
      wait('w4', { days: 1 }),
      send('e', five, { late, sendWithin }),
      wait('w5', { days: 1 }),
      send('f', six, { late, sendWithin }),
    ],
  })

/** Hours at which the contacts come, the first day: the outage finds them at all places between two mails. */
const hours = [0, 3, 6, 9, 12, 15, 18, 21]
const contact = (hour: number) => `c_${hour}`
const refused: TransportResult = { kind: 'transient', answer: { text: 'ECONNREFUSED' } }

/** The app after an outage of so many hours that began at ten on the second day, and after all is through. */
type Outage = (world: EngineWorld, scenario: ReturnType<typeof course>, outage: number) => Promise<Kit>

const enterAll = async (kit: Kit) => {
  for (const hour of hours) {
    await kit.track(contact(hour), 'page.viewed', { page: '/' })
    await kit.clock.advance('3 hours')
  }
}

const withoutMailServer: Outage = async ({ start }, scenario, outage) => {
  let isDown = false
  const kit = await start({ scenarios: [scenario], answer: () => (isDown ? refused : undefined) })
  await enterAll(kit)
  isDown = true
  await kit.clock.advance(`${outage} hours`)
  isDown = false
  await kit.clock.advance('20 days')
  return kit
}

const withoutWorker: Outage = async ({ start }, scenario, outage) => {
  await enterAll(await start({ scenarios: [scenario] }))
  const kit = await start({ scenarios: [scenario], now: Date.parse('2026-01-06T01:00:00Z') + outage * 3_600_000 })
  await kit.settle()
  await kit.clock.advance('20 days')
  return kit
}

const hour = 3_600_000
/** The worst of the contacts' lives, in hours: how close two mails came, and how late one was. */
const lives = async (kit: Kit) => {
  let [closest, latest] = [Number.POSITIVE_INFINITY, 0]
  const fates = new Map<string, number>()
  for (const id of hours.map(contact)) {
    const messages = (await kit.messages.ofContact(id)).toSorted((a, b) => a.plannedAt - b.plannedAt)
    if (messages.map(({ template }) => template).join('') !== '123456') throw new Error(`${id} has other mail than the course's.`)
    for (const { state, reason } of messages) fates.set(reason ?? state, (fates.get(reason ?? state) ?? 0) + 1)
    const sent = messages.flatMap(({ state, finishedAt, plannedAt }) =>
      state === 'sent' && finishedAt !== null ? [{ finishedAt, plannedAt }] : [],
    )
    for (const [nth, { finishedAt, plannedAt }] of sent.entries()) {
      const before = sent[nth - 1]
      if (before !== undefined) closest = Math.min(closest, (finishedAt - before.finishedAt) / hour)
      latest = Math.max(latest, (finishedAt - plannedAt) / hour)
    }
  }
  return { closest, latest, fates: Object.fromEntries(fates) }
}

/** Hours of the outage, policy, and what became of the 48 mails. */
const cases = [
  ['mail server', withoutMailServer, 12, 'skip', '24 hours', { sent: 48 }],
  ['mail server', withoutMailServer, 50, 'skip', '24 hours', { sent: 40, 'gave-up': 8 }],
  ['mail server', withoutMailServer, 50, 'skip', '6 hours', { sent: 34, 'gave-up': 14 }],
  ['worker', withoutWorker, 12, 'skip', '24 hours', { sent: 48 }],
  ['worker', withoutWorker, 12, 'skip', '6 hours', { sent: 46, late: 2 }],
  ['worker', withoutWorker, 50, 'skip', '24 hours', { sent: 40, late: 8 }],
  ['worker', withoutWorker, 50, 'skip', '6 hours', { sent: 34, late: 14 }],
  ['worker', withoutWorker, 50, 'send', '6 hours', { sent: 48 }],
] as const

/** After an outage mails come one at a time, in order and apart, and none is lost without a word, or sent twice. */
export const dailyCourseCases: EngineTheme = ({ test, expect }) => {
  for (const [what, run, outage, late, sendWithin, expected] of cases)
    test(`${outage} hours without a ${what}: late mail is ${late === 'skip' ? `left out after ${sendWithin}` : 'sent'}`, async (world) => {
      const kit = await run(world, course(late, sendWithin), outage)
      const { closest, latest, fates } = await lives(kit)
      expect(fates).toEqual(expected)
      // To the minute, as the guide says.
      expect(closest >= 12 - 1 / 60).toBe(true)
      expect(late === 'send' || latest < Number.parseInt(sendWithin, 10)).toBe(true)
      for (const id of hours.map(contact)) {
        expect(await enrolments(kit, id)).toEqual(['completed'])
        const subjects = kit.outbox.filter(({ to }) => to.startsWith(`${id}@`)).map(({ subject }) => subject)
        expect(subjects).toEqual([...new Set(subjects)].toSorted())
      }
    })
}
