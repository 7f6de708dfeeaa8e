import { describe, expect, it } from 'vitest'
import { dyingAt, processOn } from '../../../../test/scenarios/job-world.ts'
import { first, type LifeWorld, lifeWorld, second } from '../../../../test/scenarios/life-world.ts'
import { model } from '../../../../test/shop.ts'
import { jobChunk, workJobs } from './work-jobs.ts'

type Changes = { readonly inFlight?: 'migrate' | 'exit'; readonly successors?: { [step: string]: string | null } }

/** Waits at `rest` with the mail `second` of the night before in the queue: what moves, what is dropped and what stays can be told apart. */
const course = (version: number, waitId: string, changes: Changes = {}) =>
  model.scenario('course', {
    version,
    ...changes,
    steps: ({ send, wait }) => [send('first', first), wait(waitId, { days: 3 }), send('second', second)],
  })
const everyone = model.segment('everyone', ({ everyone }) => everyone())

const inFlight = async (count: number): Promise<LifeWorld> => {
  const t = await lifeWorld([course(1, 'rest')])
  const ids = Array.from({ length: count }, (_, nth) => `c_${String(nth).padStart(4, '0')}`)
  const rows = ids.map((id) => ({ id, profile: { email: `${id}@example.test` } }))
  await t.contacts.identifyMany(rows)
  const [scenario] = [course(1, 'rest')]
  const own = await lifeWorld([scenario], { storage: t.storage })
  await own.enrol(everyone, scenario)
  return t
}
const migrating = async (count: number) => {
  const t = await inFlight(count)
  return await lifeWorld([course(2, 'pause', { inFlight: 'migrate', successors: { rest: 'pause' } })], { storage: t.storage })
}
const steps = async (t: LifeWorld) =>
  (await t.read((reader) => reader.enrolments.countByStep('course'))).map(({ version, state, stepId, count }) => [
    version,
    state,
    stepId,
    count,
  ])
const jobsOf = (t: LifeWorld) => t.read((reader) => reader.jobs.ofScenario('course'))
const jobId = 'migrate:course:2'

