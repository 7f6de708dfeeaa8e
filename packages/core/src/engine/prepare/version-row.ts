import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { upgradeDefinition } from '../../domain/scenario/upgrade-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ScenarioVersionRow } from '../../ports/storage/index.ts'
import { canonicalHash } from './canonical.ts'

/** A definition as the row that stores it. */
export const versionRow = (definition: ScenarioDefinition, publishedAt: Instant): ScenarioVersionRow => ({
  scenario: definition.name,
  version: definition.version,
  format: definition.format,
  hash: canonicalHash(definition),
  definition,
  publishedAt,
})

/**
 * Whether a stored version says the same as this one. A version that an older release stored in an older format is compared in
 * the format of now, so that an app which upgrades with an unchanged scenario is not told to raise its version.
 */
export const isSameVersion = (stored: Pick<ScenarioVersionRow, 'hash' | 'definition'>, row: ScenarioVersionRow): boolean =>
  stored.hash === row.hash || canonicalHash(upgradeDefinition(stored.definition)) === row.hash
