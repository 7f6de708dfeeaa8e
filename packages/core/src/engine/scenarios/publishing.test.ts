import { describe, expect, it } from 'vitest'
import { first, lifeWorld, second, sent, statesOf } from '../../../test/scenarios/life-world.ts'
import { hello, model, nudge, pro } from '../../../test/shop.ts'
import { asStored } from '../prepare/canonical.ts'
import { versionRow } from '../prepare/version-row.ts'

const refused = (code: string, words: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(words) })
const templates = [first, second, nudge, hello]

type Changes = { readonly inFlight?: 'pin' | 'migrate' | 'exit'; readonly successors?: { [step: string]: string | null } }

/** Mail `first`, three days at `rest` (v1) or `pause` (v2), then `second`. */
const course = (version: number, waitId: string, changes: Changes = {}, draft = false) =>
  model.scenario('course', {
    version,
    enterOn: 'brochure.requested',
    draft,
    ...changes,
    steps: ({ send, wait }) => [send('first', first), wait(waitId, { days: 3 }), send('second', second)],
  })
const json = (scenario: ReturnType<typeof course>) => asStored(scenario.definition) as { [key: string]: unknown }

describe('a scenario from JSON', () => {
  it('is a draft that nobody enters until it is published, and then like any other', async () => {
    const t = await lifeWorld([], { templates })
    expect(await t.scenarios.save(json(course(1, 'rest')))).toEqual({ name: 'course', version: 1 })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(await t.scenarios.get('course')).toMatchObject({ state: 'draft', origin: 'stored', draftVersion: 1, active: 0 })

    expect(await t.scenarios.publish('course')).toEqual({ version: 1 })
    await t.track('c_2', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('4 days')
    expect(sent(t)).toEqual(['c_2: first', 'c_2: second'])
    expect(await t.scenarios.get('course')).toMatchObject({ state: 'active', draftVersion: null, completed: 1 })
    expect(await t.scenarios.export('course')).toEqual(json(course(1, 'rest')))
  })

  it('is entered by who comes into its segment right after it was published, before any worker came', async () => {
    const welcoming = model.scenario('welcoming', {
      version: 1,
      enterOn: { segment: pro },
      steps: ({ send }) => [send('first', first)],
    })
    const t = await lifeWorld([], { templates })
    await t.contacts.identify('before', { email: 'before@example.test', attributes: { plan: 'pro' } })
    await t.contacts.identify('after', { email: 'after@example.test' })
    await t.scenarios.save(asStored(welcoming.definition))
    await t.scenarios.publish('welcoming')
    await t.contacts.identify('after', { attributes: { plan: 'pro' } })
    await t.settle()
    expect(sent(t)).toEqual(['after: first'])
  })

  it('is published even with a loop that is not saved any more: it was stored before', async () => {
    const t = await lifeWorld([], { templates })
    const { steps, ...rest } = course(1, 'rest').definition
    const { first: start, second: end } = steps
    if (start?.kind !== 'send' || end?.kind !== 'send') throw new Error('unreachable')
    const endless = { ...rest, steps: { first: { ...start, next: 'second' }, second: { ...end, next: 'first' } } }
    await expect(t.scenarios.save(endless)).rejects.toEqual(refused('scenario.invalid', /first → second → first/))
    const stored = versionRow(endless, t.clock.now())
    await t.storage.transaction((tx) => tx.scenarios.publish(stored, { origin: 'stored', isDraft: true }))
    await t.scenarios.publish('course')
    expect(await t.scenarios.export('course')).toEqual(endless)
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(await statesOf(t, 'c_1')).toMatchObject([{ state: 'failed', endReason: 'step-limit' }])
  })

  it('sends a contact no more than a hundred steps allow, though it was stored with a loop that waits for the app only', async () => {
    const t = await lifeWorld([], { templates, handlers: { answer: () => {} } })
    const asking = model.scenario('course', {
      version: 1,
      enterOn: 'brochure.requested',
      minGap: '0 hours',
      steps: ({ send, call }) => [send('first', first), call('ask', 'answer')],
    })
    const { steps, ...rest } = asking.definition
    const endless = { ...rest, steps: { ...steps, ask: { ...steps.ask, next: 'first' } } } as typeof asking.definition
    await expect(t.scenarios.save(endless)).rejects.toEqual(refused('scenario.invalid', /steps\.ask: may be over at once/))
    const stored = versionRow(endless, t.clock.now())
    await t.storage.transaction((tx) => tx.scenarios.publish(stored, { origin: 'stored', isDraft: true }))
    await t.scenarios.publish('course')
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(await statesOf(t, 'c_1')).toMatchObject([{ state: 'failed', endReason: 'step-limit' }])
    expect(t.outbox.length).toBeLessThanOrEqual(50)
  })

  it('may change as long as it is a draft, and keeps its meaning from then on', async () => {
    const t = await lifeWorld([], { templates })
    await t.scenarios.save(json(course(1, 'rest')))
    await t.scenarios.save(json(course(1, 'pause')))
    expect((await t.scenarios.export('course')).steps).toHaveProperty('pause')
    await t.scenarios.publish('course')
    await t.scenarios.save(json(course(1, 'pause')))
    await expect(t.scenarios.save(json(course(1, 'rest')))).rejects.toThrow(refused('scenario.changed', /Raise the version to 2/))
    await expect(t.scenarios.publish('course')).rejects.toThrow(refused('scenario.state', /has no draft/))
  })

  it('waits as a draft beside the published version', async () => {
    const t = await lifeWorld([], { templates })
    await t.scenarios.save(json(course(2, 'rest')))
    await t.scenarios.publish('course')
    await t.scenarios.save(json(course(3, 'pause')))
    expect(await t.scenarios.get('course')).toMatchObject({ state: 'active', version: 2, draftVersion: 3 })
    expect((await t.scenarios.export('course')).version).toBe(2)
    expect((await t.scenarios.export('course', { version: 3 })).version).toBe(3)
    await expect(t.scenarios.export('course', { version: 9 })).rejects.toThrow(refused('scenario.unknown', /no version 9/))
    for (const version of [0, 1.5, 2 ** 31, Number.NaN]) {
      const wrong = refused('config.invalid', /whole number from 1 to 2147483647/)
      await expect(t.scenarios.export('course', { version })).rejects.toThrow(wrong)
      await expect(t.scenarios.previewPublish('course', { version })).rejects.toThrow(wrong)
    }
    await expect(t.scenarios.save(json(course(1, 'rest')))).rejects.toThrow(refused('scenario.changed', /such as 3/))
  })

  it('is refused with the path of what is wrong, or with what this process lacks', async () => {
    const t = await lifeWorld([course(1, 'rest')], { templates: [first] })
    const sound = { ...json(course(1, 'rest')), name: 'other' }
    await expect(t.scenarios.save({ ...sound, first: 'nowhere' })).rejects.toThrow(
      refused('scenario.invalid', /'other'.*first: /),
    )
    await expect(t.scenarios.save({ ...sound, exitOn: ['never.was'] })).rejects.toThrow(refused('scenario.invalid', /exitOn/))
    await expect(t.scenarios.save('?')).rejects.toThrow(refused('scenario.invalid', /It must be an object/))
    await expect(t.scenarios.save(json(course(2, 'rest')))).rejects.toThrow(refused('scenario.state', /declared in code/))
    const props = {
      ...sound,
      steps: { only: { ...firstStep(sound), template: 'first', props: { x: { kind: 'literal', value: 1 } } } },
    }
    await expect(t.scenarios.save({ ...props, first: 'only' })).rejects.toThrow(refused('scenario.invalid', /steps\.only\.props/))
    const unknown = { ...sound, steps: { only: { ...firstStep(sound), template: 'nope' } }, first: 'only' }
    await expect(t.scenarios.save(unknown)).rejects.toThrow(refused('template.unknown', /sends 'nope'/))
    expect(await t.scenarios.list()).toHaveLength(1)
  })
})

const firstStep = (definition: { [key: string]: unknown }) => {
  const steps = definition.steps as { first: object }
  return { ...steps.first, id: 'only', next: null }
}

describe('a draft in code', () => {
  it('stays one over restarts and changes until it is published by name', async () => {
    const { storage } = await lifeWorld([course(1, 'rest', {}, true)])
    const t = await lifeWorld([course(1, 'pause', {}, true)], { storage })
    expect(await t.scenarios.get('course')).toMatchObject({ state: 'draft', origin: 'code' })
    await t.scenarios.publish('course')
    const again = await lifeWorld([course(1, 'pause', {}, true)], { storage })
    expect(await again.scenarios.get('course')).toMatchObject({ state: 'active', version: 1, draftVersion: null })
    await expect(lifeWorld([course(1, 'rest', {}, true)], { storage })).rejects.toThrow(
      refused('scenario.changed', /other contents/),
    )
  })

  it('is published by a start that no longer says draft', async () => {
    const { storage } = await lifeWorld([course(1, 'rest', {}, true)])
    const t = await lifeWorld([course(1, 'pause')], { storage })
    expect(await t.scenarios.get('course')).toMatchObject({ state: 'active', draftVersion: null })
  })

  it('of a higher version leaves the published one in charge', async () => {
    const { storage } = await lifeWorld([course(1, 'rest')])
    const t = await lifeWorld([course(2, 'pause', { inFlight: 'exit' }, true)], { storage })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(await statesOf(t, 'c_1')).toMatchObject([{ version: 1, state: 'active' }])
    expect(await t.scenarios.previewPublish('course')).toEqual({
      inFlight: 'exit',
      moves: [{ fromVersion: 1, fromStep: 'rest', to: 'exited', outcome: 'exits', contacts: 1 }],
      refused: [],
    })
    await t.scenarios.publish('course')
    await t.settle()
    expect(await statesOf(t, 'c_1')).toMatchObject([{ version: 1, state: 'exited', endReason: 'replaced' }])
  })
})

describe('a version that migrates', () => {
  const inFlight = async () => {
    const t = await lifeWorld([course(1, 'rest')])
    for (const id of ['c_1', 'c_2', 'c_3']) await t.track(id, 'brochure.requested', { brochure: 'A' })
    await t.settle()
    return t
  }

  it('is refused at the start where contacts would be lost, with the steps, and changes nothing', async () => {
    const { storage, scenarios } = await inFlight()
    const start = lifeWorld([course(2, 'pause', { inFlight: 'migrate' })], { storage })
    await expect(start).rejects.toThrow(refused('scenario.in_flight', /'rest', which it lacks.*successors/))
    expect(await scenarios.get('course')).toMatchObject({ version: 1, jobs: [] })
    expect(await storage.read((reader) => reader.scenarios.versions())).toHaveLength(1)
  })

  it('brings everyone to the successor, once, and sends no mail twice', async () => {
    const { storage } = await inFlight()
    const t = await lifeWorld([course(2, 'pause', { inFlight: 'migrate', successors: { rest: 'second' } })], {
      storage,
      now: '2026-01-06T01:00:00Z',
    })
    await t.settle()
    expect(await statesOf(t, 'c_2')).toMatchObject([{ version: 2, state: 'completed' }])
    expect(sent(t).toSorted()).toEqual(['c_1: second', 'c_2: second', 'c_3: second'])
    const info = await t.scenarios.get('course')
    expect(info?.jobs).toMatchObject([{ kind: 'migrate', done: 3, total: 3 }])
    await t.clock.advance('5 minutes')
    expect((await t.scenarios.get('course'))?.jobs).toMatchObject([{ state: 'done', finishedAt: expect.any(Number) }])
  })

  it('tells before publishing a draft who would go where, and refuses it alike', async () => {
    const t = await inFlight()
    const { storage } = t
    const draft = await lifeWorld([course(2, 'pause', { inFlight: 'migrate' }, true)], { storage, now: t.clock.now() })
    expect(await draft.scenarios.previewPublish('course')).toEqual({
      inFlight: 'migrate',
      moves: [{ fromVersion: 1, fromStep: 'rest', to: null, outcome: 'refused', contacts: 3 }],
      refused: ['rest'],
    })
    await expect(draft.scenarios.publish('course')).rejects.toThrow(refused('scenario.in_flight', /'rest'/))
    const mended = await lifeWorld([course(2, 'pause', { inFlight: 'migrate', successors: { rest: null } }, true)], {
      storage,
      now: t.clock.now(),
    })
    expect((await mended.scenarios.previewPublish('course')).moves).toMatchObject([
      { to: null, outcome: 'completes', contacts: 3 },
    ])
    await mended.scenarios.publish('course')
    await mended.settle()
    expect(await mended.scenarios.get('course')).toMatchObject({ version: 2, active: 0, completed: 3 })
  })

  it('supersedes the migration before it', async () => {
    const { storage } = await inFlight()
    await lifeWorld([course(2, 'rest', { inFlight: 'migrate' })], { storage })
    const t = await lifeWorld([course(3, 'rest', { inFlight: 'migrate' })], { storage })
    expect((await t.scenarios.get('course'))?.jobs.map(({ id, state }) => [id, state])).toContainEqual([
      'migrate:course:2',
      'cancelled',
    ])
    await t.settle()
    expect(await statesOf(t, 'c_1')).toMatchObject([{ version: 3, state: 'active', stepId: 'rest' }])
  })
})

describe('pinned', () => {
  it('is the default: who is in a version finishes there', async () => {
    const { storage, ...before } = await lifeWorld([course(1, 'rest')])
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.settle()
    const t = await lifeWorld([course(2, 'pause')], { storage })
    expect(await t.scenarios.previewPublish('course', { version: 2 })).toMatchObject({
      inFlight: 'pin',
      moves: [{ fromVersion: 1, fromStep: 'rest', to: 'rest', outcome: 'stays', contacts: 1 }],
    })
    await t.clock.advance('4 days')
    expect(await statesOf(t, 'c_1')).toMatchObject([{ version: 1, state: 'completed' }])
  })
})
