import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Call, InboxEntry, Step } from '../../ports/storage/index.ts'
import { type Batch, longestChain } from './batch.ts'
import { type Mail, mailOf } from './mail-of.ts'
import type { Task } from './task.ts'
import { updateContacts } from './update-contacts.ts'

/**
 * Writes what the tasks of a batch came to, as the lock order asks: contacts, enrolments, then mail and calls and what is to be
 * dropped of them; what other enrolments are to be told goes into the inbox. Answers how many messages are new. A message key that
 * is there already is left alone, so a repeat queues nothing twice.
 */
export function* carryOut(batch: Batch, tasks: readonly Task[]): Step<number> {
  const { tx } = batch
  const changed = tasks.filter(({ isChanged }) => isChanged)
  if (changed.length === 0) return 0
  const contacts = updateContacts(batch, changed)
  if (contacts.length > 0) yield* tx.contacts.save(contacts)
  yield* tx.enrolments.save(changed.map(({ enrolment }) => enrolment))
  yield* writeAssignments(batch, changed)
  const queued = yield* writeMail(batch, changed)
  yield* writeCalls(batch, changed)
  yield* drop(batch, changed)
  const told = changed.flatMap((task) => messagesOf(batch, task))
  if (told.length > 0) yield* tx.inbox.append(told)
  return queued
}

function* writeMail(batch: Batch, tasks: readonly Task[]): Step<number> {
  const mails = tasks.flatMap(({ enrolment, effects }) =>
    inIdOrder(
      effects.flatMap((effect) => (effect.kind === 'queue' || effect.kind === 'skip' ? [mailOf(batch, enrolment, effect)] : [])),
    ),
  )
  return mails.length === 0 ? 0 : yield* batch.tx.messages.enqueue(mails)
}

/** Of mail that is due at one instant the lower id is claimed first: that of an enrolment has its ids in the order of its steps. */
const inIdOrder = (mails: readonly Mail[]): readonly Mail[] => {
  if (mails.length < 2) return mails
  const ids = mails.map(({ message }) => message.id).toSorted()
  return mails.map(({ message, queue }, index) => {
    const id = ids[index] ?? message.id
    return { message: { ...message, id }, queue: queue === null ? null : { ...queue, messageId: id } }
  })
}

function* writeAssignments(batch: Batch, tasks: readonly Task[]): Step<void> {
  const rows = tasks.flatMap(({ enrolment: { contactId }, effects }) =>
    effects.flatMap((effect) =>
      effect.kind === 'assign'
        ? [{ experiment: effect.experiment, contactId, variant: effect.variant, assignedAt: batch.now }]
        : [],
    ),
  )
  if (rows.length > 0) yield* batch.tx.assignments.put(rows)
}

function* writeCalls(batch: Batch, tasks: readonly Task[]): Step<void> {
  const calls = tasks.flatMap(({ enrolment, effects }) =>
    effects.flatMap((effect): Call[] => {
      if (effect.kind !== 'call') return []
      const { kind: _, ...call } = effect
      const { id, contactId, scenario } = enrolment
      const fixed = { idemKey: `${id}:${call.stepSeq}`, enrolmentId: id, contactId, scenario }
      return [{ ...fixed, ...call, runAt: batch.now, attempt: 0, state: 'waiting', error: null, createdAt: batch.now }]
    }),
  )
  if (calls.length > 0) yield* batch.tx.calls.enqueue(calls)
}

function* drop(batch: Batch, tasks: readonly Task[]): Step<void> {
  const dropping = tasks.filter(({ effects }) => effects.some(({ kind }) => kind === 'dropQueued'))
  if (dropping.length === 0) return
  const enrolmentIds = dropping.map(({ enrolment }) => enrolment.id)
  yield* batch.tx.messages.dropQueued({ enrolmentIds }, 'exited', batch.now)
  const mayCall = dropping.filter(({ definition }) => Object.values(definition.steps).some(({ kind }) => kind === 'call'))
  if (mayCall.length > 0)
    yield* batch.tx.calls.drop(
      mayCall.map(({ enrolment }) => enrolment.id),
      batch.now,
    )
}

/** What a task has to tell: a change of the contact to whoever watches it, and an entry to another scenario. */
const messagesOf = (batch: Batch, { enrolment, effects }: Task): InboxEntry[] =>
  effects.flatMap((effect): InboxEntry[] => {
    const told = { contactId: enrolment.contactId, occurredAt: batch.now, receivedAt: batch.now, startScenarios: true }
    const meta = { depth: enrolment.depth + 1 }
    if (effect.kind === 'update')
      return [{ ...told, kind: 'look', name: 'update', key: `${enrolment.id}:${enrolment.stepSeq}`, payload: {}, meta }]
    if (effect.kind !== 'enter' || !isShortChain(batch, enrolment, effect.scenario)) return []
    return [{ ...told, kind: 'enrol', name: effect.scenario, key: effect.key, payload: effect.event, meta }]
  })

const isShortChain = ({ notes }: Batch, { contactId, depth }: Enrolment, scenario: string): boolean => {
  if (depth < longestChain) return true
  notes.push({ level: 'error', event: 'scenario.chainTooDeep', fields: { contactId, scenario, depth: depth + 1 } })
  return false
}
