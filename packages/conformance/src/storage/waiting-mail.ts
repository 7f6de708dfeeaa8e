import type { Message, QueueEntry } from '@tobiishi/core/ports'
import { start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { allPages, codePointIds } from './pages.ts'
import { claimAt, markAt, minute, oneMail, queueMails, retryOf } from './queue-world.ts'

/** A mail of scenario `welcome`. */
const mail = (id: string, change: Partial<Message> = {}, queue: Partial<QueueEntry> = {}) =>
  oneMail({ id, scenario: 'welcome', scenarioVersion: 3, stepId: 'hello', ...change }, queue)

/** Claims everything due and marks these. */
const mark = async ({ run }: Pick<World, 'run'>, ids: readonly string[]) => {
  const claims = await run((tx) => claimAt(tx, start))
  const chosen = claims.filter((claim) => ids.includes(claim.message.id))
  await run((tx) => markAt(tx, chosen, start))
  return claims
}

const states = async ({ read }: Pick<World, 'read'>, ids: readonly string[]) =>
  (await read((reader) => reader.messages.get(ids))).map((row) => `${row.id} ${row.state} ${row.reason}`).toSorted()

export const waitingMailCases: Capability = ({ test, expect }) => {
  test('the mail of contacts that waits unmarked is told, claimed or not', async (world) => {
    await world.run((tx) =>
      queueMails(tx, [
        mail('m1', { topic: 'news', plannedAt: start - 5 }),
        mail('m2'),
        oneMail({ id: 'm3', purpose: 'transactional' }, { runAt: start + minute }),
        mail('m4', { contactId: 'c2' }),
        mail('m5', { contactId: 'c3' }),
      ]),
    )
    await mark(world, ['m2'])
    const rows = await world.read((reader) => reader.messages.waitingOf(['c1', 'c2', 'nobody', 'c1']))
    expect(rows.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1))).toEqual([
      {
        ...{ messageId: 'm1', contactId: 'c1', purpose: 'marketing', topic: 'news', scenario: 'welcome', scenarioVersion: 3 },
        ...{ plannedAt: start - 5, runAt: start, expiresAt: start + 24 * 60 * minute, attempt: 0 },
      },
      {
        ...{ messageId: 'm3', contactId: 'c1', purpose: 'transactional', topic: null, scenario: null, scenarioVersion: null },
        ...{ plannedAt: start, runAt: start + minute, expiresAt: start + 24 * 60 * minute, attempt: 0 },
      },
      {
        ...{ messageId: 'm4', contactId: 'c2', purpose: 'marketing', topic: null, scenario: 'welcome', scenarioVersion: 3 },
        ...{ plannedAt: start, runAt: start, expiresAt: start + 24 * 60 * minute, attempt: 0 },
      },
    ])
    expect(await world.read((reader) => reader.messages.waitingOf([]))).toEqual([])
  })

  test('mail of scenarios that waits for its time is due, unless it is marked or was tried', async (world) => {
    const later = { runAt: start + minute }
    await world.run((tx) =>
      queueMails(tx, [
        mail('later', {}, later),
        mail('due'),
        mail('other', { contactId: 'c2' }, later),
        oneMail({ id: 'broadcast', broadcastId: 'b1' }, later),
        mail('tried'),
        mail('marked'),
      ]),
    )
    const claims = await mark(world, ['marked', 'tried'])
    const tried = claims.filter(({ message }) => message.id === 'tried')
    await world.run((tx) =>
      tx.queue.finish(
        tried.map(({ token }) => retryOf({ messageId: 'tried', token }, start + minute)),
        start,
      ),
    )
    await world.run((tx) => tx.messages.reconsider(['c1', 'nobody'], start + 5))
    await world.run((tx) => tx.messages.reconsider([], start + 5))
    const due = async (now: number) => (await world.run((tx) => claimAt(tx, now))).map(({ message }) => message.id).toSorted()
    expect(await due(start + 4)).toEqual([])
    expect(await due(start + 5)).toEqual(['later'])
    expect(await due(start + minute)).toEqual(['broadcast', 'due', 'other', 'tried'])
  })

  test('the queued mail of a scenario is paged by id', async ({ run, read }) => {
    await run((tx) =>
      queueMails(tx, [
        ...codePointIds.toReversed().map((id, n) => mail(id, {}, { runAt: start + n })),
        oneMail({ id: 'none' }),
        mail('other', { scenario: 'nurture', stepId: null }),
      ]),
    )
    const pages = (scenario: string, limit: number) =>
      allPages(
        (after: string | null) => read((reader) => reader.messages.queuedOf(scenario, { after, limit })),
        (row) => row.messageId,
      )
    const last = codePointIds.length - 1
    for (const limit of [1, 4]) {
      expect(await pages('welcome', limit)).toEqual(
        codePointIds.map((messageId, n) => ({ messageId, stepId: 'hello', runAt: start + last - n })),
      )
    }
    expect(await pages('nurture', 9)).toEqual([{ messageId: 'other', stepId: null, runAt: start }])
    expect(await pages('unknown', 9)).toEqual([])
  })

  test('an urgent mail tells why it is', async ({ run }) => {
    await run((tx) => queueMails(tx, [oneMail({ purpose: 'transactional', urgent: '障害のお知らせ' })]))
    const [claim] = await run((tx) => claimAt(tx, start))
    expect(claim?.message.urgent).toBe('障害のお知らせ')
  })

  test('shifting moves the unmarked mail of a scenario in time; claims of it are void', async (world) => {
    await world.run((tx) =>
      queueMails(tx, [mail('m1'), mail('m2'), mail('m3', { plannedAt: start + 1 }, { runAt: start + 5 }), oneMail({ id: 'm4' })]),
    )
    const claims = await mark(world, ['m2'])
    expect(await world.run((tx) => tx.messages.shiftQueued('welcome', 10 * minute))).toBe(2)
    const m1 = claims.filter((claim) => claim.message.id === 'm1')
    expect(await world.run((tx) => markAt(tx, m1, start))).toEqual(['lost'])
    expect(await world.run((tx) => claimAt(tx, start + 10 * minute - 1))).toMatchObject([{ message: { id: 'm4' } }])
    const moved = await world.run((tx) => claimAt(tx, start + 10 * minute + 5))
    const told = moved.map(({ queue, message, attempt }) => [
      ...[message.id, message.plannedAt - start, queue.runAt - start, queue.expiresAt - start, attempt],
    ])
    expect(told.toSorted()).toEqual([
      ['m1', 10 * minute, 10 * minute, 86_400_000 + 10 * minute, 0],
      ['m3', 10 * minute + 1, 10 * minute + 5, 86_400_000 + 10 * minute, 0],
    ])
    expect((await world.read((reader) => reader.messages.get(['m2'])))[0]?.plannedAt).toBe(start)
    expect(await world.run((tx) => tx.messages.shiftQueued('unknown', minute))).toBe(0)
  })

  test('the mail of some steps of enrolments is dropped', async (world) => {
    await world.run((tx) =>
      queueMails(tx, [
        mail('m1', { enrolmentId: 'e1' }),
        mail('m2', { enrolmentId: 'e1', stepId: 'nudge' }),
        mail('m3', { enrolmentId: 'e1', stepId: 'last' }),
        mail('m4', { enrolmentId: 'e1', stepId: null }),
        mail('m5', { enrolmentId: 'e2' }),
      ]),
    )
    const drop = (stepIds: readonly string[]) =>
      world.run((tx) => tx.messages.dropQueued({ enrolmentIds: ['e1', 'e9'], stepIds }, 'replaced', start + 7))
    expect(await drop([])).toBe(0)
    expect(await drop(['nudge', 'last', 'unknown'])).toBe(2)
    expect(await states(world, ['m1', 'm2', 'm3', 'm4', 'm5'])).toEqual([
      ...['m1 queued null', 'm2 skipped replaced', 'm3 skipped replaced', 'm4 queued null', 'm5 queued null'],
    ])
    expect(await world.read((reader) => reader.queue.depth())).toBe(3)
  })

  test('the unmarked mail of a contact is dropped', async (world) => {
    await world.run((tx) =>
      queueMails(tx, [mail('m1'), oneMail({ id: 'm2', broadcastId: 'b1' }), mail('m3'), mail('m4', { contactId: 'c2' })]),
    )
    await mark(world, ['m3'])
    expect(await world.run((tx) => tx.messages.dropQueued({ contactId: 'c1' }, 'stopped', start))).toBe(2)
    expect(await states(world, ['m1', 'm2', 'm3', 'm4'])).toEqual([
      ...['m1 skipped stopped', 'm2 skipped stopped', 'm3 queued null', 'm4 queued null'],
    ])
  })

  test('the mail of a scenario that was due before an instant is dropped; what is due at it stays', async (world) => {
    const at = (id: string, runAt: number, change: Partial<Message> = {}) => mail(id, change, { runAt: start + runAt })
    await world.run((tx) =>
      queueMails(tx, [
        at('m1', 4),
        at('m2', 5),
        at('m3', 0),
        at('m4', 0, { scenario: 'nurture' }),
        at('m5', -9, { scenario: null }),
      ]),
    )
    await mark(world, ['m3'])
    const target = { scenario: 'welcome', before: start + 5 }
    expect(await world.run((tx) => tx.messages.dropQueued(target, 'paused', start + 9))).toBe(1)
    expect(await states(world, ['m1', 'm2', 'm3', 'm4', 'm5'])).toEqual([
      ...['m1 skipped paused', 'm2 queued null', 'm3 queued null', 'm4 queued null', 'm5 queued null'],
    ])
  })
}
