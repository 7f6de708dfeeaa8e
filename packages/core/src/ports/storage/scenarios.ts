import type { JsonObject } from '../../domain/json.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { TemplateLink } from '../../domain/tracking/template-link.ts'
import type { Step } from './step.ts'

export interface ScenarioRow {
  readonly name: string
  /** Version that new enrolments get. A lower number never replaces a higher. */
  readonly version: number
  /**
   * `draft`: nobody enters. `paused`: due enrolments and queued mail are held. `stopped`: nobody enters, who is in goes on.
   * `archived`: stopped, nobody is in it, and it is left out of lists.
   */
  readonly state: 'draft' | 'active' | 'paused' | 'stopped' | 'archived'
  /** `code`: declared by the app. `stored`: saved as JSON, runs in every process that has its templates, handlers and segments. */
  readonly origin: 'code' | 'stored'
  /** Pauses that are over, oldest first, and how each was resumed. */
  readonly pauses: readonly { readonly from: Instant; readonly to: Instant; readonly missed: 'continue' | 'skip' | 'shift' }[]
  readonly pausedAt: Instant | null
  /** A version that was saved and is not published yet. */
  readonly draftVersion: number | null
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
  /** Definitions in the format of now, whatever they are stored in; `format` and `hash` as stored. */
  versions(keys?: readonly { readonly scenario: string; readonly version: number }[]): Step<ScenarioVersionRow[]>
}
export interface ScenarioWriter extends ScenarioReader {
  /**
   * Adds a version (absent ones only) and raises the scenario's row to it, whose draft it is no longer then; makes the row, `active`,
   * where there is none. With `isDraft` an absent row is made as a draft, and an existing one only gets its `draftVersion`, if the
   * version is new. The row's `state` and `origin` stay. Answers the stored hash: another than the given one means that the number
   * was reused, and nothing was changed.
   */
  publish(
    row: ScenarioVersionRow,
    options?: { readonly origin?: ScenarioRow['origin']; readonly isDraft?: boolean },
  ): Step<{ readonly storedHash: string }>
  /** Locks the row and answers it. */
  lock(name: string): Step<ScenarioRow | null>
  /** Replaces the row. One that is paused by it waits for marks as a job does that ends enrolments. */
  save(row: ScenarioRow): Step<void>
  /** Replaces the definition of a version that is a draft still (`draftVersion` of its row); of another, nothing. */
  replaceDraft(row: ScenarioVersionRow): Step<void>
}
export interface TemplateReader {
  versions(hashes: readonly string[]): Step<TemplateVersionRow[]>
}
export interface TemplateWriter extends TemplateReader {
  /** Adds what is absent; a hash that is there stays as it is. */
  publish(rows: readonly TemplateVersionRow[]): Step<void>
}
