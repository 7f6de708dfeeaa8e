import assert from 'node:assert/strict'
import pg from 'pg'
import { PgBoss } from 'pg-boss'

const queue = 'steps'
const batchSize = 500

export interface BossJobs {
  /** Fetches and completes as many jobs that do nothing, by this many loops at once; jobs a second. */
  round(loops: number): Promise<number>
  close(): Promise<void>
}

/** pg-boss on a server: a standard queue, tables analysed before each round, nothing else running in it. */
export const bossJobs = async (connectionString: string, jobs: number): Promise<BossJobs> => {
  const boss = new PgBoss({ connectionString, supervise: false, schedule: false, max: 10 })
  boss.on('error', (error) => {
    throw error
  })
  await boss.start()
  await boss.createQueue(queue)
  const client = new pg.Client({ connectionString })
  await client.connect()
  const work = async (): Promise<number> => {
    let done = 0
    for (;;) {
      const fetched = await boss.fetch(queue, { batchSize })
      if (fetched.length === 0) return done
      await boss.complete(
        queue,
        fetched.map(({ id }) => id),
      )
      done += fetched.length
    }
  }
  return {
    round: async (loops) => {
      for (let made = 0; made < jobs; made += 1_000)
        await boss.insert(
          queue,
          Array.from({ length: Math.min(1_000, jobs - made) }, () => ({ data: {} })),
        )
      await client.query('vacuum analyze')
      const started = performance.now()
      const done = await Promise.all(Array.from({ length: loops }, work))
      const seconds = (performance.now() - started) / 1_000
      assert.equal(
        done.reduce((sum, one) => sum + one, 0),
        jobs,
        'not every job was done once',
      )
      return jobs / seconds
    },
    close: async () => {
      await client.end()
      await boss.stop({ graceful: false, close: true })
    },
  }
}
