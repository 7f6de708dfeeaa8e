import type { ScenarioDefinition } from '@tobiishi/core/ports'
import { aDefinition, aScenario, aScenarioVersion, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { onTwo } from './on-two.ts'

/** As the first release stored it: its type is no longer part of the port. */
const format1 = {
  format: 1,
  name: 'welcome',
  version: 1,
  enterOn: 'brochure.requested',
  exitOn: ['order.placed'],
  reentry: 'every-event',
  window: null,
  maxEventAge: 86_400_000,
  first: 'hello',
  steps: {
    hello: { kind: 'send', id: 'hello', template: 'hello', props: {}, sendWithin: 5, late: 'skip', next: 'settle' },
    settle: { kind: 'wait', id: 'settle', wait: { kind: 'elapsed', ms: 60_000 }, next: 'fork' },
    fork: { kind: 'branch', id: 'fork', segment: 'pro', yes: null, no: 'end' },
    end: { kind: 'end', id: 'end' },
  },
  segments: { pro: { kind: 'everyone' } },
} as unknown as ScenarioDefinition

export const scenarioLifeCases: Capability = ({ test, expect }) => {
  test('a definition that was stored in format 1 is handed out in format 2, under its own hash', async ({ run, read }) => {
    const version = aScenarioVersion({ format: 1, definition: format1 })
    expect(await run((tx) => tx.scenarios.publish(version))).toEqual({ storedHash: version.hash })
    const definition = aDefinition({
      exitOn: ['order.placed'],
      reentry: { kind: 'every-event' },
      first: 'hello',
      steps: {
        hello: {
          ...{ kind: 'send', id: 'hello', template: 'hello', props: {}, sendWithin: 5, late: 'skip', urgent: null },
          next: 'settle',
        },
        settle: {
          ...{ kind: 'wait', id: 'settle', wait: { kind: 'elapsed', ms: 60_000 }, from: { kind: 'previous' } },
          ...{ past: { kind: 'skip' }, next: 'fork' },
        },
        fork: { kind: 'branch', id: 'fork', on: { kind: 'segment', segment: 'pro' }, yes: null, no: 'end' },
        end: { kind: 'end', id: 'end' },
      },
      segments: { pro: { kind: 'everyone' } },
    })
    const upgraded = { ...version, definition }
    expect(await read((reader) => reader.scenarios.versions())).toEqual([upgraded])
    expect(await read((reader) => reader.scenarios.versions([{ scenario: 'welcome', version: 1 }]))).toEqual([upgraded])
    expect(await run((tx) => tx.scenarios.publish({ ...version, format: 2, definition }))).toEqual({ storedHash: version.hash })
  })

  test('a definition in a format of the future is handed out untouched', async ({ run, read }) => {
    const definition = { ...aDefinition(), format: 3, orbit: true } as unknown as ScenarioDefinition
    const version = aScenarioVersion({ format: 3, definition })
    await run((tx) => tx.scenarios.publish(version))
    expect(await read((reader) => reader.scenarios.versions())).toEqual([version])
  })

  test('a row is locked, replaced and given back with its pauses', async ({ run, read }) => {
    await run((tx) => tx.scenarios.publish(aScenarioVersion(), { origin: 'stored' }))
    expect(await run((tx) => tx.scenarios.lock('welcome'))).toEqual(aScenario({ origin: 'stored' }))
    expect(await run((tx) => tx.scenarios.lock('unknown'))).toBe(null)
    const row = aScenario({
      state: 'paused',
      pauses: [
        { from: start - 9, to: start - 8, missed: 'shift' },
        { from: start - 5, to: start - 1, missed: 'continue' },
      ],
      pausedAt: start,
      draftVersion: 7,
    })
    await run((tx) => tx.scenarios.save(row))
    expect(await read((reader) => reader.scenarios.all())).toEqual([row])
    expect(await run((tx) => tx.scenarios.lock('welcome'))).toEqual(row)
  })

  test('a new version leaves state, origin and pauses as they are', async ({ run, read }) => {
    const row = aScenario({ state: 'stopped', origin: 'stored', pauses: [{ from: start, to: start + 1, missed: 'skip' }] })
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.scenarios.save(row)
      yield* tx.scenarios.publish(aScenarioVersion({ version: 2 }), { origin: 'code' })
    })
    expect(await read((reader) => reader.scenarios.all())).toEqual([{ ...row, version: 2 }])
  })

  test('a draft of a scenario that is not there makes it a draft; nothing enters what is one', async ({ run, read }) => {
    await run((tx) => tx.scenarios.publish(aScenarioVersion(), { isDraft: true, origin: 'stored' }))
    const draft = aScenario({ state: 'draft', origin: 'stored', draftVersion: 1 })
    expect(await read((reader) => reader.scenarios.all())).toEqual([draft])
    expect((await read((reader) => reader.scenarios.versions())).length).toBe(1)
  })

  test('a draft of a scenario that runs changes nothing but what its draft is', async ({ run, read }) => {
    const publish = (version: number, isDraft: boolean) =>
      run((tx) => tx.scenarios.publish(aScenarioVersion({ version }), { isDraft }))
    await publish(1, false)
    expect(await publish(2, true)).toEqual({ storedHash: 'hash-welcome-2' })
    expect(await read((reader) => reader.scenarios.all())).toEqual([aScenario({ draftVersion: 2 })])
    await publish(1, true)
    expect(await read((reader) => reader.scenarios.all())).toEqual([aScenario({ draftVersion: 2 })])
    const reused = await run((tx) => tx.scenarios.publish(aScenarioVersion({ version: 2, hash: 'other' })))
    expect(reused).toEqual({ storedHash: 'hash-welcome-2' })
    expect(await read((reader) => reader.scenarios.all())).toEqual([aScenario({ draftVersion: 2 })])
    await publish(2, false)
    expect(await read((reader) => reader.scenarios.all())).toEqual([aScenario({ version: 2 })])
  })

  test('a draft can be changed as long as it is one', async ({ run, read }) => {
    const change = (version: number, exitOn: string) =>
      aScenarioVersion({
        version,
        hash: `hash of ${exitOn}`,
        definition: aDefinition({ version, exitOn: [exitOn] }),
        publishedAt: start + 5,
      })
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.scenarios.publish(aScenarioVersion({ version: 2 }), { isDraft: true })
      yield* tx.scenarios.replaceDraft(change(1, 'of what runs'))
      yield* tx.scenarios.replaceDraft(change(2, 'a'))
      yield* tx.scenarios.replaceDraft(change(2, 'b'))
      yield* tx.scenarios.replaceDraft(change(3, 'of what is not there'))
    })
    const versions = async () => (await read((reader) => reader.scenarios.versions())).toSorted((a, b) => a.version - b.version)
    expect(await versions()).toEqual([aScenarioVersion(), change(2, 'b')])
    await run(function* (tx) {
      yield* tx.scenarios.save(aScenario({ version: 2 }))
      yield* tx.scenarios.replaceDraft(change(2, 'too late'))
    })
    expect(await versions()).toEqual([aScenarioVersion(), change(2, 'b')])
  })

  onTwo(test)('the same first version published twice at once is one', async ({ storage, read }, second) => {
    const publish = (connection: typeof storage) => connection.transaction((tx) => tx.scenarios.publish(aScenarioVersion()))
    const answers = await Promise.all([publish(storage), publish(second)])
    expect(answers.map((answer) => answer.storedHash)).toEqual(['hash-welcome-1', 'hash-welcome-1'])
    expect(await read((reader) => reader.scenarios.all())).toEqual([aScenario()])
  })

  onTwo(test)('two that lock a scenario do not undo what the other has saved', async ({ storage, run }, second) => {
    await run((tx) => tx.scenarios.publish(aScenarioVersion()))
    const pause = async (connection: typeof storage) => {
      for (let n = 0; n < 10; n++) {
        await connection.transaction(function* (tx) {
          const row = yield* tx.scenarios.lock('welcome')
          const ended = { from: start, to: start, missed: 'continue' } as const
          if (row !== null) yield* tx.scenarios.save({ ...row, pauses: [...row.pauses, ended] })
        })
      }
    }
    await Promise.all([pause(storage), pause(second)])
    expect((await run((tx) => tx.scenarios.lock('welcome')))?.pauses.length).toBe(20)
  })
}
