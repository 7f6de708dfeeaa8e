import type { StorageTransaction } from '@tobiishi/core/ports'
import { anEnrolment, aScenario, aScenarioVersion, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

const formats = [2]

export const enrolmentCases: Capability = ({ test, expect }) => {
  const world = (ids: readonly string[]) =>
    function* (tx: StorageTransaction) {
      yield* tx.contacts.ensure(
        ids.map((id) => ({ id, hash: 1, lane: 1 })),
        start,
      )
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.scenarios.publish(aScenarioVersion({ scenario: 'nurture' }))
    }

  test('a contact enters a scenario once per entry key', async ({ run, read }) => {
    await run(world(['c1']))
    const first = anEnrolment({ id: 'e1', contactId: 'c1', event: { brochure: '①' } })
    expect(await run((tx) => tx.enrolments.enter([first]))).toEqual(['e1'])
    const again = await run((tx) =>
      tx.enrolments.enter([
        anEnrolment({ id: 'e2', contactId: 'c1', version: 2 }),
        anEnrolment({ id: 'e3', contactId: 'c1', entryKey: 'o1', enteredAt: start + 1 }),
        anEnrolment({ id: 'e4', contactId: 'c1', scenario: 'nurture', enteredAt: start + 2 }),
        anEnrolment({ id: 'e5', contactId: 'c1', entryKey: 'o1' }),
      ]),
    )
    expect(again.toSorted()).toEqual(['e3', 'e4'])
    const rows = await read((reader) => reader.enrolments.ofContact('c1'))
    expect(rows.map((row) => row.id).toSorted()).toEqual(['e1', 'e3', 'e4'])
    expect(rows.find((row) => row.id === 'e1')).toEqual(first)
  })

  test('an ended enrolment still holds its entry key', async ({ run }) => {
    await run(world(['c1']))
    const enrolment = anEnrolment({ id: 'e1', contactId: 'c1' })
    await run((tx) => tx.enrolments.enter([enrolment]))
    await run((tx) => tx.enrolments.save([{ ...enrolment, state: 'completed', wakeAt: null, stepId: null, endedAt: start }]))
    expect(await run((tx) => tx.enrolments.enter([anEnrolment({ id: 'e2', contactId: 'c1' })]))).toEqual([])
  })

  test('lockActive answers what is active of these contacts only', async ({ run }) => {
    await run(world(['c1', 'c2', 'c3']))
    const active = anEnrolment({
      id: 'e1',
      contactId: 'c1',
      wakeSpec: {
        wait: { kind: 'calendar', months: 0, weeks: 0, days: -3, at: '10:00' },
        anchorAt: null,
        from: { kind: 'attribute', attribute: 'renewsOn', type: 'date' },
        arrivedAt: start + 1,
        endsAt: null,
      },
      memory: { holdout: { until: null }, sentBefore: ['hello'], skipBefore: start, lastSendSeq: 3 },
      pausesSeen: 2,
      depth: 4,
    })
    await run((tx) =>
      tx.enrolments.enter([
        active,
        anEnrolment({ id: 'e2', contactId: 'c1', scenario: 'nurture', state: 'exited', wakeAt: null }),
        anEnrolment({ id: 'e3', contactId: 'c2' }),
        anEnrolment({ id: 'e4', contactId: 'c3' }),
      ]),
    )
    const rows = await run(function* (tx) {
      yield* tx.contacts.lock(['c1', 'c3'], { skipLocked: false })
      return yield* tx.enrolments.lockActive(['c1', 'c3'])
    })
    expect(rows.map((row) => row.id).toSorted()).toEqual(['e1', 'e4'])
    expect(rows.find((row) => row.id === 'e1')).toEqual(active)
  })

  test('due names contacts whose wake time has come, the earliest first, each once', async ({ run, read }) => {
    await run(world(['c1', 'c2', 'c3', 'c4']))
    const enrolment = (id: string, contactId: string, minutes: number | null, scenario = 'welcome') =>
      anEnrolment({ id, contactId, scenario, wakeAt: minutes === null ? null : start + minutes })
    await run((tx) =>
      tx.enrolments.enter([
        enrolment('e1', 'c3', 30),
        enrolment('e2', 'c3', 10, 'nurture'),
        enrolment('e3', 'c2', 20),
        enrolment('e4', 'c1', 31),
        enrolment('e5', 'c4', null),
        { ...enrolment('e6', 'c4', 1, 'nurture'), state: 'failed' },
      ]),
    )
    const due = (now: number, limit = 10) => read((reader) => reader.enrolments.due({ now: start + now, limit, formats }))
    expect(await due(30)).toEqual(['c3', 'c2'])
    expect(await due(31)).toEqual(['c3', 'c2', 'c1'])
    expect(await due(31, 1)).toEqual(['c3'])
    expect(await due(9)).toEqual([])
  })

  for (const [state, wakes] of [
    ['active', true],
    ['stopped', true],
    ['paused', false],
    ['draft', false],
    ['archived', false],
  ] as const) {
    test(`a scenario that is ${state} ${wakes ? 'lets those who are in it go on' : 'wakes nobody'}`, async ({ run, read }) => {
      await run(world(['c1', 'c2']))
      await run(function* (tx) {
        yield* tx.enrolments.enter([
          anEnrolment({ id: 'e1', contactId: 'c1', scenario: 'nurture' }),
          anEnrolment({ id: 'e2', contactId: 'c2', wakeAt: start + 7_200_000 }),
        ])
        yield* tx.scenarios.save(aScenario({ name: 'nurture', state }))
      })
      const now = start + 86_400_000
      const due = await read((reader) => reader.enrolments.due({ now, limit: 10, formats }))
      expect(due).toEqual(wakes ? ['c1', 'c2'] : ['c2'])
      expect(await run((tx) => tx.schema.nextDueAt(start))).toBe(start + (wakes ? 3_600_000 : 7_200_000))
    })
  }

  test('a format that this process cannot read wakes nobody', async ({ run, read }) => {
    await run(world(['c1']))
    await run((tx) => tx.enrolments.enter([anEnrolment({ id: 'e1', contactId: 'c1' })]))
    const due = (readable: readonly number[]) =>
      read((reader) => reader.enrolments.due({ now: start + 86_400_000, limit: 10, formats: readable }))
    expect(await due([1, 2])).toEqual(['c1'])
    expect(await due([1])).toEqual([])
    expect(await due([])).toEqual([])
  })

  test('versions that are left to other processes wake nobody', async ({ run, read }) => {
    await run(world(['c1', 'c2', 'c3']))
    await run((tx) =>
      tx.enrolments.enter([
        anEnrolment({ id: 'e1', contactId: 'c1' }),
        anEnrolment({ id: 'e2', contactId: 'c2', scenario: 'nurture' }),
        anEnrolment({ id: 'e3', contactId: 'c3', scenario: 'nurture' }),
        anEnrolment({ id: 'e4', contactId: 'c3' }),
      ]),
    )
    const due = (...foreign: readonly { readonly scenario: string; readonly version: number }[]) =>
      read((reader) => reader.enrolments.due({ now: start + 86_400_000, limit: 10, formats, foreign }))
    expect(await due()).toEqual(['c1', 'c2', 'c3'])
    expect(await due({ scenario: 'nurture', version: 1 })).toEqual(['c1', 'c3'])
    expect(await due({ scenario: 'nurture', version: 11 }, { scenario: 'elsewhere', version: 1 })).toEqual(['c1', 'c2', 'c3'])
    expect(await due({ scenario: 'nurture', version: 1 }, { scenario: 'welcome', version: 1 })).toEqual([])
  })

  test('counts go by scenario and state', async ({ run, read }) => {
    await run(world(['c1', 'c2', 'c3']))
    const ended = { state: 'completed', wakeAt: null, stepId: null, endedAt: start } as const
    await run((tx) =>
      tx.enrolments.enter([
        anEnrolment({ id: 'e1', contactId: 'c1' }),
        anEnrolment({ id: 'e2', contactId: 'c2', ...ended }),
        anEnrolment({ id: 'e3', contactId: 'c3', ...ended }),
        anEnrolment({ id: 'e4', contactId: 'c3', scenario: 'nurture' }),
      ]),
    )
    expect(await read((reader) => reader.enrolments.count({ scenario: 'welcome' }))).toBe(3)
    expect(await read((reader) => reader.enrolments.count({ scenario: 'welcome', state: 'completed' }))).toBe(2)
    expect(await read((reader) => reader.enrolments.count({ scenario: 'unknown' }))).toBe(0)
  })
}