describe('the jobs of a scenario', () => {
  it('are worked chunk by chunk, and say how far they are', async () => {
    const t = await migrating(450)
    const runtime = processOn(t)
    await t.storage.transaction((tx) => jobChunk(runtime, tx, jobId))
    expect(await jobsOf(t)).toMatchObject([{ state: 'running', done: 200, total: 450, finishedAt: null }])
    expect(await workJobs(runtime)).toBe(250)
    expect(await steps(t)).toEqual([[2, 'active', 'pause', 450]])
    await t.clock.advance('1 minute')
    expect(await workJobs(runtime)).toBe(0)
    expect(await jobsOf(t)).toMatchObject([{ state: 'done', done: 450, total: 450, finishedAt: t.clock.now() }])
  })

  it('go on where they were when a process dies between two chunks, or amid one', async () => {
    const t = await migrating(230)
    const runtime = processOn(t)
    await t.storage.transaction((tx) => jobChunk(runtime, tx, jobId))
    let nth = 1
    for (; ; nth += 1) {
      if ((await dyingAt(t, nth, (tx) => jobChunk(runtime, tx, jobId))) !== null) break
      expect(await steps(t)).toEqual(
        expect.arrayContaining([
          [2, 'active', 'pause', 200],
          [1, 'active', 'rest', 30],
        ]),
      )
    }
    expect(nth).toBeGreaterThan(8)
    expect(await steps(t)).toEqual([[2, 'active', 'pause', 230]])
    expect(await jobsOf(t)).toMatchObject([{ done: 230, total: 230 }])
  })

  it('end after the chunk under way when they are aborted', async () => {
    const t = await migrating(450)
    const controller = new AbortController()
    const runtime = processOn(t)
    const { storage } = runtime
    const aborting: typeof storage = {
      ...storage,
      transaction: async (work) => {
        controller.abort()
        return await storage.transaction(work)
      },
    }
    expect(await workJobs({ ...runtime, storage: aborting }, { signal: controller.signal })).toBe(200)
    expect(await workJobs(runtime, { signal: controller.signal })).toBe(0)
    expect(await jobsOf(t)).toMatchObject([{ state: 'running', done: 200 }])
  })

  it('are left alone by a worker while another has them', async () => {
    const t = await migrating(3)
    const runtime = processOn(t)
    const held = await t.storage.transaction((tx) =>
      jobChunk(
        runtime,
        {
          ...tx,
          jobs: {
            ...tx.jobs,
            *lock(id) {
              yield* tx.jobs.get(id)
              return null
            },
          },
        },
        jobId,
      ),
    )
    expect(held).toBeNull()
    await Promise.all([workJobs(runtime), workJobs(processOn(t))])
    expect(await jobsOf(t)).toMatchObject([{ done: 3 }])
    expect(await steps(t)).toEqual([[2, 'active', 'pause', 3]])
  })

  it('find who entered the old version just before, a while later', async () => {
    const t = await migrating(2)
    const runtime = processOn(t)
    await workJobs(runtime)
    await t.contacts.identify('late', {})
    const [pattern] = await t.scenarios.enrolments('c_0000')
    if (pattern === undefined) throw new Error('nobody is in it')
    const late = { ...pattern, id: '000', contactId: 'late', version: 1, stepId: 'rest', wakeAt: t.clock.now() + 1e9 }
    await t.storage.transaction((tx) => tx.enrolments.enter([late]))
    await t.clock.advance('5 minutes')
    expect(await steps(t)).toEqual([[2, 'active', 'pause', 3]])
    expect(await jobsOf(t)).toMatchObject([{ state: 'done', done: 3 }])
  })

  it('leave alone, and tell of, who came to a step without successor meanwhile, and end all the same', async () => {
    const t = await migrating(1)
    const [pattern] = await t.scenarios.enrolments('c_0000')
    if (pattern === undefined) throw new Error('nobody is in it')
    const lost = Array.from({ length: 250 }, (_, nth) => `lost_${String(nth).padStart(3, '0')}`)
    await t.contacts.identifyMany(lost.map((id) => ({ id, profile: {} })))
    const rows = lost.map((id) => ({ ...pattern, id, contactId: id, version: 1, stepId: 'gone', wakeAt: t.clock.now() + 1e9 }))
    await t.storage.transaction((tx) => tx.enrolments.enter(rows))
    await t.clock.advance('5 minutes')
    expect(await jobsOf(t)).toMatchObject([{ state: 'done', done: 1 }])
    expect(await steps(t)).toContainEqual([1, 'active', 'gone', 250])
  })

  it('are put off when a chunk fails, and keep no other waiting', async () => {
    const t = await migrating(2)
    const broken = { ...(await jobsOf(t))[0], id: 'a', kind: 'backfill', spec: {} } as const
    await t.storage.transaction((tx) => tx.jobs.create(broken as never))
    await workJobs(processOn(t))
    expect(await steps(t)).toEqual([[2, 'active', 'pause', 2]])
    expect(await t.read((reader) => reader.jobs.get('a'))).toMatchObject({ state: 'running', runAt: t.clock.now() + 60_000 })
    await t.scenarios.cancelJob('a')
    expect(await t.read((reader) => reader.jobs.get('a'))).toMatchObject({ state: 'cancelled' })
    await expect(t.scenarios.cancelJob('b')).rejects.toThrow(expect.objectContaining({ code: 'job.unknown' }))
  })
})

