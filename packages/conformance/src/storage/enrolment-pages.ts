import type { Enrolment, StorageTransaction } from '@tobiishi/core/ports'
import { anEnrolment, aScenarioVersion, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { allPages, codePointIds } from './pages.ts'

const ended = { wakeAt: null, stepId: null, endedAt: start } as const

export const enrolmentPageCases: Capability = ({ test, expect }) => {
  const enter = (rows: readonly Enrolment[]) =>
    function* (tx: StorageTransaction) {
      const ids = [...new Set(rows.map((row) => row.contactId))]
      yield* tx.contacts.ensure(
        ids.map((id) => ({ id, hash: 1, lane: 1 })),
        start,
      )
      for (const version of [1, 2]) yield* tx.scenarios.publish(aScenarioVersion({ version }))
      yield* tx.enrolments.enter(rows)
    }

  test('an enrolment is given back with all that it remembers', async ({ run, read }) => {
    const row = anEnrolment({
      id: 'e1',
      contactId: 'c1',
      stepId: 'tell',
      wakeAt: null,
      wakeSpec: {
        wait: { kind: 'business', days: -3, at: '09:00' },
        anchorAt: start,
        from: { kind: 'event', event: 'order.placed' },
        arrivedAt: start + 2,
        endsAt: start + 9,
      },
      lastSendAt: start + 1,
      memory: { holdout: { until: 'nudge' }, skipping: 'past', sentBefore: ['a', '①'], skipBefore: start, lastSendSeq: 7 },
      pausesSeen: 3,
      depth: 20,
    })
    await run(enter([row]))
    expect(await read((reader) => reader.enrolments.ofContact('c1'))).toEqual([row])
    const after = {
      ...row,
      memory: {},
      wakeSpec: null,
      pausesSeen: 4,
      state: 'exited',
      endReason: 'event:left',
      ...ended,
    } as const
    await run((tx) => tx.enrolments.save([after]))
    expect(await read((reader) => reader.enrolments.ofContact('c1'))).toEqual([after])
  })

  test('the enrolments of several contacts are read at once, ended ones too, of one scenario if asked', async ({ run, read }) => {
    const row = (id: string, contactId: string, at: number, scenario = 'welcome') =>
      anEnrolment({ id, contactId, scenario, entryKey: id, enteredAt: start + at })
    await run(
      enter([
        row('e1', '😀', 1),
        { ...row('e2', '～', 9), state: 'completed', ...ended },
        row('e4', '～', 5),
        row('e3', '～', 5),
        row('e5', '～', 1, 'nurture'),
        row('e6', 'c3', 0),
      ]),
    )
    const ids = async (options?: { scenario?: string }) =>
      (await read((reader) => reader.enrolments.ofContacts(['😀', 'nobody', '～', '😀'], options))).map((one) => one.id)
    expect(await ids()).toEqual(['e5', 'e3', 'e4', 'e2', 'e1'])
    expect(await ids({ scenario: 'welcome' })).toEqual(['e3', 'e4', 'e2', 'e1'])
    expect(await read((reader) => reader.enrolments.ofContacts([]))).toEqual([])
  })

  test('the active enrolments of a scenario are paged by id, without those of one version if asked', async ({ run, read }) => {
    const row = (id: string, change: Partial<Enrolment> = {}) => anEnrolment({ id, contactId: `c-${id}`, ...change })
    await run(
      enter([
        ...codePointIds.toReversed().map((id, n) => row(id, { version: 1 + (n % 2) })),
        row('b', { state: 'exited', ...ended }),
        row('c', { scenario: 'nurture' }),
        row('waits', { wakeAt: null }),
      ]),
    )
    const pages = async (limit: number, exceptVersion?: number) => {
      const options = { scenario: 'welcome', limit, ...(exceptVersion === undefined ? {} : { exceptVersion }) }
      const rows = await allPages(
        (after: string | null) => read((reader) => reader.enrolments.page({ ...options, after })),
        (one) => one.id,
      )
      return rows.map((one) => one.id)
    }
    const all = [...codePointIds.slice(0, 5), 'waits', ...codePointIds.slice(5)]
    for (const limit of [1, 4]) expect(await pages(limit)).toEqual(all)
    const odd = codePointIds.filter((_, n) => (codePointIds.length - 1 - n) % 2 === 1)
    expect(await pages(2, 1)).toEqual(odd)
    expect(await pages(2, 3)).toEqual(all)
  })

  test('enrolments are counted by version, state, step and how they ended', async ({ run, read }) => {
    const row = (id: string, change: Partial<Enrolment> = {}) => anEnrolment({ id, contactId: `c-${id}`, ...change })
    const left = { state: 'exited', endReason: 'goal', ...ended } as const
    await run(
      enter([
        row('e1'),
        row('e2', { wakeAt: null }),
        row('e3', { stepId: null }),
        row('e4', { version: 2 }),
        row('e5', left),
        row('e6', left),
        row('e7', { ...left, endReason: 'stopped' }),
        row('e8', { state: 'completed', ...ended }),
        row('e9', { scenario: 'nurture' }),
      ]),
    )
    const counts = await read((reader) => reader.enrolments.countByStep('welcome'))
    const told = counts.map((one) => `${one.version} ${one.state} ${one.stepId} ${one.endReason}: ${one.count}`)
    expect(told.toSorted()).toEqual([
      '1 active null null: 1',
      '1 active settle null: 2',
      '1 completed null null: 1',
      '1 exited null goal: 2',
      '1 exited null stopped: 1',
      '2 active settle null: 1',
    ])
    expect(await read((reader) => reader.enrolments.countByStep('unknown'))).toEqual([])
  })

  test('enrolments can be given to another contact; what that one has already stays', async ({ run, read }) => {
    const row = (id: string, contactId: string, entryKey: string, scenario = 'welcome') =>
      anEnrolment({ id, contactId, entryKey, scenario })
    await run(
      enter([row('e1', 'c1', 'once'), row('e2', 'c1', 'o1'), row('e3', 'c1', 'once', 'nurture'), row('e4', 'c2', 'once')]),
    )
    const moved = await run(function* (tx) {
      yield* tx.contacts.lock(['c1', 'c2'], { skipLocked: false })
      return yield* tx.enrolments.move('c1', 'c2')
    })
    expect(moved.toSorted()).toEqual(['e2', 'e3'])
    const ids = async (contactId: string) =>
      (await read((reader) => reader.enrolments.ofContact(contactId))).map((one) => one.id).toSorted()
    expect([await ids('c1'), await ids('c2')]).toEqual([['e1'], ['e2', 'e3', 'e4']])
    expect((await run((tx) => tx.enrolments.lockActive(['c2']))).length).toBe(3)
    const [again] = await run((tx) => tx.enrolments.enter([row('e5', 'c2', 'o1')]))
    expect(again).toBe(undefined)
    expect(await run((tx) => tx.enrolments.enter([row('e6', 'c1', 'o1')]))).toEqual(['e6'])
  })
}
