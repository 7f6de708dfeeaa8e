import { exitEnrolment } from '../../domain/scenario/end-enrolment.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Job, Step } from '../../ports/storage/index.ts'
import { endEnrolments } from '../scenarios/end-enrolments.ts'
import { type JobSpec, readSpec } from '../scenarios/jobs/job.ts'
import { migrateInFlight } from '../scenarios/jobs/migrate-chunk.ts'
import { readVersions } from '../scenarios/read-definition.ts'
import type { Batch } from './batch.ts'

/** Later than every job: all that run, those too that wait for their next chunk. */
const always = Number.MAX_SAFE_INTEGER

/**
 * A job that ends or moves enrolments takes many passes, and whoever it has not reached must not walk on the old way meanwhile. So
 * those that come up in a batch are ended or moved here, as the job would do it; it finds them done and does not count them. One
 * small request a batch, as long as no such job runs. Answers the locked, active enrolments as they are then, and whose were touched.
 */
export function* workAheadOfJobs(
  batch: Pick<Batch, 'tx' | 'now'>,
  active: readonly Enrolment[],
): Step<{ readonly active: readonly Enrolment[]; readonly touched: readonly string[] }> {
  const running = active.length === 0 ? [] : yield* batch.tx.jobs.due(always)
  let before = active
  const moved: Enrolment[] = []
  for (const job of running.toSorted(exitsFirst)) {
    const own = before.filter(({ scenario }) => scenario === job.scenario)
    const { left, after } = own.length === 0 ? untouched : yield* workOf(batch, job, own)
    moved.push(...after)
    if (left !== null) before = before.filter((enrolment) => enrolment.scenario !== job.scenario || left.has(enrolment))
  }
  const isLeft = new Set(before)
  const touched = active.filter((enrolment) => !isLeft.has(enrolment)).map(({ contactId }) => contactId)
  return { active: [...before, ...moved], touched }
}

/** Which enrolments stay as they were (null: all), and those that are active still, but elsewhere. */
interface Worked {
  readonly left: ReadonlySet<Enrolment> | null
  readonly after: readonly Enrolment[]
}
const untouched: Worked = { left: null, after: [] }

/** Nobody is moved who is to leave. */
const exitsFirst = (a: Job, b: Job): number => Number(b.kind === 'exit') - Number(a.kind === 'exit')

function* workOf(batch: Pick<Batch, 'tx' | 'now'>, job: Job, own: readonly Enrolment[]): Step<Worked> {
  const exit = readSpec(job, 'exit')
  if (exit !== null) return yield* end(batch, exit, own)
  const migrate = readSpec(job, 'migrate')
  return migrate === null ? untouched : yield* move(batch, migrate.version, own)
}

function* end(
  { tx, now }: Pick<Batch, 'tx' | 'now'>,
  { reason, below }: JobSpec<'exit'>,
  own: readonly Enrolment[],
): Step<Worked> {
  const leaving = own.filter(({ version }) => below === null || version < below)
  const ended = leaving.map((enrolment) => exitEnrolment(enrolment, reason, now))
  yield* endEnrolments(tx, ended, { reason, now })
  return { left: new Set(own.filter(({ version }) => below !== null && version >= below)), after: [] }
}

/** Who cannot go to the new version stays in the old one, and the job tells of it; so where this process cannot read the new one. */
function* move(batch: Pick<Batch, 'tx' | 'now'>, version: number, own: readonly Enrolment[]): Step<Worked> {
  const old = own.filter((enrolment) => enrolment.version < version)
  const scenario = old[0]?.scenario
  if (scenario === undefined) return untouched
  const to = (yield* readVersions(batch.tx.scenarios, scenario, [version])).get(version)
  if (to === undefined) return untouched
  const { left, moved } = yield* migrateInFlight(batch, old, to)
  const stays = new Set(left)
  const others = own.filter((enrolment) => enrolment.version >= version || stays.has(enrolment))
  return { left: new Set(others), after: moved.filter(({ state }) => state === 'active') }
}
