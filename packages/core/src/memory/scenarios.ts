import { upgradeDefinition } from '../domain/scenario/upgrade-definition.ts'
import type { ScenarioRow, ScenarioVersionRow, ScenarioWriter, TemplateWriter } from '../ports/storage/index.ts'
import { byNumber, byText, inOrder } from './compare.ts'
import { keyOf } from './key-of.ts'
import type { Tables } from './tables.ts'
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
  publish: (row, options) =>
    verb(() => {
      const stored = tables.versions.get(idOf(row))
      const scenario = tables.scenarios.get(row.scenario)
      if (stored !== undefined && (stored.hash !== row.hash || options?.isDraft === true)) return { storedHash: stored.hash }
      if (stored === undefined) tables.versions.put(upgraded(row))
      const isDraft = options?.isDraft === true
      if (scenario === undefined) tables.scenarios.put(newScenario(row, options))
      else tables.scenarios.put(isDraft ? { ...scenario, draftVersion: row.version } : raised(scenario, row.version))
      return { storedHash: row.hash }
    }),
  lock: (name) => verb(() => tables.scenarios.get(name) ?? null),
  save: (row) =>
    verb(() => {
      tables.scenarios.put(row)
    }),
  replaceDraft: (row) =>
    verb(() => {
      const isDraft = tables.scenarios.get(row.scenario)?.draftVersion === row.version
      if (isDraft && tables.versions.get(idOf(row)) !== undefined) tables.versions.put(upgraded(row))
    }),
})

const idOf = (row: ScenarioVersionRow): string => keyOf(row.scenario, row.version)

/** What older code stored is handed out in the format of now; of a format that is newer than this code nothing is touched. */
const upgraded = (row: ScenarioVersionRow): ScenarioVersionRow =>
  row.format === 1 ? { ...row, definition: upgradeDefinition(row.definition) } : row

const newScenario = (row: ScenarioVersionRow, options: Parameters<ScenarioWriter['publish']>[1]): ScenarioRow => ({
  name: row.scenario,
  version: row.version,
  state: options?.isDraft === true ? 'draft' : 'active',
  origin: options?.origin ?? 'code',
  pauses: [],
  pausedAt: null,
  draftVersion: options?.isDraft === true ? row.version : null,
})

const raised = (scenario: ScenarioRow, version: number): ScenarioRow => ({
  ...scenario,
  version: Math.max(scenario.version, version),
  draftVersion: scenario.draftVersion === version ? null : scenario.draftVersion,
})

export const createTemplates = (tables: Tables): TemplateWriter => ({
  versions: (hashes) => verb(() => tables.templates.pick(new Set(hashes))),
  publish: (rows) =>
    verb(() => {
      for (const row of rows) if (tables.templates.get(row.hash) === undefined) tables.templates.put(row)
    }),
})
