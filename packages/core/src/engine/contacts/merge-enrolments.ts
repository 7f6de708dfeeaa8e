import { exitEnrolment } from '../../domain/scenario/end-enrolment.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { upgradeDefinition } from '../../domain/scenario/upgrade-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageTransaction } from '../../ports/storage/index.ts'
import { endEnrolments } from '../scenarios/end-enrolments.ts'

export interface Two {
  readonly from: string
  readonly into: string
  readonly now: Instant
  /** Whom the rows belong to that cannot be those of `into`. */
  readonly alias: string
}

/**
 * Gives the enrolments of `from` to `into`. One person goes through a scenario once at a time: where both are in it under one key,
 * or in one that nobody enters twice at a time, that of `from` exits as `merged` with its queued mail and calls. Rows whose key
 * `into` has already are kept, for the counts, under the alias.
 */
export function* mergeEnrolments(tx: StorageTransaction, two: Two): Step<void> {
  const active = yield* tx.enrolments.lockActive([two.from, two.into])
  const all = yield* tx.enrolments.ofContacts([two.from, two.into])
  const kept = all.filter(({ contactId }) => contactId === two.into)
  const definitions = yield* definitionsOf(tx, active)
  const conflicting = active.filter(
    (enrolment) => enrolment.contactId === two.from && kept.some((other) => isInTheWay(enrolment, other, definitions)),
  )
  yield* endEnrolments(
    tx,
    conflicting.map((enrolment) => exitEnrolment(enrolment, 'merged', two.now)),
    { reason: 'exited', now: two.now },
  )
  yield* tx.enrolments.move(two.from, two.into)
  yield* tx.enrolments.forget(two.from)
  yield* tx.enrolments.move(two.from, two.alias)
}

type Definitions = ReadonlyMap<string, ScenarioDefinition>
const keyOf = ({ scenario, version }: Pick<Enrolment, 'scenario' | 'version'>): string => JSON.stringify([scenario, version])

function* definitionsOf(tx: StorageTransaction, enrolments: readonly Enrolment[]): Step<Definitions> {
  if (enrolments.length === 0) return new Map()
  const keys = [
    ...new Map(enrolments.map(({ scenario, version }) => [keyOf({ scenario, version }), { scenario, version }])).values(),
  ]
  const rows = yield* tx.scenarios.versions(keys)
  return new Map(rows.map(({ scenario, version, definition }) => [keyOf({ scenario, version }), upgradeDefinition(definition)]))
}

const isInTheWay = (enrolment: Enrolment, other: Enrolment, definitions: Definitions): boolean => {
  if (enrolment.scenario !== other.scenario) return false
  if (enrolment.entryKey === other.entryKey) return true
  return other.state === 'active' && definitions.get(keyOf(enrolment))?.reentry.kind !== 'every-event'
}
