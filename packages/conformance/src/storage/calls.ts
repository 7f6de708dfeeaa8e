import type { Call, ClaimedCall, Storage, StorageTransaction } from '@tobiishi/core/ports'
import { aCall, aContact, aJob, anEnrolment, aScenario, aScenarioVersion, start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { onTwo } from './on-two.ts'
import { minute } from './queue-world.ts'

const keys = (calls: readonly Call[]): string[] => calls.map((call) => call.idemKey)

/** Claims with a lease of 15 s: the fixture's time-out and a margin. */
const claimAt = (tx: StorageTransaction, now: number, change: { limit?: number; handlers?: readonly string[] } = {}) =>
  tx.calls.claim({ now, limit: 10, leaseMargin: 5_000, handlers: ['crm'], ...change })
const lease = 15_000

type Outcome = 'done' | 'retry' | 'dead'
const ending = (call: { readonly idemKey: string; readonly token: number }, outcome: Outcome, runAt = start) => ({
  idemKey: call.idemKey,
  token: call.token,
  outcome,
  runAt,
  error: outcome === 'done' ? null : 'handler.failed: it did not answer',
})

const counts = ({ read }: Pick<World, 'read'>) => read((reader) => reader.calls.count())

export const callCases: Capability = ({ test, expect }) => {
  test('a call is queued once by its key and claimed with all that it holds', async (world) => {
    const call = aCall({ payload: { plan: 'A「①」', list: [1, null] }, waits: true, attempts: 3, createdAt: start - 5 })
    await world.run((tx) => tx.calls.enqueue([call, { ...call, handler: 'other' }]))
    await world.run((tx) => tx.calls.enqueue([{ ...call, payload: {} }]))
    expect(await counts(world)).toEqual({ waiting: 1, dead: 0 })
    expect(await world.run((tx) => claimAt(tx, start))).toEqual([{ ...call, token: 1 }])
  })

  test('due calls of these handlers are claimed, the earliest first, up to the limit', async ({ run }) => {
    const call = (stepSeq: number, runAt: number, handler = 'crm') => aCall({ stepSeq, runAt: start + runAt, handler })
    await run((tx) => tx.calls.enqueue([call(1, 0), call(2, -5), call(3, 1), call(4, -9, 'slack'), call(5, -1)]))
    expect(keys(await run((tx) => claimAt(tx, start, { limit: 2 })))).toEqual(['e1:2', 'e1:5'])
    expect(keys(await run((tx) => claimAt(tx, start)))).toEqual(['e1:1'])
    expect(await run((tx) => claimAt(tx, start, { handlers: [] }))).toEqual([])
    expect(keys(await run((tx) => claimAt(tx, start, { handlers: ['crm', 'slack'] })))).toEqual(['e1:4'])
  })

  test('the lease is as long as the call may take and a margin; then another takes it with a higher token', async ({ run }) => {
    await run((tx) => tx.calls.enqueue([aCall(), aCall({ stepSeq: 2, timeout: 60_000 })]))
    const first = await run((tx) => claimAt(tx, start))
    expect(first.map((call) => call.token)).toEqual([1, 1])
    expect(await run((tx) => claimAt(tx, start + lease - 1))).toEqual([])
    const second = await run((tx) => claimAt(tx, start + lease))
    expect(second.map((call) => [call.idemKey, call.token])).toEqual([['e1:1', 2]])
    expect(keys(await run((tx) => claimAt(tx, start + 65_000 - 1)))).toEqual(['e1:1'])
    expect(keys(await run((tx) => claimAt(tx, start + 65_000)))).toEqual(['e1:2'])
  })

  test('a call that is done is gone, and its key is free', async (world) => {
    await world.run((tx) => tx.calls.enqueue([aCall()]))
    const [call] = await world.run((tx) => claimAt(tx, start))
    const done = ending({ idemKey: 'e1:1', token: call?.token ?? 0 }, 'done')
    expect(await world.run((tx) => tx.calls.finish([done, done]))).toEqual([true, false])
    expect(await counts(world)).toEqual({ waiting: 0, dead: 0 })
  })

  test('retry puts it back with one more try and why; the token that asked is void', async (world) => {
    const { run } = world
    await run((tx) => tx.calls.enqueue([aCall()]))
    await run((tx) => claimAt(tx, start))
    const retry = ending({ idemKey: 'e1:1', token: 1 }, 'retry', start + minute)
    expect(await run((tx) => tx.calls.finish([retry]))).toEqual([true])
    expect(await run((tx) => tx.calls.finish([retry, { ...retry, outcome: 'done' }, { ...retry, outcome: 'dead' }]))).toEqual([
      ...[false, false, false],
    ])
    expect(await run((tx) => claimAt(tx, start + minute - 1))).toEqual([])
    const [again] = await run((tx) => claimAt(tx, start + minute))
    expect(again).toEqual({ ...aCall({ runAt: start + minute, attempt: 1, error: retry.error }), token: 2 })
  })

  test('a finish with a token of before changes nothing', async (world) => {
    const { run } = world
    await run((tx) => tx.calls.enqueue([aCall()]))
    await run((tx) => claimAt(tx, start))
    await run((tx) => claimAt(tx, start + lease))
    const stale = (['done', 'retry', 'dead'] as const).map((outcome) => ending({ idemKey: 'e1:1', token: 1 }, outcome))
    const missing = ending({ idemKey: 'e9:9', token: 1 }, 'done')
    expect(await run((tx) => tx.calls.finish([...stale, missing]))).toEqual([false, false, false, false])
    expect(await counts(world)).toEqual({ waiting: 1, dead: 0 })
    expect(await run((tx) => tx.calls.finish([ending({ idemKey: 'e1:1', token: 2 }, 'done')]))).toEqual([true])
  })

  test('an answer that comes after the lease still counts where nobody took the call since', async (world) => {
    await world.run((tx) => tx.calls.enqueue([aCall()]))
    await world.run((tx) => claimAt(tx, start))
    expect(await world.run((tx) => tx.calls.finish([ending({ idemKey: 'e1:1', token: 1 }, 'done', start + minute)]))).toEqual([
      true,
    ])
    expect(await counts(world)).toEqual({ waiting: 0, dead: 0 })
  })

  test('a call that was given up is kept, told, and not claimed until it is revived, from its first try', async (world) => {
    const { run, read } = world
    await run((tx) => tx.calls.enqueue([aCall({ attempt: 4 }), aCall({ stepSeq: 2, runAt: start + 1 })]))
    const [first] = await run((tx) => claimAt(tx, start + 1))
    const dead = ending(first ?? { idemKey: '', token: 0 }, 'dead')
    expect(await run((tx) => tx.calls.finish([dead]))).toEqual([true])
    expect(await counts(world)).toEqual({ waiting: 1, dead: 1 })
    const kept = await read((reader) => reader.calls.dead({ limit: 9 }))
    expect(kept).toMatchObject([{ idemKey: 'e1:1', state: 'dead', attempt: 5, error: dead.error }])
    expect((await run((tx) => claimAt(tx, start + 100 * minute))).map((call) => call.idemKey)).toEqual(['e1:2'])
    expect(await run((tx) => tx.calls.revive('e1:1', start + 200 * minute))).toBe(true)
    expect(await run((tx) => tx.calls.revive('e1:1', start))).toBe(false)
    expect(await run((tx) => tx.calls.revive('e9:9', start))).toBe(false)
    const claims = await run((tx) => claimAt(tx, start + 200 * minute))
    const again = claims.find((call) => call.idemKey === 'e1:1')
    expect([again?.idemKey, again?.attempt, again?.token, again?.runAt]).toEqual(['e1:1', 0, 2, start + 200 * minute])
  })

  test('the dead are listed up to the limit', async ({ run, read }) => {
    await run((tx) => tx.calls.enqueue([1, 2, 3].map((stepSeq) => aCall({ stepSeq }))))
    const claims = await run((tx) => claimAt(tx, start))
    await run((tx) => tx.calls.finish(claims.map((call) => ending(call, 'dead'))))
    expect((await read((reader) => reader.calls.dead({ limit: 2 }))).length).toBe(2)
    expect((await read((reader) => reader.calls.dead({ limit: 9 }))).length).toBe(3)
  })

  test('the calls of enrolments are told until they are done: under way, tried again, dead', async ({ run, read }) => {
    const [done, underWay, dead, retried] = [1, 2, 3, 4].map((stepSeq) => aCall({ stepSeq }))
    const other = aCall({ enrolmentId: 'e2', runAt: start + minute })
    await run((tx) =>
      tx.calls.enqueue([done, underWay, dead, retried, other, aCall({ enrolmentId: 'e3' })].flatMap((call) => call ?? [])),
    )
    const claims = await run((tx) => claimAt(tx, start))
    const claimOf = (key: string) => ({ idemKey: key, token: claims.find(({ idemKey }) => idemKey === key)?.token ?? 0 })
    await run((tx) =>
      tx.calls.finish([
        ending(claimOf('e1:1'), 'done'),
        ending(claimOf('e1:3'), 'dead'),
        ending(claimOf('e1:4'), 'retry', start + 7),
      ]),
    )
    const told = await read((reader) => reader.calls.ofEnrolments(['e2', 'e1', 'nobody', 'e1']))
    expect(told.map(({ idemKey, state, attempt, runAt }) => [idemKey, state, attempt, runAt])).toEqual([
      ['e1:2', 'waiting', 0, start],
      ['e1:3', 'dead', 1, start],
      ['e1:4', 'waiting', 1, start + 7],
      ['e2:1', 'waiting', 0, start + minute],
    ])
    expect(told.at(-1)).toEqual(other)
    expect(await read((reader) => reader.calls.ofEnrolments([]))).toEqual([])
  })

  test('the calls of a paused scenario wait; those of others, stopped ones too, do not', async ({ run }) => {
    await run(function* (tx) {
      for (const scenario of ['welcome', 'nurture']) yield* tx.scenarios.publish(aScenarioVersion({ scenario }))
      yield* tx.calls.enqueue([aCall(), aCall({ enrolmentId: 'e2', scenario: 'nurture' })])
      yield* tx.scenarios.save(aScenario({ state: 'paused' }))
      yield* tx.scenarios.save(aScenario({ name: 'nurture', state: 'stopped' }))
    })
    expect(keys(await run((tx) => claimAt(tx, start)))).toEqual(['e2:1'])
    await run((tx) => tx.scenarios.save(aScenario()))
    expect(keys(await run((tx) => claimAt(tx, start)))).toEqual(['e1:1'])
  })

  test('the calls of enrolments that a job is to end wait; those of completed ones and of other versions do not', async ({
    run,
  }) => {
    const spec = { reason: 'replaced', below: 2 }
    const job = aJob({ id: 'j1', kind: 'exit', scenario: 'welcome', spec })
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      const ids = ['c1', 'c2', 'c3']
      yield* tx.contacts.ensure(
        ids.map((id) => aContact({ id })),
        start,
      )
      yield* tx.enrolments.enter([
        anEnrolment({ id: 'e1', contactId: 'c1' }),
        anEnrolment({ id: 'e2', contactId: 'c2', version: 2 }),
        anEnrolment({ id: 'e3', contactId: 'c3', state: 'completed', stepId: null, wakeAt: null, endedAt: start }),
      ])
      yield* tx.calls.enqueue(ids.map((contactId, index) => aCall({ enrolmentId: `e${index + 1}`, contactId })))
      yield* tx.jobs.create(job)
    })
    expect(keys(await run((tx) => claimAt(tx, start))).toSorted()).toEqual(['e2:1', 'e3:1'])
    await run((tx) => tx.jobs.save({ ...job, state: 'done', finishedAt: start }))
    expect(keys(await run((tx) => claimAt(tx, start)))).toEqual(['e1:1'])
  })

  test('drop deletes what waits of these enrolments, but neither what is under way nor what is dead', async (world) => {
    const { run } = world
    const seqs = [1, 2, 3]
    await run((tx) => tx.calls.enqueue(seqs.map((stepSeq) => aCall({ stepSeq, runAt: start + stepSeq }))))
    await run((tx) => tx.calls.enqueue([aCall({ enrolmentId: 'e2', runAt: start + minute })]))
    const [one, two] = await run((tx) => claimAt(tx, start + 2))
    await run((tx) => tx.calls.finish(one === undefined ? [] : [ending(one, 'dead')]))
    await run((tx) => tx.calls.drop(['e1', 'e9'], start + 3))
    expect(await counts(world)).toEqual({ waiting: 2, dead: 1 })
    expect(await run((tx) => tx.calls.finish(two === undefined ? [] : [ending(two, 'retry', start + 4)]))).toEqual([true])
    await run((tx) => tx.calls.drop(['e1'], start + 5))
    expect(await counts(world)).toEqual({ waiting: 1, dead: 1 })
    await run((tx) => tx.calls.drop([], start + 5))
    expect(keys(await run((tx) => claimAt(tx, start + minute)))).toEqual(['e2:1'])
  })

  test('a call whose lease is over is dropped: its answer changes nothing', async (world) => {
    await world.run((tx) => tx.calls.enqueue([aCall()]))
    const [call] = await world.run((tx) => claimAt(tx, start))
    await world.run((tx) => tx.calls.drop(['e1'], start + lease - 1))
    expect(await counts(world)).toEqual({ waiting: 1, dead: 0 })
    await world.run((tx) => tx.calls.drop(['e1'], start + lease))
    expect(await counts(world)).toEqual({ waiting: 0, dead: 0 })
    expect(await world.run((tx) => tx.calls.finish(call === undefined ? [] : [ending(call, 'retry')]))).toEqual([false])
  })

  test('calls can be given to another contact, or deleted with theirs, dead ones too', async (world) => {
    const { run, read } = world
    await run((tx) =>
      tx.calls.enqueue([aCall(), aCall({ stepSeq: 2 }), aCall({ enrolmentId: 'e2', contactId: 'c3', runAt: start + 1 })]),
    )
    const [first] = await run((tx) => claimAt(tx, start, { limit: 1 }))
    await run((tx) => tx.calls.finish(first === undefined ? [] : [ending(first, 'dead')]))
    await run((tx) => tx.calls.move('c1', 'c2'))
    const owners = async (): Promise<string[]> => {
      const rows: readonly (Call | ClaimedCall)[] = [
        ...(await read((reader) => reader.calls.dead({ limit: 9 }))),
        ...(await run((tx) => claimAt(tx, start + 100 * minute))),
      ]
      return rows.map((call) => `${call.idemKey} ${call.contactId}`).toSorted()
    }
    expect(await owners()).toEqual(['e1:1 c2', 'e1:2 c2', 'e2:1 c3'])
    await run((tx) => tx.calls.move('c2', null))
    expect(await counts(world)).toEqual({ waiting: 1, dead: 0 })
  })

  onTwo(test)('two claimers share the calls: each goes to one', async ({ storage, run }, second) => {
    await run((tx) => tx.calls.enqueue(Array.from({ length: 40 }, (_, n) => aCall({ enrolmentId: `e${n}` }))))
    const claimer = async (connection: Storage<unknown>): Promise<string[]> => {
      const mine: string[] = []
      for (;;) {
        const claims = await connection.transaction((tx) => claimAt(tx, start, { limit: 7 }))
        if (claims.length === 0) return mine
        mine.push(...keys(claims))
      }
    }
    const taken = (await Promise.all([claimer(storage), claimer(second)])).flat()
    // A claimer may stop early while the other still holds rows in an open transaction; what is left is free.
    taken.push(...(await claimer(storage)))
    expect([taken.length, new Set(taken).size]).toEqual([40, 40])
  })
}
