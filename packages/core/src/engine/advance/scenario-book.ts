import type { DeclaredTemplate } from '../../define/declared.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { ScenarioReader, ScenarioRow, Step } from '../../ports/storage/index.ts'

/** Formats of stored definitions that this code can read. */
export const readableFormats: readonly number[] = [1]

/** Versions as read so far. They are immutable, so one cache serves every transaction of a process. */
export type VersionCache = Map<string, ScenarioDefinition>

/** The scenarios as one batch sees them: their states as of now, and the versions that its enrolments are pinned to. */
export interface ScenarioBook {
  /** Whether any process ever published it. */
  isPublished(scenario: string): boolean
  /** The version that new enrolments get; null if this process does not declare the scenario, or cannot read the version. */
  current(scenario: string): ScenarioDefinition | null
  /** The definition of an enrolment; null where this process cannot read its format. */
  of(enrolment: Pick<Enrolment, 'scenario' | 'version'>): ScenarioDefinition | null
  /** False where this process must leave the next step to another or to later: paused, or a template it does not have. */
  canRun(definition: ScenarioDefinition): boolean
}

const keyOf = (scenario: string, version: number) => `${scenario}\n${version}`

const hasTemplates = (definition: ScenarioDefinition, templates: ReadonlyMap<string, DeclaredTemplate>) =>
  Object.values(definition.steps).every((step) => step.kind !== 'send' || templates.has(step.template))

export interface BookOptions {
  readonly cache: VersionCache
  readonly declared: ReadonlySet<string>
  readonly templates: ReadonlyMap<string, DeclaredTemplate>
}

/** Reads the states, and those versions that are needed and not in the cache yet. */
export function* readScenarioBook(
  reader: ScenarioReader,
  enrolments: readonly Pick<Enrolment, 'scenario' | 'version'>[],
  { cache, declared, templates }: BookOptions,
): Step<ScenarioBook> {
  const rows = new Map((yield* reader.all()).map((row): [string, ScenarioRow] => [row.name, row]))
  const current = [...rows.values()]
    .filter(({ name }) => declared.has(name))
    .map(({ name, version }) => ({ scenario: name, version }))
  const missing = new Map(
    [...current, ...enrolments]
      .filter(({ scenario, version }) => !cache.has(keyOf(scenario, version)))
      .map(({ scenario, version }) => [keyOf(scenario, version), { scenario, version }]),
  )
  if (missing.size > 0)
    for (const row of yield* reader.versions([...missing.values()]))
      if (readableFormats.includes(row.format)) cache.set(keyOf(row.scenario, row.version), row.definition)

  const definitionOf = (scenario: string, version: number) => cache.get(keyOf(scenario, version)) ?? null
  const isPaused = (scenario: string) => rows.get(scenario)?.state !== 'active'
  return {
    isPublished: (scenario) => rows.has(scenario),
    current: (scenario) => {
      const row = rows.get(scenario)
      return row === undefined || !declared.has(scenario) ? null : definitionOf(scenario, row.version)
    },
    of: ({ scenario, version }) => definitionOf(scenario, version),
    canRun: (definition) => !isPaused(definition.name) && hasTemplates(definition, templates),
  }
}
