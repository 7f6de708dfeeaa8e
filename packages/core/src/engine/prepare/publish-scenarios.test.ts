import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { lifeWorld, sent, statesOf } from '../../../test/scenarios/life-world.ts'
import { hello, model, nudge, pro, receipt } from '../../../test/shop.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { ScenarioDefinition1 } from '../../domain/scenario/upgrade-definition.ts'
import { memoryStorage } from '../../memory/index.ts'
import type { ScenarioVersionRow } from '../../ports/storage/index.ts'
import { canonicalHash } from './canonical.ts'

const refused = (code: string, words: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(words) })

/** What the first release made of `onboarding` below, and stored. */
const stored: ScenarioDefinition1 = {
  format: 1,
  name: 'onboarding',
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: ['order.placed'],
  reentry: 'once',
  window: { days: 'business', from: '09:00', to: '20:00' },
  maxEventAge: 86_400_000,
  first: 'hello',
  steps: {
    hello: {
      kind: 'send',
      id: 'hello',
      template: 'hello',
      props: { brochure: { kind: 'reference', scope: 'event', path: ['brochure'] } },
      sendWithin: 86_400_000,
      late: 'skip',
      next: 'settle',
    },
    settle: {
      kind: 'wait',
      id: 'settle',
      wait: { kind: 'calendar', months: 0, weeks: 0, days: 3, at: '10:00' },
      next: 'spender',
    },
    spender: { kind: 'branch', id: 'spender', segment: 'pro', yes: 'bye', no: 'nudge' },
    nudge: { kind: 'send', id: 'nudge', template: 'nudge', props: {}, sendWithin: 86_400_000, late: 'skip', next: null },
    bye: { kind: 'end', id: 'bye' },
  },
  segments: { pro: pro.tree },
}
const onboarding = (days: number) =>
  model.scenario('onboarding', {
    version: 1,
    enterOn: 'brochure.requested',
    exitOn: 'order.placed',
    window: { days: 'business', from: '09:00', to: '20:00' },
    steps: ({ send, wait, branch, end, event }) => [
      send('hello', hello, { brochure: event.brochure }),
      wait('settle', { days, at: '10:00' }),
      branch('spender', pro, { yes: [end('bye')], no: [send('nudge', nudge)] }),
    ],
  })
const oldStorage = async () => {
  const storage = memoryStorage()
  const row: ScenarioVersionRow = {
    scenario: 'onboarding',
    version: 1,
    format: 1,
    hash: canonicalHash(stored),
    definition: stored as unknown as ScenarioDefinition,
    publishedAt: 0,
  }
  await storage.transaction((tx) => tx.scenarios.publish(row))
  return storage
}

describe('an app that upgrades', () => {
  it('is not asked to raise the version of a scenario that it did not change, and it runs on', async () => {
    const storage = await oldStorage()
    expect(onboarding(3).definition).not.toEqual(stored)
    const t = await lifeWorld([onboarding(3)], { storage, isHoliday: () => false })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('4 days')
    expect(sent(t)).toEqual(['c_1: hello A', 'c_1: nudge'])
    expect(await t.read((reader) => reader.scenarios.versions())).toHaveLength(1)
  })

  it('is asked to where it did change, and hears what in the words of now', async () => {
    const storage = await oldStorage()
    const start = lifeWorld([onboarding(4)], { storage })
    await expect(start).rejects.toThrow(
      refused('scenario.changed', /contents: steps\.settle\.wait\.days was 3, is 4\. Raise the version to 2/),
    )
  })
})

describe('several scenarios', () => {
  it('are published all or not at all', async () => {
    const { storage } = await lifeWorld([onboarding(3)])
    const another = model.scenario('another', { version: 1, steps: ({ send }) => [send('nudge', nudge)] })
    await expect(lifeWorld([another, onboarding(5)], { storage })).rejects.toThrow(refused('scenario.changed', /onboarding/))
    expect((await storage.read((reader) => reader.scenarios.all())).map(({ name }) => name)).toEqual(['onboarding'])
  })
})

describe('a text that asks for more than before', () => {
  const asking = (props: z.ZodRawShape) =>
    model.template('hello', {
      purpose: 'transactional',
      props: z.object(props),
      subject: ({ line }) => line`hello`,
      body: ({ text }) => text`本文`,
    })
  const course = (version: number, template: ReturnType<typeof asking>, props: object) =>
    model.scenario('course', {
      version,
      enterOn: 'brochure.requested',
      // The props are what the test is about, so their types are left open.
      steps: ({ send, wait }) => [
        send('now', receipt),
        wait('rest', { days: 1 }),
        send('hello', template as never, ...([props] as never[])),
      ],
    })
  const before = asking({ brochure: z.string() })
  const after = asking({ brochure: z.string(), coupon: z.string() })
  const lived = async () => {
    const scenario = course(1, before, { brochure: 'A' })
    const t = await lifeWorld([scenario], { templates: [] })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    return t
  }

  it('is refused while contacts are in a version that cannot give it, though the new version can', async () => {
    const { storage, scenarios } = await lived()
    const start = lifeWorld([course(2, after, { brochure: 'A', coupon: 'X' })], { storage, templates: [] })
    await expect(start).rejects.toThrow(
      refused('template.invalid', /'hello' asks for 'coupon'.*step 'hello'.*'course', version 1/),
    )
    expect(await scenarios.get('course')).toMatchObject({ version: 1 })
  })

  it('is fine as soon as nobody is in that version, or when it can do without', async () => {
    const t = await lived()
    const optional = asking({ brochure: z.string(), coupon: z.string().optional() })
    await expect(
      lifeWorld([course(2, optional, { brochure: 'A' })], { storage: t.storage, templates: [] }),
    ).resolves.toBeDefined()
    await t.clock.advance('2 days')
    expect(await statesOf(t, 'c_1')).toMatchObject([{ version: 1, state: 'completed' }])
    await expect(
      lifeWorld([course(3, after, { brochure: 'A', coupon: 'X' })], { storage: t.storage, templates: [] }),
    ).resolves.toBeDefined()
  })

  it('is refused too where only a default fills it, or a constant no longer fits', async () => {
    const { storage } = await lived()
    const byDefault = asking({ brochure: z.string(), coupon: z.string().default('X') })
    await expect(lifeWorld([course(2, byDefault, { brochure: 'A' })], { storage, templates: [] })).rejects.toThrow(
      refused('template.invalid', /'coupon'/),
    )
    const narrower = asking({ brochure: z.enum(['B']) })
    await expect(lifeWorld([course(2, narrower, { brochure: 'B' })], { storage, templates: [] })).rejects.toThrow(
      refused('template.invalid', /'brochure'/),
    )
  })
})
