import type { Setup } from '../command.ts'
import type { Deed } from '../deed.ts'
import type { Matching } from '../reference/reconcile.ts'
import type { Knowledge } from '../reference/standing.ts'
import type { Sighting } from '../world/sighting.ts'
import type { HandOver, HandOvers } from './hand-overs.ts'

/** The app has come to rest after a deed, and the reference knows of it. */
export interface Moment {
  readonly deed: Deed
  /** Nothing was due and nothing waited to be worked in before the deed. */
  readonly wasAtRest: boolean
  readonly before: Sighting
  readonly after: Sighting
  readonly known: Knowledge
  readonly matching: Matching
  readonly caps: Setup['caps']
  /** Handed over since `before`. */
  readonly handedOver: readonly HandOver[]
  readonly handOvers: HandOvers
  /** When the app says that it has work next; null: never. */
  readonly dueAt: number | null
  /** What it logged as errors. */
  readonly errors: readonly string[]
}

/** Answers what is wrong, one line each. */
export type Invariant = (moment: Moment) => readonly string[]

export const iso = (instant: number | null): string =>
  instant === null ? 'never' : new Date(instant).toISOString().replace('.000Z', 'Z')

/** The lines of those that do not hold. */
export const wrong = (...claims: readonly (readonly [holds: boolean, what: () => string])[]): readonly string[] =>
  claims.flatMap(([holds, what]) => (holds ? [] : [what()]))
