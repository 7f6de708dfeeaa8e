import { aDefinition, aScenario, aScenarioVersion, aTemplateVersion, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

export const scenarioCases: Capability = ({ test, expect }) => {
  test('a version is published once and read back with its definition', async ({ run, read }) => {
    const version = aScenarioVersion({ definition: aDefinition({ exitOn: ['order.placed'] }) })
    expect(await run((tx) => tx.scenarios.publish(version))).toEqual({ storedHash: version.hash })
    expect(await run((tx) => tx.scenarios.publish({ ...version, publishedAt: start + 5 }))).toEqual({ storedHash: version.hash })
    expect(await read((reader) => reader.scenarios.versions([{ scenario: 'welcome', version: 1 }]))).toEqual([version])
    expect(await read((reader) => reader.scenarios.all())).toEqual([aScenario()])
  })

  test('a number that was reused for another definition answers the stored hash and changes nothing', async ({ run, read }) => {
    const version = aScenarioVersion()
    await run((tx) => tx.scenarios.publish(version))
    const reused = aScenarioVersion({ hash: 'other', definition: aDefinition({ exitOn: ['x'] }) })
    expect(await run((tx) => tx.scenarios.publish(reused))).toEqual({ storedHash: version.hash })
    expect(await read((reader) => reader.scenarios.versions())).toEqual([version])
  })

  test('a higher number becomes current; a lower one is kept but never replaces it', async ({ run, read }) => {
    for (const version of [2, 1, 10, 3]) await run((tx) => tx.scenarios.publish(aScenarioVersion({ version })))
    expect(await read((reader) => reader.scenarios.all())).toEqual([aScenario({ version: 10 })])
    const versions = await read((reader) => reader.scenarios.versions())
    expect(versions.map((row) => row.version).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 10])
    const keys = [
      { scenario: 'welcome', version: 3 },
      { scenario: 'other', version: 1 },
    ]
    expect((await read((reader) => reader.scenarios.versions(keys))).map((row) => row.version)).toEqual([3])
    expect(await read((reader) => reader.scenarios.versions([]))).toEqual([])
  })

  test('a new version of a paused scenario leaves it paused', async ({ run, read }) => {
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.scenarios.save(aScenario({ state: 'paused' }))
      yield* tx.scenarios.publish(aScenarioVersion({ version: 2 }))
    })
    expect(await read((reader) => reader.scenarios.all())).toEqual([aScenario({ version: 2, state: 'paused' })])
  })
}

export const templateCases: Capability = ({ test, expect }) => {
  test('what link 7 was stays known: a hash that is there stays as it is', async ({ run, read }) => {
    const first = aTemplateVersion({ hash: 'h1', links: [{ index: 0, url: null, label: '商品' }] })
    await run((tx) => tx.templates.publish([first]))
    await run((tx) => tx.templates.publish([{ ...first, links: [] }, aTemplateVersion({ hash: 'h2' })]))
    expect(await read((reader) => reader.templates.versions(['h1', 'unknown']))).toEqual([first])
    expect((await read((reader) => reader.templates.versions(['h1', 'h2']))).length).toBe(2)
  })
}
