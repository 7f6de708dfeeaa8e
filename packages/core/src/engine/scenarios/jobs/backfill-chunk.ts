import type { ScenarioDefinition } from '../../../domain/scenario/scenario-definition.ts'
import { upgradeDefinition } from '../../../domain/scenario/upgrade-definition.ts'
import { minute } from '../../../domain/time/instant.ts'
import type { InboxEntry, Step } from '../../../ports/storage/index.ts'
import { canonicalHash } from '../../prepare/canonical.ts'
import { type Admitted, admitted } from '../backfill/admitted.ts'
import { sourceFor } from '../backfill/candidates.ts'
import { contactsAChunk, pauseAfter } from '../backfill/rate.ts'
import { addTally, emptyTally, tallyOf } from '../backfill/tally.ts'
import type { Chunk, ChunkContext, WorkChunk } from './chunk.ts'
import { finished, type JobSpec, specOf } from './job.ts'

/** How long a backfill waits before it looks whether its scenario is still paused. */
const whilePaused = minute

/**
 * Enters the next contacts whom the trigger would have entered: one inbox row each, worked in as an entry by hand. Held while the
 * scenario is paused; cancelled when it takes nobody any more, or starts another way since.
 */
export const backfillChunk: WorkChunk = function* (context) {
  const { tx, job, now } = context
  const spec = specOf(job, 'backfill')
  const row = (yield* tx.scenarios.all()).find(({ name }) => name === job.scenario)
  if (row?.state === 'paused') return { job: { ...job, runAt: now + whilePaused }, contacts: 0 }
  const [version] = row === undefined ? [] : yield* tx.scenarios.versions([{ scenario: row.name, version: row.version }])
  const definition = version === undefined ? null : upgradeDefinition(version.definition)
  if (row?.state !== 'active' || definition === null || triggerHash(definition) !== spec.trigger) return cancelled(context)
  return yield* enterNext(context, definition, spec)
}

/** Tells whether two definitions start alike. */
export const triggerHash = ({ trigger, segments }: ScenarioDefinition): string =>
  canonicalHash(trigger?.kind === 'segment' ? { trigger, tree: segments[trigger.segment] } : { trigger })

const cancelled = ({ job, now }: ChunkContext): Chunk => ({
  job: finished(job, 'cancelled', now),
  contacts: 0,
  warnings: [
    {
      event: 'backfill.cancelled',
      fields: { job: job.id, scenario: job.scenario, reason: 'not active, or starts otherwise now' },
    },
  ],
})

function* enterNext(context: ChunkContext, definition: ScenarioDefinition, spec: JobSpec<'backfill'>): Step<Chunk> {
  const { tx, job, now, runtime } = context
  const page = yield* sourceFor(definition)(tx, {
    definition,
    since: spec.since,
    cursor: job.cursor,
    limit: contactsAChunk(spec.perHour),
    now,
    timeZone: runtime.settings.timeZone,
  })
  const admittance = yield* admitted(tx, definition, page.found, {
    enteredAt: ({ occurredAt }) => (spec.as === 'now' ? now : occurredAt),
    timeZone: runtime.settings.timeZone,
  })
  const { entering } = admittance
  const { cursor } = page
  const contacts = page.contactIds.length
  if (entering.length > 0) yield* tx.inbox.append(entering.map((one) => entryOf(context, spec, one)))
  const tally = addTally(spec.tally ?? emptyTally, tallyOf({ ...page, ...admittance }))
  const worked = { ...job, spec: { ...spec, tally: { ...tally } }, cursor, done: job.done + contacts }
  if (cursor === null) return { job: finished(worked, 'done', now), contacts }
  return { job: { ...worked, runAt: now + pauseAfter(entering.length, spec.perHour) }, contacts }
}

const entryOf = (
  { job, now }: ChunkContext,
  { as }: JobSpec<'backfill'>,
  { contactId, entryKey, payload, occurredAt }: Admitted['entering'][number],
): InboxEntry => ({
  contactId,
  kind: 'enrol',
  name: job.scenario,
  key: entryKey,
  payload,
  occurredAt: as === 'now' ? now : occurredAt,
  receivedAt: now,
  startScenarios: true,
  meta: { isBackfill: true },
})
