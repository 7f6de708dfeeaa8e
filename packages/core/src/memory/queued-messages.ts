import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import type { DropTarget, MessageReader, StepMail } from '../ports/storage/index.ts'
import { giveBack } from './give-back.ts'
import type { QueueRow } from './mail-tables.ts'
import type { Tables } from './tables.ts'

type Answer<Verb extends 'waitingOf' | 'queuedOf'> =
  ReturnType<MessageReader[Verb]> extends Generator<unknown, infer T> ? T : never

export const waitingOf = (tables: Tables, contactIds: readonly string[]): Answer<'waitingOf'> =>
  [...new Set(contactIds)]
    .flatMap((contactId) => tables.queueByContact.of(contactId))
    .flatMap(({ entry, phase, attempt }) => {
      const message = tables.messages.get(entry.messageId)
      if (message === undefined || phase !== 0) return []
      const { id: messageId, purpose, topic, scenario, scenarioVersion, plannedAt } = message
      const { contactId, runAt, expiresAt } = entry
      return { messageId, contactId, purpose, topic, scenario, scenarioVersion, plannedAt, runAt, expiresAt, attempt }
    })

export const ofEnrolments = (tables: Tables, enrolmentIds: readonly string[]): StepMail[] =>
  [...new Set(enrolmentIds)].flatMap((enrolmentId) =>
    tables.messagesByEnrolment.of(enrolmentId).flatMap(({ id: messageId, state, idemKey, purpose, plannedAt, finishedAt }) => {
      if (state === 'skipped' || state === 'failed') return []
      const row = tables.queue.get(messageId)
      const runAt = row?.entry.runAt ?? null
      return { messageId, enrolmentId, idemKey, purpose, plannedAt, runAt, leaseUntil: row?.leaseUntil ?? null, finishedAt }
    }),
  )

export const queuedOf = (
  tables: Tables,
  scenario: string,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Answer<'queuedOf'> =>
  tables.queueByScenario
    .list(scenario)
    .take(limit, ({ entry }) => after === null || compareCodePoints(entry.messageId, after) > 0)
    .map(({ entry: { messageId, runAt } }) => ({ messageId, stepId: tables.messages.get(messageId)?.stepId ?? null, runAt }))

/** Unmarked rows of a target. */
export const droppable = (tables: Tables, target: DropTarget): QueueRow[] =>
  rowsOf(tables, target).filter((row) => row.phase === 0)

const rowsOf = (tables: Tables, target: DropTarget): readonly QueueRow[] => {
  if ('broadcastId' in target) return tables.queueByBroadcast.of(target.broadcastId)
  if ('contactId' in target) return tables.queueByContact.of(target.contactId)
  if ('scenario' in target) {
    const { scenario, before, below = Number.POSITIVE_INFINITY } = target
    const isMeant = ({ entry }: QueueRow) =>
      entry.runAt < before && (tables.enrolments.get(entry.enrolmentId ?? '')?.version ?? -1) < below
    return tables.queueByScenario.of(scenario).filter(isMeant)
  }
  const rows = [...new Set(target.enrolmentIds)].flatMap((id) => tables.queueByEnrolment.of(id))
  const { stepIds } = target
  if (stepIds === undefined) return rows
  return rows.filter(({ entry }) => stepIds.includes(tables.messages.get(entry.messageId)?.stepId ?? ''))
}

/** Moves unmarked mail of a scenario in time; claims of it are void. Answers how many. */
export const shiftQueued = (tables: Tables, scenario: string, by: number): number => {
  const rows = tables.queueByScenario.of(scenario).filter((row) => row.phase === 0)
  for (const row of rows) {
    const { messageId, runAt, expiresAt } = row.entry
    giveBack(tables, { ...row, entry: { ...row.entry, runAt: runAt + by, expiresAt: expiresAt + by } })
    const message = tables.messages.get(messageId)
    if (message !== undefined) tables.messages.put({ ...message, plannedAt: message.plannedAt + by })
  }
  return rows.length
}

/** Unmarked, untried mail of scenarios to these contacts is due; claims of it are void. */
export const reconsider = (tables: Tables, contactIds: readonly string[], now: number): void => {
  for (const row of new Set(contactIds.flatMap((contactId) => tables.queueByContact.of(contactId)))) {
    const { scenario, runAt } = row.entry
    if (row.phase === 0 && row.attempt === 0 && scenario !== null && runAt > now)
      giveBack(tables, { ...row, entry: { ...row.entry, runAt: now } })
  }
}
