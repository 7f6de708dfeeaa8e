import type { JsonObject } from '../../domain/json.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { TemplateLink } from '../../domain/tracking/template-link.ts'
import type { Step } from './step.ts'

export interface ScenarioRow {
  readonly name: string
  /** Version that new enrolments get. A lower number never replaces a higher. */
  readonly version: number
  readonly state: 'active' | 'paused' | 'stopped'
}
export interface ScenarioVersionRow {
  readonly scenario: string
  readonly version: number
  readonly format: number
  /** SHA-256 of the canonical JSON. */
  readonly hash: string
  readonly definition: ScenarioDefinition
  readonly publishedAt: Instant
}
/** What a template looked like when mail was sent with it; kept for years, so that link 7 keeps its meaning. */
export interface TemplateVersionRow {
  readonly template: string
  readonly hash: string
  readonly links: readonly TemplateLink[]
  /** Sources, for the record. */
  readonly source: JsonObject
  readonly createdAt: Instant
}

export interface ScenarioReader {
  all(): Step<ScenarioRow[]>
  versions(keys?: readonly { readonly scenario: string; readonly version: number }[]): Step<ScenarioVersionRow[]>
}
export interface ScenarioWriter extends ScenarioReader {
  /** Adds a version (absent ones only) and raises the scenario's row to it. Answers the stored hash: another than the given one means that the number was reused. */
  publish(row: ScenarioVersionRow): Step<{ readonly storedHash: string }>
  setState(name: string, state: ScenarioRow['state']): Step<void>
}
export interface TemplateReader {
  versions(hashes: readonly string[]): Step<TemplateVersionRow[]>
}
export interface TemplateWriter extends TemplateReader {
  /** Adds what is absent; a hash that is there stays as it is. */
  publish(rows: readonly TemplateVersionRow[]): Step<void>
}
