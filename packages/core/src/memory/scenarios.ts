import type { ScenarioWriter, TemplateWriter } from '../ports/storage/index.ts'
import { byNumber, byText, inOrder } from './compare.ts'
import { keyOf, type Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createScenarios = (tables: Tables): ScenarioWriter => ({
  all: () => verb(() => [...tables.scenarios.values()].sort(byText((row) => row.name))),
  versions: (keys) =>
    verb(() => {
      if (keys !== undefined) return tables.versions.pick(new Set(keys.map((key) => keyOf(key.scenario, key.version))))
      return [...tables.versions.values()].sort(
        inOrder(
          byText((row) => row.scenario),
          byNumber((row) => row.version),
        ),
      )
    }),
  publish: (row) =>
    verb(() => {
      const stored = tables.versions.get(keyOf(row.scenario, row.version))
      if (stored !== undefined) return { storedHash: stored.hash }
      tables.versions.put(row)
      const scenario = tables.scenarios.get(row.scenario)
      if (scenario === undefined) tables.scenarios.put({ name: row.scenario, version: row.version, state: 'active' })
      else if (scenario.version < row.version) tables.scenarios.put({ ...scenario, version: row.version })
      return { storedHash: row.hash }
    }),
  setState: (name, state) =>
    verb(() => {
      const row = tables.scenarios.get(name)
      if (row !== undefined) tables.scenarios.put({ ...row, state })
    }),
})

export const createTemplates = (tables: Tables): TemplateWriter => ({
  versions: (hashes) => verb(() => tables.templates.pick(new Set(hashes))),
  publish: (rows) =>
    verb(() => {
      for (const row of rows) if (tables.templates.get(row.hash) === undefined) tables.templates.put(row)
    }),
})
