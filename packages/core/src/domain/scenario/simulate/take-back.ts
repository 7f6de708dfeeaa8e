import { hasNewDate, standAgain } from '../dated-mail.ts'
import type { Effect, Enrolment } from '../enrolment.ts'
import type { MailFate, World } from '../transition-contract.ts'

type QueueEffect = Extract<Effect, { kind: 'queue' }>

/** An enrolment with its mail. */
export interface Mailed {
  readonly enrolment: Enrolment
  readonly fates: ReadonlyMap<string, MailFate>
  /** Queued and not out yet. */
  readonly waiting: ReadonlySet<QueueEffect>
}

/**
 * Mail that waits for a date which is another one now, and the enrolment as it stands at its wait again; null where there is none, or
 * some of it has gone out. As the engine does it.
 */
export const takenBack = (
  { enrolment, fates, waiting }: Mailed,
  world: World,
): { readonly enrolment: Enrolment; readonly mails: readonly QueueEffect[] } | null => {
  const { state, memory } = enrolment
  if (memory.dated === undefined || (state !== 'active' && state !== 'completed') || !hasNewDate(enrolment, world)) return null
  const { sends } = memory.dated
  const byStep = new Map([...waiting].map((mail) => [mail.stepId, mail]))
  if (sends.some((step) => fates.get(step)?.state === 'sent' && !byStep.has(step))) return null
  const mails = sends.flatMap((step) => byStep.get(step) ?? [])
  if (mails.length === 0) return null
  const taken = mails.map(({ stepId }) => stepId)
  return { enrolment: standAgain(enrolment, taken, world), mails }
}
