import { appZone, quietHours } from '../world/app.ts'
import { templatesOf } from '../world/versions.ts'
import type { World } from '../world/world.ts'
import type { Knowledge } from './standing.ts'
import { fillWatches } from './watching.ts'

/** What the reference knows of a world in which nothing has happened yet. */
export const startKnowing = (
  { cast, now, setup, versions }: World,
  {
    sometimes,
    variantOf,
    seenEndedAt,
  }: Pick<Knowledge, 'sometimes' | 'seenEndedAt'> & {
    readonly variantOf: (experiment: string, contact: string) => string | undefined
  },
): Knowledge => {
  const marketing = new Set(templatesOf(cast).flatMap(({ name, purpose }) => (purpose === 'marketing' ? [name] : [])))
  const known: Knowledge = {
    now,
    zone: appZone,
    quietHours: setup.hasQuietHours ? quietHours : null,
    hasCaps: setup.caps !== null,
    isDeclared: setup.origin === 'code',
    people: new Map(),
    events: new Map(),
    taken: new Map(),
    waiting: new Map(),
    scenarios: new Map(
      versions.declared().map(({ definition }) => [
        definition.name,
        {
          name: definition.name,
          versions: new Map([[definition.version, definition]]),
          version: definition.version,
          state: 'active',
          pausedAt: null,
          pauses: 0,
          job: null,
        },
      ]),
    ),
    courses: [],
    watches: new Map(),
    suppressed: new Set(),
    order: 0,
    isMarketing: (template) => marketing.has(template),
    variantOf: (experiment, contact) => {
      const variant = variantOf(experiment, contact)
      if (variant !== undefined) sometimes(`split: ${variant}`)
      return variant ?? 'one'
    },
    seenEndedAt,
    sometimes,
  }
  fillWatches(known)
  return known
}
