import type { CapUse, ClaimedMail, MarkAnswer, Storage, StorageTransaction } from '@tobiishi/core/ports'
import { aContact, start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { onTwo } from './on-two.ts'
import { claimAt, doneOf, markOf, minute, oneMail, queueMails, retryOf } from './queue-world.ts'

const daily = { cap: 'daily', bucket: '2026-01-05' }
const monthly = { cap: 'monthly', bucket: '2026-01' }
const once: readonly CapUse[] = [{ ...daily, limit: 1 }]

const markWith = (tx: StorageTransaction, claims: readonly ClaimedMail[], caps: readonly CapUse[], now = start) =>
  tx.queue.mark(
    claims.map((claim) => ({ ...markOf(claim), caps })),
    { now, leaseUntil: now + minute },
  )

/** Queues mails `m1`, `m2`, … to one contact and claims them, in that order. */
const claimed = async ({ run }: Pick<World, 'run'>, count: number, contactId = 'c1'): Promise<ClaimedMail[]> => {
  const ids = Array.from({ length: count }, (_, n) => (contactId === 'c1' ? `m${n + 1}` : `${contactId}-m${n + 1}`))
  await run((tx) =>
    queueMails(
      tx,
      ids.map((id) => oneMail({ id, contactId })),
    ),
  )
  const claims = await run((tx) => claimAt(tx, start))
  return ids.flatMap((id) => claims.find((claim) => claim.message.id === id) ?? [])
}

const used = async ({ read }: Pick<World, 'read'>, place = daily, contactId = 'c1'): Promise<number> =>
  (await read((reader) => reader.queue.capsUsed([{ contactId, ...place }])))[0]?.used ?? 0

export const capCases: Capability = ({ test, expect }) => {
  test('a mark takes one place of each of its caps; those without any use are left out', async (world) => {
    const claims = await claimed(world, 2)
    const caps = [
      { ...daily, limit: 2 },
      { ...monthly, limit: 5 },
    ]
    expect(await world.run((tx) => markWith(tx, claims, caps))).toEqual(['marked', 'marked'])
    const asked = [
      { contactId: 'c1', ...daily },
      { contactId: 'c1', ...monthly },
      { contactId: 'c1', cap: 'daily', bucket: '2026-01-06' },
      { contactId: 'c1', cap: 'weekly', bucket: '2026-01-05' },
      { contactId: 'c2', ...daily },
    ]
    const answer = await world.read((reader) => reader.queue.capsUsed(asked))
    expect(answer.toSorted((a, b) => (a.cap < b.cap ? -1 : 1))).toEqual([
      { contactId: 'c1', ...daily, used: 2 },
      { contactId: 'c1', ...monthly, used: 2 },
    ])
    expect(await world.read((reader) => reader.queue.capsUsed([]))).toEqual([])
  })

  test('counters of buckets that are over go, some at a time, and nothing else', async (world) => {
    const buckets = ['2026-01-04', '2026-01-05', '2026-01-06', '2025-12', '2026-01']
    const claims = await claimed(world, 1)
    const others = await claimed(world, 1, 'c2')
    const caps = buckets.map((bucket) => ({ cap: 'any', bucket, limit: 5 }))
    await world.run((tx) => markWith(tx, [...claims, ...others], caps))
    const purge = (before: string, limit: number) => world.run((tx) => tx.queue.purgeCaps({ before, limit }))
    expect([await purge('2026-01-06', 3), await purge('2026-01-06', 3), await purge('2026-01-06', 3)]).toEqual([3, 1, 0])
    expect(await purge('2026-01', 100)).toBe(2)
    const asked = ['c1', 'c2'].flatMap((contactId) => buckets.map((bucket) => ({ contactId, cap: 'any', bucket })))
    const left = (await world.read((reader) => reader.queue.capsUsed(asked))).map(
      ({ contactId, bucket }) => `${contactId} ${bucket}`,
    )
    expect(left.toSorted()).toEqual(['c1 2026-01', 'c1 2026-01-06', 'c2 2026-01', 'c2 2026-01-06'])
    // A mail that gives its places back after that owes nobody any.
    const failed = claims.map(({ message, token }) => doneOf({ messageId: message.id, token }, { state: 'failed' }))
    await world.run((tx) => tx.queue.finish(failed, start))
    expect(await used(world, { cap: 'any', bucket: '2026-01-05' })).toBe(0)
    expect(await used(world, { cap: 'any', bucket: '2026-01-06' })).toBe(0)
  })

  test('two marks of one call that want the last place: the one asked first gets it', async (world) => {
    const [m1, m2] = await claimed(world, 2)
    const asked = m1 === undefined || m2 === undefined ? [] : [m2, m1]
    expect(await world.run((tx) => markWith(tx, asked, once))).toEqual(['marked', 'capped'])
    const [again] = await world.run((tx) => claimAt(tx, start))
    expect(again?.message.id).toBe('m1')
    expect(await used(world)).toBe(1)
  })

  test('what is capped went back to be decided again: its claim is void, it is no attempt', async (world) => {
    const claims = await claimed(world, 2)
    expect(await world.run((tx) => markWith(tx, claims, once))).toEqual(['marked', 'capped'])
    expect(await world.run((tx) => markWith(tx, claims.slice(1), []))).toEqual(['lost'])
    const again = await world.run((tx) => claimAt(tx, start))
    expect(again.map((claim) => [claim.message.id, claim.token, claim.attempt])).toEqual([['m2', 2, 0]])
    expect(await world.run((tx) => markWith(tx, again, []))).toEqual(['marked'])
    expect(await used(world)).toBe(1)
  })

  test('all caps or none: one that is full reserves nothing in the others', async (world) => {
    const claims = await claimed(world, 2)
    const caps = [
      { ...monthly, limit: 5 },
      { ...daily, limit: 1 },
    ]
    expect(await world.run((tx) => markWith(tx, claims, caps))).toEqual(['marked', 'capped'])
    expect([await used(world, monthly), await used(world, daily)]).toEqual([1, 1])
  })

  test('a cap that is full holds in later transactions, up to the limit that is asked with', async (world) => {
    const [m1, m2, m3] = (await claimed(world, 3)).map((claim) => [claim])
    const mark = (claims: ClaimedMail[] | undefined, limit: number) =>
      world.run((tx) => markWith(tx, claims ?? [], [{ ...daily, limit }]))
    expect(await mark(m1, 1)).toEqual(['marked'])
    expect(await mark(m2, 1)).toEqual(['capped'])
    expect(await mark(m3, 2)).toEqual(['marked'])
    const again = await world.run((tx) => claimAt(tx, start))
    expect(await mark(again, 1)).toEqual(['capped'])
    expect(await used(world)).toBe(2)
  })

  test('a limit of none lets nothing through', async (world) => {
    const claims = await claimed(world, 1)
    expect(await world.run((tx) => markWith(tx, claims, [{ ...daily, limit: 0 }]))).toEqual(['capped'])
    expect(await used(world)).toBe(0)
  })

  test('places of other contacts, caps and buckets are apart, in one call and over several', async (world) => {
    const mine = await claimed(world, 2)
    const other = await claimed(world, 1, 'c2')
    expect(await world.run((tx) => markWith(tx, [...mine.slice(0, 1), ...other], once))).toEqual(['marked', 'marked'])
    const tomorrow = [{ cap: 'daily', bucket: '2026-01-06', limit: 1 }]
    expect(await world.run((tx) => markWith(tx, mine.slice(1), tomorrow))).toEqual(['marked'])
    expect([await used(world), await used(world, daily, 'c2')]).toEqual([1, 1])
  })

  test('a mark that is refused for another reason takes no place', async (world) => {
    const claims = await claimed(world, 2)
    const asked = claims.map((claim, n) => ({ ...markOf(claim), caps: once, ...(n === 0 ? { consentRev: 5 } : { token: 9 }) }))
    const answers = await world.run((tx) => tx.queue.mark(asked, { now: start, leaseUntil: start + minute }))
    expect(answers).toEqual(['changed', 'lost'])
    const expired = await world.run((tx) => markWith(tx, claims.slice(1), once, start + 86_400_000))
    expect(expired).toEqual(['lost'])
    expect(await used(world)).toBe(0)
  })

  test('a mark that is rolled back takes no place', async (world) => {
    const claims = await claimed(world, 1)
    await world
      .run(function* (tx) {
        yield* markWith(tx, claims, once)
        throw new Error('the connection broke')
      })
      .catch(() => null)
    expect(await used(world)).toBe(0)
    expect(await world.run((tx) => markWith(tx, claims, once))).toEqual(['marked'])
  })

  for (const [outcome, kept] of [
    ['sent', 1],
    ['unknown', 1],
    ['failed', 0],
    ['skipped', 0],
    ['retry', 0],
  ] as const) {
    test(`a mail that ended as ${outcome} ${kept === 1 ? 'keeps its place' : 'gives its place back, once'}`, async (world) => {
      const caps = [
        { ...daily, limit: 2 },
        { ...monthly, limit: 2 },
      ]
      const claims = await claimed(world, 2)
      await world.run((tx) => markWith(tx, claims, caps))
      const held = { messageId: 'm1', token: 1 }
      const request = outcome === 'retry' ? retryOf(held, start + minute) : doneOf(held, { state: outcome, reason: 'because' })
      for (const expected of [true, false]) {
        // `unknown` may be told again: its late answer is still awaited.
        if (!expected && outcome === 'unknown') continue
        expect(await world.run((tx) => tx.queue.finish([request], start))).toEqual([expected])
      }
      expect([await used(world), await used(world, monthly)]).toEqual([1 + kept, 1 + kept])
    })
  }

  test('a mail that is tried again takes one place, in the bucket of its last try', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail()]))
    const tryAt = async (now: number, bucket: string) => {
      const claims = await world.run((tx) => claimAt(tx, now))
      expect(await world.run((tx) => markWith(tx, claims, [{ cap: 'daily', bucket, limit: 1 }], now))).toEqual(['marked'])
      return claims[0]?.token ?? 0
    }
    const first = await tryAt(start, '2026-01-05')
    await world.run((tx) => tx.queue.finish([retryOf({ messageId: 'm1', token: first }, start + minute)], start))
    const second = await tryAt(start + minute, '2026-01-06')
    await world.run((tx) => tx.queue.finish([doneOf({ messageId: 'm1', token: second })], start + minute))
    expect(await used(world, { cap: 'daily', bucket: '2026-01-05' })).toBe(0)
    expect(await used(world, { cap: 'daily', bucket: '2026-01-06' })).toBe(1)
  })

  test('what was given back once is not given back again by a later try that took no place', async (world) => {
    const claims = await claimed(world, 2)
    expect(await world.run((tx) => markWith(tx, claims, [{ ...daily, limit: 2 }]))).toEqual(['marked', 'marked'])
    await world.run((tx) => tx.queue.finish([retryOf({ messageId: 'm1', token: 1 }, start)], start))
    const again = await world.run((tx) => claimAt(tx, start))
    expect(await world.run((tx) => markWith(tx, again, []))).toEqual(['marked'])
    const failed = doneOf({ messageId: 'm1', token: 2 }, { state: 'failed', reason: 'because' })
    expect(await world.run((tx) => tx.queue.finish([failed], start))).toEqual([true])
    expect(await used(world)).toBe(1)
  })

  test('a place that was given back can be taken by another mail', async (world) => {
    const claims = await claimed(world, 2)
    expect(await world.run((tx) => markWith(tx, claims, once))).toEqual(['marked', 'capped'])
    await world.run((tx) => tx.queue.finish([doneOf({ messageId: 'm1', token: 1 }, { state: 'failed', reason: 'x' })], start))
    const again = await world.run((tx) => claimAt(tx, start))
    expect(await world.run((tx) => markWith(tx, again, once))).toEqual(['marked'])
  })

  for (const [late, kept] of [
    ['sent', 1],
    ['failed', 0],
    ['skipped', 0],
  ] as const) {
    test(`a reaped call keeps its place until its late answer says ${late}`, async (world) => {
      const claims = await claimed(world, 1)
      await world.run((tx) => markWith(tx, claims, once))
      expect((await world.run((tx) => tx.queue.reap({ now: start + minute, limit: 9 }))).length).toBe(1)
      expect(await used(world)).toBe(1)
      const answer = doneOf({ messageId: 'm1', token: 1 }, { state: late, reason: 'because' })
      expect(await world.run((tx) => tx.queue.finish([answer], start + minute))).toEqual([true])
      expect(await used(world)).toBe(kept)
    })
  }

  test('a claim that is given back or ends without a mark gives back nothing of others', async (world) => {
    const claims = await claimed(world, 3)
    expect(await world.run((tx) => markWith(tx, claims.slice(0, 1), once))).toEqual(['marked'])
    await world.run(function* (tx) {
      yield* tx.queue.release([{ messageId: 'm2', token: 1 }])
      yield* tx.queue.finish([doneOf({ messageId: 'm3', token: 1 }, { state: 'skipped', reason: 'capped' })], start)
    })
    expect(await used(world)).toBe(1)
  })

  onTwo(test)('two marks at once that want the last place: one gets it', async (world, second) => {
    const connections: readonly Storage<unknown>[] = [world.storage, second]
    for (let n = 0; n < 8; n++) {
      const contactId = `c${n}`
      await world.run((tx) => queueMails(tx, [oneMail({ id: `a${n}`, contactId }), oneMail({ id: `b${n}`, contactId })]))
      const claims = await world.run((tx) => claimAt(tx, start))
      const answers = await Promise.all(
        connections.map((connection, at) => connection.transaction((tx) => markWith(tx, claims.slice(at, at + 1), once))),
      )
      expect(answers.flat().map(isMarked).toSorted()).toEqual([false, true])
      expect(await used(world, daily, contactId)).toBe(1)
      await endAll(world, claims, answers.flat())
    }
  })

  onTwo(test)('marks at once of several contacts in another order each end', async (world, second) => {
    const ids = ['c1', 'c2', 'c3', 'c4']
    await world.run((tx) =>
      tx.contacts.ensure(
        ids.map((id) => aContact({ id })),
        start,
      ),
    )
    const mails = ids.flatMap((contactId) => ['a', 'b'].map((n) => oneMail({ id: `${contactId}${n}`, contactId })))
    await world.run((tx) => queueMails(tx, mails))
    const claims = await world.run((tx) => claimAt(tx, start))
    const of = (suffix: string) => claims.filter((claim) => claim.message.id.endsWith(suffix))
    const [a, b] = await Promise.all([
      world.run((tx) => markWith(tx, of('a'), once)),
      second.transaction((tx) => markWith(tx, of('b').toReversed(), once)),
    ])
    expect([...a, ...b].filter(isMarked).length).toBe(ids.length)
    for (const id of ids) expect(await used(world, daily, id)).toBe(1)
  })
}

/** The other one is `capped`, or `held` where a storage lets one mark of a contact through at a time. */
const isMarked = (answer: MarkAnswer): boolean => {
  if (answer !== 'marked' && answer !== 'capped' && answer !== 'held') throw new Error(`answered ${answer}`)
  return answer === 'marked'
}

/** Takes the mails out of the queue, so that the next claim finds only new ones. */
const endAll = async ({ run }: World, claims: readonly ClaimedMail[], answers: readonly MarkAnswer[]): Promise<void> => {
  const left = await run((tx) => claimAt(tx, start))
  const marked = claims.filter((_, n) => answers[n] === 'marked')
  const requests = [...left, ...marked].map((claim) => doneOf({ messageId: claim.message.id, token: claim.token }))
  await run((tx) => tx.queue.finish(requests, start))
}
