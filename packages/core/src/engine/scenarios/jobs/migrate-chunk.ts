import type { Enrolment } from '../../../domain/scenario/enrolment.ts'
import { type Migration, type MigrationContext, migrateEnrolment } from '../../../domain/scenario/migrate-enrolment.ts'
import type { ScenarioDefinition } from '../../../domain/scenario/scenario-definition.ts'
import type { Step, StorageReader } from '../../../ports/storage/index.ts'
import { readDefinition, readVersions } from '../read-definition.ts'
import type { Chunk, ChunkContext, WorkChunk } from './chunk.ts'
import { inFlightChunk } from './in-flight-chunk.ts'
import { specOf } from './job.ts'

/**
 * Brings enrolments of lower versions into the one that was published. Mail of steps that are gone is skipped as `replaced`, the
 * rest goes out as it was queued. Whoever came to a step without successor after the publication stays, and is told of.
 */
export const migrateChunk: WorkChunk = function* (context) {
  const { tx, job } = context
  const { version } = specOf(job, 'migrate')
  const to = yield* readDefinition(tx.scenarios, job.scenario, version)
  const stayed: Enrolment[] = []
  const chunk = yield* inFlightChunk(context, {
    exceptVersion: version,
    isMeant: (enrolment) => enrolment.version < version,
    *work(enrolments) {
      const { left } = yield* migrateInFlight(context, enrolments, to)
      stayed.push(...left)
      return { left }
    },
  })
  return stayed.length === 0 ? chunk : { ...chunk, warnings: [notMigrated(chunk, stayed)] }
}

const notMigrated = ({ job }: Chunk, stayed: readonly Enrolment[]) => ({
  event: 'scenario.notMigrated',
  fields: {
    job: job.id,
    scenario: job.scenario,
    enrolmentIds: stayed.map(({ id }) => id),
    steps: [...new Set(stayed.map(({ stepId }) => stepId))],
  },
})

type Moved = Extract<Migration, { outcome: 'moves' | 'completes' }>

/** Moves locked, active enrolments into `to`, as far as each can go there. Answers those that stay as they are, and the others as they are now. */
export function* migrateInFlight(
  { tx, now }: Pick<ChunkContext, 'tx' | 'now'>,
  enrolments: readonly Enrolment[],
  to: ScenarioDefinition,
): Step<{ readonly left: readonly Enrolment[]; readonly moved: readonly Enrolment[] }> {
  const versions = yield* readVersions(
    tx.scenarios,
    to.name,
    enrolments.map(({ version }) => version),
  )
  const sent = yield* sentSteps(tx, enrolments)
  const left: Enrolment[] = []
  const moved: { readonly before: Enrolment; readonly migration: Moved }[] = []
  for (const before of enrolments) {
    const from = versions.get(before.version)
    const context = from === undefined ? null : { from, to: { ...to, inFlight: 'migrate' as const }, ...sent(before.id), now }
    const migration = context === null ? null : migrateEnrolment(before, context)
    if (migration?.outcome === 'moves' || migration?.outcome === 'completes') moved.push({ before, migration })
    else left.push(before)
  }
  const after = moved.map(({ migration }) => migration.enrolment)
  if (after.length > 0) yield* tx.enrolments.save(after)
  for (const [stepIds, group] of Map.groupBy(moved, ({ migration }) => JSON.stringify(migration.droppedSteps)))
    yield* drop(tx, group, JSON.parse(stepIds), now)
  return { left, moved: after }
}

function* drop(
  tx: ChunkContext['tx'],
  group: readonly { readonly before: Enrolment }[],
  stepIds: readonly string[],
  now: number,
): Step<void> {
  if (stepIds.length === 0) return
  yield* tx.messages.dropQueued({ enrolmentIds: group.map(({ before }) => before.id), stepIds }, 'replaced', now)
  const waiting = group.filter(({ before }) => before.stepId !== null && stepIds.includes(before.stepId))
  if (waiting.length > 0)
    yield* tx.calls.drop(
      waiting.map(({ before }) => before.id),
      now,
    )
}

const stepOf = ({ stepId }: { readonly stepId: string }): string => stepId

/** Steps whose mail went out, may have gone out, or is about to: they never send again. */
function* sentSteps(
  tx: Pick<StorageReader, 'messages'>,
  enrolments: readonly Enrolment[],
): Step<(enrolmentId: string) => Pick<MigrationContext, 'sentSteps' | 'waitingSteps'>> {
  const rows = enrolments.length === 0 ? [] : yield* tx.messages.stepsOf(enrolments.map(({ id }) => id))
  const done = rows.filter(({ state }) => state === 'sent' || state === 'queued' || state === 'unknown')
  const byEnrolment = Map.groupBy(done, ({ enrolmentId }) => enrolmentId)
  return (id) => {
    const own = byEnrolment.get(id) ?? []
    return { sentSteps: own.map(stepOf), waitingSteps: own.filter(({ isWaiting }) => isWaiting).map(stepOf) }
  }
}
