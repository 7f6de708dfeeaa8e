import type { FinishRequest } from '@tobiishi/core/ports'
import { start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { claimAt, doneOf, markAt, minute, oneMail, queueMails, retryOf } from './queue-world.ts'

const held = { messageId: 'm1', token: 1 }

/** `m1` queued, claimed with token 1 and marked at `start`, its lease a minute long. */
const marked = async ({ run }: Pick<World, 'run'>): Promise<void> => {
  await run((tx) => queueMails(tx, [oneMail()]))
  const claims = await run((tx) => claimAt(tx, start))
  await run((tx) => markAt(tx, claims, start))
}

const message = async ({ read }: Pick<World, 'read'>) => (await read((reader) => reader.messages.get(['m1'])))[0]

const reapAt = ({ run }: Pick<World, 'run'>, now: number, limit = 10) => run((tx) => tx.queue.reap({ now, limit }))

export const finishCases: Capability = ({ test, expect }) => {
  const finish = ({ run }: Pick<World, 'run'>, requests: readonly FinishRequest[], now = start + 5) =>
    run((tx) => tx.queue.finish(requests, now))

  for (const [state, reason] of [
    ['sent', null],
    ['failed', 'rejected'],
    ['skipped', 'suppressed'],
  ] as const) {
    test(`done as ${state}: the queue row goes and the message tells the end`, async (world) => {
      await marked(world)
      expect(await finish(world, [doneOf(held, { state, reason, answer: { code: 250, text: 'OK「済」' } })])).toEqual([true])
      expect(await message(world)).toMatchObject({
        ...{ state, reason, templateHash: 'h1', providerId: 'p1', answer: { code: 250, text: 'OK「済」' } },
        ...{ finishedAt: start + 5, unknownToken: null },
      })
      expect(await world.read((reader) => reader.queue.depth())).toBe(0)
    })
  }

  test('a mail can be finished from its claim, without a mark: skipped or failed before the call', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail()]))
    await world.run((tx) => claimAt(tx, start))
    expect(await finish(world, [doneOf(held, { state: 'failed', reason: 'render.failed', providerId: null })])).toEqual([true])
    expect((await message(world))?.state).toBe('failed')
  })

  test('a second finish changes nothing', async (world) => {
    await marked(world)
    expect(await finish(world, [doneOf(held), doneOf(held, { state: 'failed' })])).toEqual([true, false])
    expect(await finish(world, [doneOf(held, { state: 'failed' }), retryOf(held, start)])).toEqual([false, false])
    expect((await message(world))?.state).toBe('sent')
    expect(await world.read((reader) => reader.queue.depth())).toBe(0)
  })

  test('a finish with a token of before changes nothing', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail()]))
    await world.run((tx) => claimAt(tx, start))
    await world.run((tx) => claimAt(tx, start + minute, { owner: 'w2' }))
    expect(await finish(world, [doneOf(held), retryOf(held, start), doneOf({ messageId: 'missing', token: 1 })])).toEqual([
      false,
      false,
      false,
    ])
    expect((await message(world))?.state).toBe('queued')
    expect(await finish(world, [doneOf({ messageId: 'm1', token: 2 })])).toEqual([true])
  })

  test('retry puts it back to its new time with one more attempt; the token that asked is void', async (world) => {
    await marked(world)
    expect(await finish(world, [retryOf(held, start + 10 * minute)])).toEqual([true])
    expect(await message(world)).toMatchObject({ state: 'queued', answer: { code: 451 }, finishedAt: null })
    expect(await finish(world, [doneOf(held), retryOf(held, start)])).toEqual([false, false])
    expect(await world.run((tx) => claimAt(tx, start + 10 * minute - 1))).toEqual([])
    const [claim] = await world.run((tx) => claimAt(tx, start + 10 * minute))
    expect([claim?.token, claim?.attempt, claim?.queue.runAt]).toEqual([2, 1, start + 10 * minute])
  })

  test('a retry of what was only held is no attempt', async (world) => {
    await marked(world)
    expect(await finish(world, [{ ...retryOf(held, start + 10 * minute), isHeld: true }])).toEqual([true])
    const [claim] = await world.run((tx) => claimAt(tx, start + 10 * minute))
    expect([claim?.token, claim?.attempt]).toEqual([2, 0])
  })

  test('a call whose lease is over becomes unknown and keeps its token; before that it is left alone', async (world) => {
    await marked(world)
    expect(await reapAt(world, start + minute - 1)).toEqual([])
    const reaped = await reapAt(world, start + minute)
    expect(reaped.map((row) => [row.id, row.state, row.unknownToken])).toEqual([['m1', 'unknown', 1]])
    expect(await message(world)).toMatchObject({
      ...{ state: 'unknown', reason: 'lease-over', unknownToken: 1, finishedAt: start + minute },
    })
    expect(await world.read((reader) => reader.queue.depth())).toBe(0)
    expect(await reapAt(world, start + minute)).toEqual([])
  })

  test('an unmarked claim past its lease is not reaped: nothing was called', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail()]))
    await world.run((tx) => claimAt(tx, start))
    expect(await reapAt(world, start + 100 * minute)).toEqual([])
    expect((await world.run((tx) => claimAt(tx, start + 100 * minute))).length).toBe(1)
  })

  test('the late answer to a reaped call wins, once', async (world) => {
    await marked(world)
    await reapAt(world, start + minute)
    expect(await finish(world, [doneOf({ messageId: 'm1', token: 2 }), retryOf(held, start)])).toEqual([false, false])
    expect((await message(world))?.state).toBe('unknown')
    expect(await finish(world, [doneOf(held)], start + 2 * minute)).toEqual([true])
    expect(await message(world)).toMatchObject({ state: 'sent', providerId: 'p1', unknownToken: null })
    expect(await finish(world, [doneOf(held, { state: 'failed' })])).toEqual([false])
    expect((await message(world))?.state).toBe('sent')
  })

  test('an ambiguous end is unknown at once, keeps its token, and is never claimed again', async (world) => {
    await marked(world)
    expect(await finish(world, [doneOf(held, { state: 'unknown', reason: 'timeout', providerId: null })])).toEqual([true])
    expect(await message(world)).toMatchObject({ state: 'unknown', reason: 'timeout', unknownToken: 1 })
    expect(await world.run((tx) => claimAt(tx, start + 100 * minute))).toEqual([])
    expect(await finish(world, [doneOf(held)])).toEqual([true])
    expect((await message(world))?.state).toBe('sent')
  })

  test('reap takes the longest over first, up to the limit', async (world) => {
    const mails = ['m1', 'm2', 'm3'].map((id) => oneMail({ id, contactId: `c-${id}` }))
    await world.run((tx) => queueMails(tx, mails))
    for (const n of [1, 2, 3]) {
      const claims = await world.run((tx) => claimAt(tx, start + n, { limit: 1 }))
      await world.run((tx) => markAt(tx, claims, start + n))
    }
    expect((await reapAt(world, start + 2 * minute, 2)).map((row) => row.id)).toEqual(['m1', 'm2'])
    expect((await reapAt(world, start + 2 * minute, 2)).map((row) => row.id)).toEqual(['m3'])
  })
}