describe('migrating', () => {
  /** Both mails wait for the evening: `first` is kept, `second` is gone in the new version. */
  const evening = (version: number, more: boolean) =>
    model.scenario('evening', {
      version,
      window: { from: '20:00', to: '21:00' },
      minGap: '0 hours',
      inFlight: 'migrate',
      successors: more ? {} : { rest: null },
      steps: ({ send, wait }) => [
        send('first', first),
        ...(more ? [send('second', second), wait('rest', { days: 3 }), send('third', first)] : []),
      ],
    })

  it('drops queued mail of steps that are gone and keeps the rest', async () => {
    const [before, after] = [evening(1, true), evening(2, false)]
    const { storage, ...old } = await lifeWorld([before])
    await old.enrol('c_1', before)
    const t = await lifeWorld([after], { storage })
    await t.clock.advance('1 day')
    const found = await t.messages.ofContact('c_1')
    expect(found.map(({ stepId, state, reason }) => [stepId, state, reason]).toSorted()).toEqual([
      ['first', 'sent', null],
      ['second', 'skipped', 'replaced'],
    ])
    expect(await t.scenarios.enrolments('c_1')).toMatchObject([{ version: 2, state: 'completed', rev: 0 }])
  })

  it('back to before a mail that is queued does not send it again', async () => {
    const evening = (version: number, waitId: string, changes: Changes = {}) =>
      model.scenario('evening', {
        version,
        ...changes,
        window: { from: '20:00', to: '21:00' },
        steps: ({ send, wait }) => [send('first', first), wait(waitId, { days: 3 })],
      })
    const before = evening(1, 'rest')
    const after = evening(2, 'pause', { inFlight: 'migrate', successors: { rest: 'first' } })
    const { storage, enrol } = await lifeWorld([before])
    await enrol('c_1', before)
    const t = await lifeWorld([after], { storage })
    await t.clock.advance('2 days')
    expect((await t.messages.ofContact('c_1')).map(({ stepId, state }) => [stepId, state])).toEqual([['first', 'sent']])
    expect(await t.scenarios.enrolments('c_1')).toMatchObject([{ version: 2, stepId: 'pause' }])
  })

  it('to an identical version changes the version and nothing else, and remembers the one that was entered', async () => {
    const same = (version: number) =>
      model.scenario('course', {
        ...{ version, inFlight: 'migrate' as const },
        steps: ({ send, wait }) => [send('first', first), wait('rest', { days: 3 }), send('second', second)],
      })
    const { storage, ...old } = await lifeWorld([same(1)])
    const t0 = await lifeWorld([same(1)], { storage })
    const scenario = same(1)
    const own = await lifeWorld([scenario], { storage })
    await own.enrol('c_1', scenario)
    await own.settle()
    const [before] = await t0.scenarios.enrolments('c_1')
    const t = await lifeWorld([same(2)], { storage })
    await workJobs(processOn(t))
    expect(await t.scenarios.enrolments('c_1')).toEqual([
      { ...before, version: 2, memory: { ...before?.memory, enteredVersion: 1 } },
    ])
    expect(old.outbox).toEqual([])
  })
})

describe('whoever a job has not come to yet', () => {
  /** More than the job takes in one pass, all due at once. */
  const many = 1_050
  const due = async (t: LifeWorld, scenarios: Parameters<typeof lifeWorld>[0] = []) => {
    const now = new Date(t.clock.now() + 3 * 24 * 60 * 60_000).toISOString()
    return await lifeWorld(scenarios, { storage: t.storage, now })
  }
  const drained = async (t: LifeWorld) => {
    await t.settle()
    await t.clock.advance('3 minutes')
    return t.outbox.length
  }

  it('walks no further when the scenario is stopped with exit', async () => {
    const t = await due(await inFlight(many), [course(1, 'rest')])
    await t.scenarios.stop('course', { inFlight: 'exit' })
    expect(await drained(t)).toBe(0)
    expect(await t.scenarios.get('course')).toMatchObject({ active: 0, completed: 0, exited: many })
    expect(await jobsOf(t)).toMatchObject([{ state: 'done' }])
  })

  it('gets no mail of the version that another one ended or moved them from', async () => {
    const exit = await due(await inFlight(many), [course(2, 'pause', { inFlight: 'exit' })])
    expect(await drained(exit)).toBe(0)
    expect(await exit.scenarios.get('course')).toMatchObject({ active: 0, exited: many })
    const later = model.scenario('course', {
      version: 2,
      inFlight: 'migrate',
      successors: { rest: 'pause', second: 'pause' },
      steps: ({ send, wait }) => [send('first', first), wait('pause', { days: 9 }), send('third', second)],
    })
    const moved = await due(await inFlight(many), [later])
    expect(await drained(moved)).toBe(0)
    expect(await steps(moved)).toEqual([[2, 'active', 'pause', many]])
  })
})
