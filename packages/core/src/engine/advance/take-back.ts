import { hasNewDate, standAgain } from '../../domain/scenario/dated-mail.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { World } from '../../domain/scenario/transition-contract.ts'
import type { Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import { partsOf } from './definition-parts.ts'
import { Known } from './known.ts'
import { learn, type ScenarioBook } from './scenario-book.ts'

/** An enrolment whose mail waits for a date that is another one now. */
interface Outdated {
  readonly enrolment: Enrolment
  readonly world: World
}

/** Locked, active enrolments after a batch has taken mail back, and those that had completed and are active again. */
export interface TakenBack {
  readonly active: readonly Enrolment[]
  readonly back: readonly Enrolment[]
}

/**
 * Takes back mail that waits for a date of the contact which has changed, or for a time that has moved on with the contact's zone:
 * it is skipped as `date-changed`, and its enrolment stands at the wait again. Only as long as none of it was marked: the contact's lock
 * keeps marks away. Asks nothing unless a date or a zone has changed that waits look at.
 */
export function* takeBack(batch: Batch, active: readonly Enrolment[], book: ScenarioBook): Step<TakenBack> {
  const contactIds = changedContacts(batch)
  if (contactIds.size === 0) return { active, back: [] }
  const own = active.filter(({ contactId }) => contactIds.has(contactId))
  const known = new Known(batch, [])
  const completed = yield* completedOf(batch, contactIds, book)
  const outdated = [...own, ...completed].flatMap((enrolment): Outdated[] => {
    const definition = book.of(enrolment)
    if (definition === null || enrolment.memory.dated === undefined) return []
    const world: World = { definition, facts: known.factsOf({ definition, enrolment }), now: batch.now }
    return hasNewDate(enrolment, world) ? [{ enrolment, world }] : []
  })
  const moved = outdated.length === 0 ? new Map<string, Enrolment>() : yield* standAtWaits(batch, outdated)
  const isActive = new Set(active.map(({ id }) => id))
  return {
    active: active.map((enrolment) => moved.get(enrolment.id) ?? enrolment),
    back: [...moved.values()].filter(({ id }) => !isActive.has(id)),
  }
}

/** Completed ones with mail that may wait still; out of an archived scenario nobody comes back. */
function* completedOf({ tx, runtime }: Batch, contactIds: ReadonlySet<string>, book: ScenarioBook): Step<readonly Enrolment[]> {
  const enrolments = (yield* tx.enrolments.ofContacts([...contactIds])).filter(
    ({ state, memory, scenario }) =>
      state === 'completed' && memory.dated !== undefined && book.row(scenario)?.state !== 'archived',
  )
  yield* learn(tx.scenarios, enrolments, runtime.stored)
  return enrolments
}

function* standAtWaits({ tx, now }: Batch, outdated: readonly Outdated[]): Step<ReadonlyMap<string, Enrolment>> {
  const rows = yield* tx.messages.stepsOf(outdated.map(({ enrolment }) => enrolment.id))
  const steps = Map.groupBy(rows, ({ enrolmentId }) => enrolmentId)
  const moved = new Map<string, Enrolment>()
  const dropped = new Map<string, string[]>()
  for (const { enrolment, world } of outdated) {
    const taken = unsent(enrolment, steps.get(enrolment.id) ?? [])
    if (taken.length === 0) continue
    moved.set(enrolment.id, standAgain(enrolment, taken, world))
    const key = JSON.stringify(taken)
    dropped.set(key, [...(dropped.get(key) ?? []), enrolment.id])
  }
  // Written at once: one whose scenario is paused is not touched any more in this batch.
  if (moved.size > 0) yield* tx.enrolments.save([...moved.values()])
  for (const [stepIds, enrolmentIds] of dropped)
    yield* tx.messages.dropQueued({ enrolmentIds, stepIds: JSON.parse(stepIds) }, 'date-changed', now)
  return moved
}

type StepRow = { readonly stepId: string; readonly state: string; readonly isWaiting: boolean }

/** The steps whose mail waits unmarked, in their order; none where some of it has gone out, or may have. */
const unsent = ({ memory }: Enrolment, rows: readonly StepRow[]): readonly string[] => {
  const byStep = new Map(rows.map((row) => [row.stepId, row]))
  const sends = (memory.dated?.sends ?? []).flatMap((step) => byStep.get(step) ?? [])
  const hasGone = ({ state, isWaiting }: StepRow) => !isWaiting && (state === 'sent' || state === 'unknown' || state === 'queued')
  return sends.some(hasGone) ? [] : sends.filter(({ isWaiting }) => isWaiting).map(({ stepId }) => stepId)
}

/** Contacts of whom an attribute that some wait counts from, or the zone, may have changed, also while their mail was handed over. */
const changedContacts = ({ before, contacts, inbox, runtime }: Batch): ReadonlySet<string> => {
  const looks = inbox.filter(
    ({ kind, name }) => kind === 'look' && (name === 'update' || name === 'merge' || name === 'postponed'),
  )
  if (before.size === 0 && looks.length === 0) return new Set()
  const followed = new Set<string>()
  for (const definition of runtime.stored.versions.values())
    if (definition !== null) for (const attribute of partsOf(definition).dates) followed.add(attribute)
  const changed = new Set<string>()
  if (followed.size === 0) return changed
  for (const [id, { attributes, timeZone }] of before) {
    const after = contacts.get(id)
    const isNew = after !== undefined && [...followed].some((name) => attributes[name] !== after.attributes[name])
    if (isNew || after?.timeZone !== timeZone) changed.add(id)
  }
  for (const { contactId } of looks) changed.add(contactId)
  return changed
}
