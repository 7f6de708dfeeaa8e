import type { EngineTheme, Kit } from '../engine-world.ts'
import { ledger, mailed, subjects } from '../observations.ts'
import { model, nudge, thanks, tips } from '../shop.ts'

interface Weights {
  readonly version?: number
  readonly name?: string
  readonly experiment?: string
  readonly a: number
  readonly b: number
  readonly holdout?: number
}

/** nudge or tips, then thanks a day later. */
const split = ({ version = 1, name = 'split', experiment, a, b, holdout }: Weights) =>
  model.scenario(name, {
    version,
    enterOn: name === 'split' ? 'page.viewed' : 'brochure.requested',
    steps: (steps) => [
      steps.split('which', {
        ...(experiment === undefined ? {} : { experiment }),
        arms: { a: { weight: a, steps: [steps.send('nudge', nudge)] }, b: { weight: b, steps: [steps.send('tips', tips)] } },
        ...(holdout === undefined ? {} : { holdout }),
      }),
      steps.wait('a-day', '1 day'),
      steps.send('thanks', thanks),
    ],
  })

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `c_${from + index}`)

const enter = async (kit: Kit, contactIds: readonly string[]) => {
  const rows = contactIds.map((id) => ({ id, profile: { email: `${id}@example.test` } }))
  await kit.contacts.identifyMany(rows)
  await kit.trackMany(
    contactIds.map((contactId) => ({ contactId, event: 'page.viewed', payload: { page: '/' } })),
    { startScenarios: true },
  )
  await kit.settle()
}

/** What each contact's first mail was. */
const firstMails = (kit: Kit): ReadonlyMap<string, string> =>
  new Map(kit.outbox.toReversed().map(({ to, subject }) => [to.split('@')[0] ?? '', subject]))

/** Sharing contacts out, as in A/B tests. */
export const splittingCases: EngineTheme = ({ test, expect }) => {
  test('contacts are shared out by weight, by a hash that is the same everywhere', async ({ start }) => {
    const kit = await start({ scenarios: [split({ a: 3, b: 1 })] })
    await enter(kit, ids(0, 400))
    const mails = firstMails(kit)
    const share = [...mails.values()].filter((subject) => subject === 'tips').length
    expect([mails.size, share > 75 && share < 125]).toEqual([400, true])
    // The hash of contact and experiment decides: on another machine it would be the same ones.
    expect(ids(0, 24).filter((id) => mails.get(id) === 'tips')).toEqual(['c_5', 'c_7', 'c_12'])
  })

  test('the same experiment gives a contact the same arm in another scenario too', async ({ start }) => {
    const shared = { experiment: 'tone', a: 1, b: 1 }
    const kit = await start({ scenarios: [split(shared), split({ ...shared, name: 'other' })] })
    await enter(kit, ids(0, 12))
    const before = firstMails(kit)
    await kit.clock.advance('2 days')
    for (const id of ids(0, 12)) await kit.track(id, 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    for (const id of ids(0, 12)) expect((await mailed(kit, id)).at(-1)?.split(' ').at(-1)).toBe(before.get(id))
    expect(new Set(before.values()).size).toBe(2)
  })

  test('new weights are for new contacts: who came into an arm stays in it', async ({ start }) => {
    const experiment = 'tone'
    const before = await start({ scenarios: [split({ experiment, a: 1, b: 1 })] })
    await enter(before, ids(0, 12))
    const arms = firstMails(before)
    // Nobody new comes into a; those who are in it meet the same experiment again.
    const weights = { experiment, a: 0, b: 1 }
    const kit = await start({
      now: '2026-01-08T01:00:00Z',
      scenarios: [split({ ...weights, version: 2 }), split({ ...weights, name: 'other' })],
    })
    await kit.settle()
    await enter(kit, ids(12, 24))
    for (const id of ids(0, 24)) await kit.track(id, 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    const last = async (id: string) =>
      (await mailed(kit, id))
        .filter((line) => !line.endsWith('thanks'))
        .at(-1)
        ?.split(' ')
        .at(-1)
    for (const id of ids(0, 12)) expect(await last(id)).toBe(arms.get(id))
    for (const id of ids(12, 24)) expect(await last(id)).toBe('tips')
    expect([...arms.values()].includes('nudge')).toBe(true)
  })

  test('a holdout gets a row instead of the mail of the arms, and what follows the split again', async ({ start }) => {
    const kit = await start({ scenarios: [split({ a: 1, b: 0, holdout: 1 })] })
    await enter(kit, ids(0, 12))
    await kit.clock.advance('2 days')
    const ledgers = await Promise.all(ids(0, 12).map((id) => ledger(kit, id)))
    const held = ledgers.filter((lines) => lines[0] === 'nudge skipped: holdout')
    expect(held.length > 0 && held.length < 12).toBe(true)
    for (const lines of ledgers) expect(lines.length === 2 && lines[1] === 'thanks sent').toBe(true)
    expect(subjects(kit).filter((subject) => subject === 'nudge').length).toBe(12 - held.length)
  })
}
