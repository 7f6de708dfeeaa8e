import type { StorageTransaction } from '@tobiishi/core/ports'
import { anEnrolment, aScenarioVersion, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

const formats = [1]

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
    const active = anEnrolment({ id: 'e1', contactId: 'c1', wakeSpec: { wait: { kind: 'elapsed', ms: 5 }, anchorAt: start } })
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

  test('a scenario that is paused or stopped and a format that this process cannot read wake nobody', async ({ run, read }) => {
    await run(world(['c1', 'c2']))
    await run((tx) =>
      tx.enrolments.enter([
        anEnrolment({ id: 'e1', contactId: 'c1' }),
        anEnrolment({ id: 'e2', contactId: 'c2', scenario: 'nurture' }),
      ]),
    )
    const due = (readable: readonly number[]) =>
      read((reader) => reader.enrolments.due({ now: start + 86_400_000, limit: 10, formats: readable }))
    expect((await due([1, 2])).toSorted()).toEqual(['c1', 'c2'])
    expect(await due([2])).toEqual([])
    await run((tx) => tx.scenarios.setState('welcome', 'paused'))
    expect(await due([1])).toEqual(['c2'])
    await run((tx) => tx.scenarios.setState('nurture', 'stopped'))
    expect(await due([1])).toEqual([])
    await run((tx) => tx.scenarios.setState('welcome', 'active'))
    expect(await due([1])).toEqual(['c1'])
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
