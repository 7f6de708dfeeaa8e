import { aJob, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { onTwo } from './on-two.ts'

export const jobCases: Capability = ({ test, expect }) => {
  test('a job is created once and given back as it was saved', async ({ run, read }) => {
    const job = aJob({ id: 'j1', kind: 'migrate', spec: { to: 2, steps: { a: null } } })
    expect(await run((tx) => tx.jobs.create(job))).toBe(true)
    expect(await run((tx) => tx.jobs.create({ ...job, kind: 'exit', spec: {} }))).toBe(false)
    expect(await read((reader) => reader.jobs.get('j1'))).toEqual(job)
    expect(await read((reader) => reader.jobs.get('j2'))).toBe(null)
    const after = { ...job, cursor: { after: 'e9' }, done: 100, total: 250, runAt: start + 5 }
    await run((tx) => tx.jobs.save(after))
    expect(await run((tx) => tx.jobs.lock('j1', { skipLocked: true }))).toEqual(after)
    expect(await run((tx) => tx.jobs.lock('j2', { skipLocked: false }))).toBe(null)
    const ended = { ...after, state: 'done', finishedAt: start + 9 } as const
    await run((tx) => tx.jobs.save(ended))
    expect(await read((reader) => reader.jobs.get('j1'))).toEqual(ended)
  })

  test('due are running jobs whose time has come, the oldest first', async ({ run, read }) => {
    await run(function* (tx) {
      yield* tx.jobs.create(aJob({ id: 'young', createdAt: start + 2 }))
      yield* tx.jobs.create(aJob({ id: 'old', createdAt: start + 1, runAt: start + 5 }))
      yield* tx.jobs.create(aJob({ id: 'later', runAt: start + 6 }))
      yield* tx.jobs.create(aJob({ id: 'done', state: 'done', finishedAt: start }))
      yield* tx.jobs.create(aJob({ id: 'cancelled', state: 'cancelled', finishedAt: start }))
    })
    const due = async (now: number) => (await read((reader) => reader.jobs.due(start + now))).map((job) => job.id)
    expect(await due(5)).toEqual(['old', 'young'])
    expect(await due(4)).toEqual(['young'])
    expect(await due(6)).toEqual(['later', 'old', 'young'])
  })

  test('the jobs of a scenario are listed newest first, ended ones too', async ({ run, read }) => {
    await run(function* (tx) {
      yield* tx.jobs.create(aJob({ id: 'old', createdAt: start + 1, state: 'done', finishedAt: start + 2 }))
      yield* tx.jobs.create(aJob({ id: 'young', createdAt: start + 2 }))
      yield* tx.jobs.create(aJob({ id: 'other', scenario: 'nurture' }))
    })
    expect((await read((reader) => reader.jobs.ofScenario('welcome'))).map((job) => job.id)).toEqual(['young', 'old'])
  })

  onTwo(test)(
    'two workers that lock a job do not lose a chunk that the other has written down',
    async ({ storage, run }, second) => {
      await run((tx) => tx.jobs.create(aJob({ id: 'j1' })))
      const work = async (connection: typeof storage) => {
        for (let n = 0; n < 10; n++) {
          await connection.transaction(function* (tx) {
            const job = yield* tx.jobs.lock('j1', { skipLocked: false })
            if (job !== null) yield* tx.jobs.save({ ...job, done: job.done + 1 })
          })
        }
      }
      await Promise.all([work(storage), work(second)])
      expect((await run((tx) => tx.jobs.get('j1')))?.done).toBe(20)
    },
  )
}
