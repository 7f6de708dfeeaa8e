import { asksWhoWasSent } from '../../domain/scenario/asks-who-was-sent.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { readableFormats, upgradeDefinition } from '../../domain/scenario/upgrade-definition.ts'
import type { ScenarioReader, ScenarioRow, Step } from '../../ports/storage/index.ts'
import { actsOnMail } from '../ingest/acts-on-mail.ts'
import type { Runtime, StoredScenarios } from '../runtime.ts'
import { partsOf } from './definition-parts.ts'

export { readableFormats } from '../../domain/scenario/upgrade-definition.ts'

/** Key of a version in `StoredScenarios.versions`. */
export const versionKey = (scenario: string, version: number): string => `${scenario}\n${version}`

/** Why this process must leave the next step alone: the scenario is paused, or needs a template or handler that this process does not have. */
export type Hold = 'paused' | 'foreign' | null

/** The scenarios as one batch sees them: their states as of now, and the versions that its enrolments are pinned to. */
export interface ScenarioBook {
  row(scenario: string): ScenarioRow | null
  /** Versions that new enrolments get, of the scenarios that take some and that this process declares or, where stored as JSON, can run. */
  readonly open: readonly ScenarioDefinition[]
  /** Those of them that start on this event. */
  startedBy(event: string): readonly ScenarioDefinition[]
  /** Whether a process that knows the scenario, or a newer one, may start it although this one cannot. */
  isForOthers(scenario: string): boolean
  /** The definition of an enrolment; null where this process cannot read its format. */
  of(enrolment: Pick<Enrolment, 'scenario' | 'version'>): ScenarioDefinition | null
  holdOf(definition: ScenarioDefinition): Hold
}

type Own = Pick<Runtime, 'scenarios' | 'templates' | 'handlers' | 'stored'>

/** Whether this process has every template and handler that a definition names. */
export const hasParts = (definition: ScenarioDefinition, own: Pick<Own, 'templates' | 'handlers'>): boolean => {
  const { templates, handlers } = partsOf(definition)
  for (const name of templates) if (!own.templates.has(name)) return false
  for (const name of handlers) if (!own.handlers.has(name)) return false
  return true
}

const takesEntries = ({ state }: ScenarioRow): boolean => state === 'active' || state === 'paused'

/** Reads the states, and those versions that are needed and not known to this process yet. */
export function* readScenarioBook(
  reader: ScenarioReader,
  enrolments: readonly Pick<Enrolment, 'scenario' | 'version'>[],
  own: Own,
): Step<ScenarioBook> {
  const rows = new Map((yield* reader.all()).map((row): [string, ScenarioRow] => [row.name, row]))
  /** A draft may still change under its number. */
  const current = [...rows.values()].flatMap(({ name, version, state }) =>
    state === 'draft' ? [] : [{ scenario: name, version }],
  )
  yield* learn(reader, [...current, ...enrolments], own.stored)
  return bookOf(rows, own)
}

/** Reads versions into what this process knows; what it knows already is not read again. */
export function* learn(
  reader: ScenarioReader,
  wanted: readonly Pick<Enrolment, 'scenario' | 'version'>[],
  stored: StoredScenarios,
): Step<void> {
  const missing = new Map<string, { readonly scenario: string; readonly version: number }>()
  for (const { scenario, version } of wanted) {
    const key = versionKey(scenario, version)
    if (!stored.versions.has(key)) missing.set(key, { scenario, version })
  }
  if (missing.size === 0) return
  for (const row of yield* reader.versions([...missing.values()])) {
    const definition = readableFormats.includes(row.format) ? upgradeDefinition(row.definition) : null
    stored.versions.set(versionKey(row.scenario, row.version), definition)
    if (definition === null) continue
    if (actsOnMail([definition])) stored.actsOnMail = true
    if (asksWhoWasSent(definition)) stored.asksWhoWasSent = true
  }
}

const bookOf = (rows: ReadonlyMap<string, ScenarioRow>, own: Own): ScenarioBook => {
  const definitionOf = (scenario: string, version: number) => own.stored.versions.get(versionKey(scenario, version)) ?? null
  const isOwn = (row: ScenarioRow, definition: ScenarioDefinition) =>
    own.scenarios.has(row.name) || (row.origin === 'stored' && hasParts(definition, own))
  const open = [...rows.values()].filter(takesEntries).flatMap((row) => {
    const definition = definitionOf(row.name, row.version)
    return definition !== null && isOwn(row, definition) ? [definition] : []
  })
  const byEvent = Map.groupBy(open, ({ trigger }) => (trigger?.kind === 'event' ? trigger.event : null))
  const holds = new Map<ScenarioDefinition, Hold>()
  const findHold = (definition: ScenarioDefinition): Hold => {
    const state = rows.get(definition.name)?.state
    if (state === 'paused' || state === undefined) return 'paused'
    return hasParts(definition, own) ? null : 'foreign'
  }
  return {
    row: (scenario) => rows.get(scenario) ?? null,
    open,
    startedBy: (event) => byEvent.get(event) ?? [],
    isForOthers: (scenario) => {
      const row = rows.get(scenario)
      return row !== undefined && takesEntries(row) && !open.some(({ name }) => name === scenario)
    },
    of: ({ scenario, version }) => definitionOf(scenario, version),
    holdOf: (definition) => {
      const known = holds.get(definition)
      if (known !== undefined) return known
      const hold = findHold(definition)
      holds.set(definition, hold)
      return hold
    },
  }
}
