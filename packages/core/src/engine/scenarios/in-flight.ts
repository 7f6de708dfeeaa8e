import { isPause, reachableFrom, waysOf } from '../../domain/scenario/check/graph.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { migrateEnrolment } from '../../domain/scenario/migrate-enrolment.ts'
import type { ScenarioDefinition, ScenarioStep } from '../../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { InFlightPreview } from '../tobiishi.ts'
import { readVersions } from './read-definition.ts'

type Move = InFlightPreview['moves'][number]

/** Who would go where if `definition` became the version of its scenario now: one request for the counts. */
export function* previewInFlight(
  reader: Pick<StorageReader, 'enrolments' | 'scenarios'>,
  definition: ScenarioDefinition,
): Step<InFlightPreview> {
  const { name, inFlight } = definition
  const standing = (yield* reader.enrolments.countByStep(name)).filter(
    ({ state, version }) => state === 'active' && version < definition.version,
  )
  const versions = yield* readVersions(reader.scenarios, name, [...new Set(standing.map(({ version }) => version))])
  const moves = standing.map(({ version, stepId, count }): Move => {
    const fate = fateOf(versions.get(version) ?? null, definition, stepId)
    return { fromVersion: version, fromStep: stepId, ...fate, contacts: count }
  })
  const refused = moves.flatMap(({ outcome, fromStep }) => (outcome === 'refused' && fromStep !== null ? [fromStep] : []))
  return { inFlight, moves: moves.toSorted(byVersionAndStep), refused: [...new Set(refused)].toSorted() }
}

const byVersionAndStep = (a: Move, b: Move): number =>
  a.fromVersion - b.fromVersion || (a.fromStep ?? '').localeCompare(b.fromStep ?? '', 'en')

/** Where who stands at a step goes: as the job decides for each of them. */
const fateOf = (from: ScenarioDefinition | null, to: ScenarioDefinition, stepId: string | null): Pick<Move, 'to' | 'outcome'> => {
  if (from === null) return { to: stepId, outcome: 'stays' }
  const migration = migrateEnrolment(standingAt(from, stepId), { from, to, sentSteps: [], waitingSteps: lastMails(from), now: 0 })
  switch (migration.outcome) {
    case 'exits':
      return { to: 'exited', outcome: 'exits' }
    case 'refused':
      return { to: null, outcome: 'refused' }
    case 'completes':
      return { to: null, outcome: 'completes' }
    default:
      return { to: migration.enrolment.stepId, outcome: migration.outcome }
  }
}

/** Steps whose mail may still wait where somebody has come to the end: nothing is waited for after them. */
const lastMails = (definition: ScenarioDefinition): readonly string[] => {
  const steps = Object.values(definition.steps)
  const ends = steps.filter((step) => !isPause(step) && waysOf(step).includes(null))
  const isLast = ({ id }: ScenarioStep): boolean => {
    const behind = reachableFrom(definition, [id], (step) => !isPause(step))
    return ends.some((end) => behind.has(end.id))
  }
  return steps.filter((step) => step.kind === 'send' && isLast(step)).map(({ id }) => id)
}

/** Somebody who has come to this step. */
const standingAt = ({ name, version }: ScenarioDefinition, stepId: string | null): Enrolment => ({
  id: '',
  scenario: name,
  version,
  contactId: '',
  entryKey: '',
  state: 'active',
  stepId,
  stepSeq: 1,
  rev: 0,
  wakeAt: 0,
  wakeSpec: null,
  anchorAt: 0,
  lastSendAt: null,
  event: {},
  enteredAt: 0,
  endedAt: null,
  endReason: null,
  memory: {},
  pausesSeen: 0,
  depth: 0,
})

/** Refuses a version that would lose contacts on the way. Throws `scenario.in_flight` naming the steps. */
export const refuseLost = (definition: ScenarioDefinition, { refused }: InFlightPreview): void => {
  if (refused.length === 0) return
  const { name, version } = definition
  throw new TobiishiError(
    'scenario.in_flight',
    `Version ${version} of scenario '${name}' cannot be published: contacts stand at ${list(refused)}, which it lacks. Say in ` +
      '`successors` where they go: another step, or null to complete them.',
    { details: { scenario: name, version, steps: refused } },
  )
}

const list = (steps: readonly string[]): string => steps.map((step) => `'${step}'`).join(', ')
