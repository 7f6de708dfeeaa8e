import type { DropTarget, MessageWriter, Step } from '@tobiishi/core/ports'
import { type RawBuilder, sql } from 'kysely'
import { perform, run } from '../query.ts'
import type { SqlBuilder } from '../sql-builder.ts'

interface Chosen {
  readonly target: unknown
  /** Steps for a part of an enrolment, an instant for a part of a scenario, else null. */
  readonly within: unknown
  /** A version, for a part of a scenario. */
  readonly below?: number
}

/** Conditions of one kind of target on a message `m` and on a queue row `q`. */
interface Conditions {
  message(p: { readonly [field in keyof Chosen]: unknown }): RawBuilder<unknown>
  queue?(p: { readonly [field in keyof Chosen]: unknown }): RawBuilder<unknown>
}

/**
 * Queue rows go first, those in phase 0 only, then every queued message of the target that has no queue row any more becomes
 * `skipped`. A row that another transaction marks or finishes at the same time is waited for and judged by what it became.
 * Rows are found through the message's indexes, so that the queue needs none for it; those of a scenario in the queue itself,
 * which is shorter than all that the scenario ever sent.
 */
export const dropQueuedVerb = (b: SqlBuilder): MessageWriter['dropQueued'] => {
  const message = b.table('message')
  const queue = b.table('send_queue')
  const statements = (on: Conditions) => {
    const found = (p: { readonly [field in keyof Chosen]: unknown }) =>
      on.queue?.(p) ?? sql`q.message_id in (select m.id from ${message} m where m.state = 'queued' and ${on.message(p)})`
    return {
      lock: b.statement<Chosen>(
        (p) => sql`select q.message_id from ${queue} q where q.phase = 0 and ${found(p)}
          order by q.message_id ${b.lock('for update', { of: 'q' })}`,
      ),
      remove: b.statement<Chosen>((p) => sql`delete from ${queue} as q where q.phase = 0 and ${found(p)}`),
      skip: b.statement<Chosen & { reason: string; now: number }>(
        (p) => sql`update ${message} as m set state = 'skipped', reason = ${p.reason}, finished_at = ${p.now}
          where m.state = 'queued' and ${on.message(p)}
            and not exists (select 1 from ${queue} q where q.message_id = m.id)`,
      ),
    }
  }
  const byEnrolment = statements({ message: (p) => b.isOneOf('m.enrolment_id', p.target) })
  const byStep = statements({
    message: (p) => sql`${b.isOneOf('m.enrolment_id', p.target)} and ${b.isOneOf('m.step_id', p.within)}`,
  })
  const byBroadcast = statements({ message: (p) => sql`m.broadcast_id = ${p.target}` })
  const byContact = statements({ message: (p) => sql`m.contact_id = ${p.target}` })
  const byScenario = statements({
    message: (p) => sql`m.scenario = ${p.target}`,
    queue: (p) => sql`q.scenario = ${p.target} and q.run_at < ${p.within}`,
  })
  const byVersion = statements({
    message: (p) => sql`m.scenario = ${p.target}`,
    queue: (p) => sql`q.scenario = ${p.target} and q.run_at < ${p.within}
      and exists (select 1 from ${b.table('enrolment')} e where e.id = q.enrolment_id and e.version < ${p.below})`,
  })

  const choose = (target: DropTarget): readonly [typeof byEnrolment, Chosen] => {
    if ('broadcastId' in target) return [byBroadcast, { target: target.broadcastId, within: null }]
    if ('contactId' in target) return [byContact, { target: target.contactId, within: null }]
    if ('scenario' in target) {
      const { scenario, before, below } = target
      return below === undefined
        ? [byScenario, { target: scenario, within: before }]
        : [byVersion, { target: scenario, within: before, below }]
    }
    const ids = b.list(target.enrolmentIds)
    return target.stepIds === undefined
      ? [byEnrolment, { target: ids, within: null }]
      : [byStep, { target: ids, within: b.list(target.stepIds) }]
  }

  return function* dropQueued(target, reason, now): Step<number> {
    const [{ lock, remove, skip }, chosen] = choose(target)
    if (b.dialect.rowLocks) yield* perform(lock(chosen))
    if ((yield* run(remove(chosen))) === 0) return 0
    return yield* run(skip({ ...chosen, reason, now }))
  }
}
