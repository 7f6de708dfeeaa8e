import type { DeclaredTemplate } from '../../src/define/declared.ts'
import type { Enrolment } from '../../src/domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../src/domain/scenario/scenario-definition.ts'
import { day, hour } from '../../src/domain/time/instant.ts'
import type { InboxRow, ScenarioRow } from '../../src/ports/storage/index.ts'
import { news, queueMail, type World } from './delivery-world.ts'

/** `wait` → `later` (sends the news), and `first`, whose mail the tests queue themselves. */
export const definition = (name: string, change: Partial<ScenarioDefinition> = {}): ScenarioDefinition => ({
  format: 2,
  name,
  version: 1,
  trigger: null,
  exitOn: [],
  exitWhen: null,
  goal: null,
  reentry: { kind: 'once' },
  window: null,
  maxEventAge: day,
  minGap: 12 * hour,
  priority: 0,
  inFlight: 'pin',
  successors: {},
  first: 'wait',
  steps: {
    wait: {
      kind: 'wait',
      id: 'wait',
      wait: { kind: 'elapsed', ms: hour },
      from: { kind: 'previous' },
      past: { kind: 'skip' },
      next: 'later',
    },
    later: { kind: 'send', id: 'later', template: news.name, props: {}, sendWithin: day, late: 'skip', urgent: null, next: null },
  },
  segments: {},
  ...change,
})

export const publish = async (world: World, given: ScenarioDefinition, state: ScenarioRow['state'] = 'active'): Promise<void> => {
  const { name, version } = given
  await world.storage.transaction(function* (tx) {
    const row = { scenario: name, version, format: 2, hash: `hash of ${name} ${version}`, definition: given, publishedAt: 0 }
    yield* tx.scenarios.publish(row)
    const stored = yield* tx.scenarios.lock(name)
    if (stored !== null) yield* tx.scenarios.save({ ...stored, state })
  })
}

/** An enrolment of a contact that stands at `wait` until `endsAt`. */
export const enrolment = (scenario: string, contactId: string, endsAt: number, change: Partial<Enrolment> = {}): Enrolment => ({
  id: `${scenario}-${contactId}`,
  scenario,
  version: 1,
  contactId,
  entryKey: 'once',
  state: 'active',
  stepId: 'wait',
  stepSeq: 1,
  rev: 0,
  wakeAt: endsAt,
  wakeSpec: {
    wait: { kind: 'elapsed', ms: hour },
    anchorAt: endsAt - hour,
    from: { kind: 'previous' },
    arrivedAt: endsAt - hour,
    endsAt,
  },
  anchorAt: endsAt - hour,
  lastSendAt: null,
  event: {},
  enteredAt: endsAt - hour,
  endedAt: null,
  endReason: null,
  memory: {},
  pausesSeen: 0,
  depth: 0,
  ...change,
})

export const enter = async (world: World, rows: readonly Enrolment[]): Promise<void> => {
  const ids = rows.map(({ contactId }) => contactId)
  await world.storage.transaction(function* (tx) {
    yield* tx.contacts.lock(ids, { skipLocked: false })
    yield* tx.enrolments.enter(rows)
  })
}

/** Queues the mail of step 1 of an enrolment that waits for a day afterwards. */
export const queueStep = async (
  world: World,
  scenario: string,
  contactId: string,
  options: { readonly runAt?: number; readonly template?: DeclaredTemplate; readonly expiresAt?: number } = {},
): Promise<void> => {
  const now = world.clock.now()
  const row = enrolment(scenario, contactId, now + 3 * day)
  await enter(world, [row])
  const { runAt = now, template = news, expiresAt = runAt + day } = options
  await queueMail(world, [contactId], template, '', {
    message: {
      idemKey: `${row.id}:1`,
      scenario,
      scenarioVersion: 1,
      stepId: 'first',
      enrolmentId: row.id,
      plannedAt: runAt,
    },
    queue: { enrolmentId: row.id, scenario, class: template.purpose === 'transactional' ? 0 : 1, runAt, expiresAt },
  })
}

/** What waits in the inbox of a contact. */
export const inboxOf = (world: World, contactId: string): Promise<InboxRow[]> =>
  world.storage.transaction((tx) => tx.inbox.load([contactId], 100))
