import { day, hour, type Instant, type Milliseconds, minute } from '../../domain/time/instant.ts'
import type { ClaimedMail, MessageReader, Step, StepMail } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { definitionOf, versionOf } from './pinned-version.ts'

/** Mail may be late by this much, and two mails closer by it, before anything is asked or held: a tick a minute is no outage. */
const tolerance = minute
/** For how long after late mail this process asks about the mail of every enrolment: what follows late mail may itself be on time. */
const wariness = 2 * day

const waryUntil = new WeakMap<Runtime, Instant>()

/** Which mails of a batch wait for an earlier mail of their enrolment. */
export interface EnrolmentOrder {
  /** The mails of the batch, those of one enrolment in the order of its steps. */
  readonly mails: readonly ClaimedMail[]
  /** Not before; at most now where nothing holds it. */
  holdOf(mail: ClaimedMail): Instant
}

/** A mail of an enrolment that keeps its place: urgent transactional mail passes those before it, as it passes the gap to them. */
interface OrderedMail {
  readonly mail: ClaimedMail
  readonly enrolmentId: string
  readonly stepSeq: number
}

/**
 * Mail that was retried, or comes late, must not overtake what its enrolment sent before, nor come on its heels. Reads, in one
 * request for the batch, the mail of those enrolments that this may concern: whose mail is late, which have several in the batch,
 * and for two days after late mail all of them. Without any request where there is none, which is the rule.
 */
export function* readEnrolmentOrder(
  runtime: Runtime,
  reader: { readonly messages: Pick<MessageReader, 'ofEnrolments'> },
  mails: readonly ClaimedMail[],
  now: Instant,
): Step<EnrolmentOrder> {
  const ordered = mails.flatMap((mail) => orderedOf(mail) ?? [])
  const byEnrolment = Map.groupBy(ordered, ({ enrolmentId }) => enrolmentId)
  const isLate = ({ mail }: OrderedMail) => now - mail.message.plannedAt > tolerance
  if (ordered.some(isLate)) waryUntil.set(runtime, now + wariness)
  const isWary = now < (waryUntil.get(runtime) ?? Number.NEGATIVE_INFINITY)
  const asked = [...byEnrolment].flatMap(([id, own]) => (isWary || own.length > 1 ? [id] : []))
  if (asked.length === 0) return { mails, holdOf: () => now }
  const known = Map.groupBy(yield* reader.messages.ofEnrolments(asked), ({ enrolmentId }) => enrolmentId)
  return {
    mails: inStepOrder(mails, byEnrolment),
    holdOf: (mail) => {
      const own = orderedOf(mail)
      return own === null ? now : holdOf(runtime, own, known.get(own.enrolmentId) ?? [], now)
    },
  }
}

const orderedOf = (mail: ClaimedMail): OrderedMail | null => {
  const { enrolmentId, idemKey, purpose, urgent } = mail.message
  if (enrolmentId === null || (urgent !== null && purpose === 'transactional')) return null
  return { mail, enrolmentId, stepSeq: stepSeqOf(idemKey, enrolmentId) }
}

/** Of a copy that of its original. */
const stepSeqOf = (idemKey: string, enrolmentId: string): number => Number.parseInt(idemKey.slice(enrolmentId.length + 1), 10)

/** The same places in the batch, taken by the mails of an enrolment in the order of its steps. */
const inStepOrder = (mails: readonly ClaimedMail[], byEnrolment: ReadonlyMap<string, readonly OrderedMail[]>): ClaimedMail[] => {
  const queues = new Map([...byEnrolment].map(([id, own]) => [id, own.toSorted((a, b) => a.stepSeq - b.stepSeq).values()]))
  return mails.map((mail) => {
    const own = orderedOf(mail)
    return (own === null ? undefined : queues.get(own.enrolmentId)?.next().value?.mail) ?? mail
  })
}

const holdOf = (
  runtime: Runtime,
  { mail, enrolmentId, stepSeq }: OrderedMail,
  known: readonly StepMail[],
  now: Instant,
): Instant => {
  const before = known
    .filter((other) => stepSeqOf(other.idemKey, enrolmentId) < stepSeq && concerns(mail, other))
    .toSorted((a, b) => stepSeqOf(a.idemKey, enrolmentId) - stepSeqOf(b.idemKey, enrolmentId))
  const gapAfter = (other: StepMail) => gapBetween(runtime, mail, other)
  // Those that may come together and are due go together.
  const awaited = before.flatMap((other) =>
    other.runAt === null || (other.runAt <= now && gapAfter(other) === 0) ? [] : [other.runAt],
  )
  if (awaited.length > 0) return Math.max(now, ...awaited) + minute
  const last = before.findLast(({ finishedAt }) => finishedAt !== null)
  if (last === undefined || last.finishedAt === null) return now
  // What a cap had put off counts from the day it was put off to, which only the plan of what follows knows.
  if (runtime.settings.caps.length > 0 && mail.message.plannedAt >= last.finishedAt) return now
  const free = last.finishedAt + gapAfter(last)
  return free - now > tolerance ? free : now
}

/** Quiet hours and caps, which may keep marketing mail for days, are none of transactional mail's business. */
const concerns = ({ message }: ClaimedMail, other: StepMail): boolean =>
  message.purpose === 'marketing' || other.purpose === 'transactional'

/** As far apart as they were planned, up to the `minGap` of the scenario. */
const gapBetween = (runtime: Runtime, { message }: ClaimedMail, other: StepMail): Milliseconds => {
  const version = versionOf(message)
  const minGap = (version === null ? null : definitionOf(runtime, version))?.minGap ?? 12 * hour
  return Math.min(minGap, Math.max(0, message.plannedAt - other.plannedAt))
}
