import { hour, type Instant, type Milliseconds, minute } from '../../domain/time/instant.ts'
import type { ClaimedMail, Message, MessageReader, Step, StepMail } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { definitionOf, versionOf } from './pinned-version.ts'

/** Mail may be late by this much, and two mails closer by it, before anything is asked or held: a tick a minute is no outage. */
const tolerance = minute

/** Which mails of a batch wait for an earlier mail of their enrolment. */
export interface EnrolmentOrder {
  /** The mails of the batch, those of one enrolment in the order of its steps. */
  readonly mails: readonly ClaimedMail[]
  /** Not before; at most now where nothing holds it. */
  holdOf(mail: ClaimedMail): Instant
}

/** A mail of an enrolment that keeps its place: urgent transactional mail passes those before it, as it passes the gap to them. */
interface OrderedMail {
  readonly message: Message
  readonly enrolmentId: string
  readonly stepSeq: number
}

/** What keeps a mail behind another one of its enrolment: that one has not gone out, or only just, and late. */
export interface OrderHold {
  readonly reason: 'earlier-mail' | 'min-gap'
  readonly before: StepMail
  /** How far apart they stay. */
  readonly gap: Milliseconds
  readonly until: Instant
}

/**
 * Mail that was retried, or comes late, must not overtake what its enrolment sent before, nor come on its heels. Reads, in one
 * request for the batch, the mail of those enrolments that this may concern: which have several in the queue, or of which one was
 * handed over late, within the last `minGap`. Without any request where there is none, which is the rule. Needs `readVersions`.
 */
export function* readEnrolmentOrder(
  runtime: Runtime,
  reader: { readonly messages: Pick<MessageReader, 'ofEnrolments'> },
  mails: readonly ClaimedMail[],
  now: Instant,
): Step<EnrolmentOrder> {
  const mayWait = ({ message, hasSiblings, lateSentAt }: ClaimedMail) =>
    hasSiblings || (lateSentAt !== null && lateSentAt + minGapOf(runtime, message) > now)
  const ordered = mails.flatMap((mail) => (mayWait(mail) ? (orderedOf(mail.message) ?? []) : []))
  const asked = [...new Set(ordered.map(({ enrolmentId }) => enrolmentId))]
  if (asked.length === 0) return { mails, holdOf: () => now }
  const known = Map.groupBy(yield* reader.messages.ofEnrolments(asked), ({ enrolmentId }) => enrolmentId)
  const batch = new Set(mails.map(({ message }) => message.id))
  const isBeside = ({ messageId }: StepMail) => batch.has(messageId)
  return {
    mails: inStepOrder(mails),
    holdOf: ({ message }) => orderHold(runtime, message, known.get(message.enrolmentId ?? '') ?? [], now, isBeside)?.until ?? now,
  }
}

const orderedOf = (message: Message): OrderedMail | null => {
  const { enrolmentId, idemKey, purpose, urgent } = message
  if (enrolmentId === null || (urgent !== null && purpose === 'transactional')) return null
  return { message, enrolmentId, stepSeq: stepSeqOf(idemKey, enrolmentId) }
}

/** Of a copy that of its original. */
const stepSeqOf = (idemKey: string, enrolmentId: string): number => Number.parseInt(idemKey.slice(enrolmentId.length + 1), 10)

/** The same places in the batch, taken by the mails of an enrolment in the order of its steps. */
const inStepOrder = (mails: readonly ClaimedMail[]): ClaimedMail[] => {
  const kept = mails.flatMap((mail) => {
    const own = orderedOf(mail.message)
    return own === null ? [] : [{ mail, ...own }]
  })
  const queues = new Map(
    [...Map.groupBy(kept, ({ enrolmentId }) => enrolmentId)].map(([id, own]) => [
      id,
      own.toSorted((a, b) => a.stepSeq - b.stepSeq).values(),
    ]),
  )
  return mails.map((mail) => {
    const own = orderedOf(mail.message)
    return (own === null ? undefined : queues.get(own.enrolmentId)?.next().value?.mail) ?? mail
  })
}

/**
 * What keeps a mail behind others of its enrolment, which are all that is known of it; null: nothing does. Those that were planned
 * for one time go together where the earlier one goes now, too: it is in the same batch (`isBeside`; default: it is), or claimed
 * already. Others wait for the earlier one, which may be refused for now. Needs its version (`readVersions`).
 */
export const orderHold = (
  runtime: Runtime,
  message: Message,
  known: readonly StepMail[],
  now: Instant,
  isBeside: (other: StepMail) => boolean = () => true,
): OrderHold | null => {
  const own = orderedOf(message)
  if (own === null) return null
  const { enrolmentId, stepSeq } = own
  const before = known
    .filter((other) => stepSeqOf(other.idemKey, enrolmentId) < stepSeq && concerns(message, other))
    .toSorted((a, b) => stepSeqOf(a.idemKey, enrolmentId) - stepSeqOf(b.idemKey, enrolmentId))
  const gapAfter = (other: StepMail) => gapBetween(runtime, message, other)
  const isTaken = (other: StepMail) => isBeside(other) || (other.leaseUntil ?? now) > now
  const isTogether = (other: StepMail) => message.plannedAt <= other.plannedAt
  const goesNow = (other: StepMail) => other.runAt !== null && other.runAt <= now && isTogether(other) && isTaken(other)
  const awaited = before.filter((other) => other.runAt !== null && !goesNow(other))
  const latest = awaited.toSorted((a, b) => (a.runAt ?? now) - (b.runAt ?? now)).at(-1)
  if (latest !== undefined) {
    const until = Math.max(now, latest.runAt ?? now) + minute
    return { reason: 'earlier-mail', before: latest, gap: gapAfter(latest), until }
  }
  const last = before.findLast(({ finishedAt }) => finishedAt !== null)
  if (last === undefined || last.finishedAt === null) return null
  // What a cap had put off counts from the day it was put off to, which only the plan of what follows knows.
  if (runtime.settings.caps.length > 0 && message.plannedAt >= last.finishedAt) return null
  const gap = gapAfter(last)
  const until = last.finishedAt + gap
  return until - now > tolerance ? { reason: 'min-gap', before: last, gap, until } : null
}

/** Quiet hours and caps, which may keep marketing mail for days, are none of transactional mail's business. */
const concerns = ({ purpose }: Message, other: StepMail): boolean => purpose === 'marketing' || other.purpose === 'transactional'

/** As far apart as they were planned, up to the `minGap` of the scenario. */
const gapBetween = (runtime: Runtime, message: Message, other: StepMail): Milliseconds =>
  Math.min(minGapOf(runtime, message), Math.max(0, message.plannedAt - other.plannedAt))

const minGapOf = (runtime: Runtime, message: Message): Milliseconds => {
  const version = versionOf(message)
  return (version === null ? null : definitionOf(runtime, version))?.minGap ?? 12 * hour
}
