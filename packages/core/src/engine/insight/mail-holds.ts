import { rulesFor } from '../../domain/caps/cap-rule.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import { capBucket, nextBucketStart } from '../../domain/time/cap-bucket.ts'
import { type Instant, minute } from '../../domain/time/instant.ts'
import type { Message, MessageReader, ScenarioRow, Step, StepMail, StorageReader } from '../../ports/storage/index.ts'
import { capNoteOf } from '../deliver/cap-note.ts'
import { orderHold } from '../deliver/enrolment-order.ts'
import { readVersions, versionOf } from '../deliver/pinned-version.ts'
import { sendRulesFor } from '../deliver/send-windows.ts'
import type { Runtime } from '../runtime.ts'
import { closedHolds } from './closed-holds.ts'
import type { CapHold, MailHold } from './explanation.ts'
import type { LeavingReason } from './leaving.ts'

export type WaitingMail = ReturnType<MessageReader['waitingOf']> extends Generator<unknown, readonly (infer Row)[]> ? Row : never

/** A mail in the queue, and what keeps it there. */
export interface HeldMail {
  readonly message: Message
  /** Null: it is marked, with the mail server. */
  readonly waiting: WaitingMail | null
  readonly isPaused: boolean
  /** Its enrolment is being ended. */
  readonly leaving: LeavingReason | null
  /** Those of its scenario that are over. */
  readonly pauses: ScenarioRow['pauses']
}

/** Works out for each queued mail of one contact what keeps it back, from the same rules by which delivery decides. */
export function* readMailHolds(
  runtime: Runtime,
  reader: StorageReader,
  contact: Contact,
  { mails, now }: { readonly mails: readonly HeldMail[]; readonly now: Instant },
): Step<(mail: HeldMail) => readonly MailHold[]> {
  const versions = mails.flatMap(({ message }) => versionOf(message) ?? [])
  if (versions.length > 0) yield* readVersions(runtime, reader, versions)
  const enrolmentIds = [...new Set(mails.flatMap(({ message }) => message.enrolmentId ?? []))]
  const known = enrolmentIds.length === 0 ? [] : yield* reader.messages.ofEnrolments(enrolmentIds)
  const byEnrolment = Map.groupBy(known, ({ enrolmentId }) => enrolmentId)
  const capOf = yield* readFullCaps(runtime, reader, contact, { mails, now })
  return (mail) => {
    const others = byEnrolment.get(mail.message.enrolmentId ?? '') ?? []
    return holdsOf(runtime, contact, { ...mail, others, cap: capOf(mail), now })
  }
}

interface Held extends HeldMail {
  readonly others: readonly StepMail[]
  readonly cap: CapHold | null
  readonly now: Instant
}

const holdsOf = (runtime: Runtime, contact: Contact, held: Held): readonly MailHold[] => {
  const { message, waiting, isPaused, leaving, now } = held
  if (waiting === null) return [{ reason: 'handed-over' }]
  if (leaving !== null) return [{ reason: leaving }]
  if (isPaused) return [{ reason: 'paused' }]
  const first = [
    ...retryHold(runtime, waiting, message, now),
    ...(held.cap === null ? [] : [held.cap]),
    ...orderHolds(runtime, held),
  ]
  const runAt = Math.max(now, waiting.runAt, ...first.map((hold) => ('until' in hold ? (hold.until ?? now) : now)))
  const rules = rulesOf(runtime, message, contact)
  const closed = (instants: readonly Instant[]) => (rules === null ? [] : closedHolds(rules, instants, runAt))
  const before = [...first, ...closed([now, ...timesOf(first)])]
  const moved = movedHold(held, waiting, Math.max(now, ...timesOf(before)))
  const holds = moved === null ? before : [...before, moved, ...closed([moved.until])]
  return holds.length === 0 && runAt <= now ? [{ reason: 'due' }] : holds
}

/** A pause moves mail that is queued without looking at windows: they are looked at when it comes up. */
const movedHold = ({ message, pauses }: Held, { runAt }: WaitingMail, otherwiseAt: Instant) => {
  const isMoved = pauses.some(({ missed, to }) => missed === 'shift' && message.createdAt < to)
  return isMoved && runAt > otherwiseAt ? ({ reason: 'moved', until: runAt } as const) : null
}

const timesOf = (holds: readonly MailHold[]): readonly Instant[] =>
  holds.flatMap((hold) => ('until' in hold && hold.until !== null ? [hold.until] : []))

/** Of a version that this process cannot read nothing is known. */
const rulesOf = (runtime: Runtime, message: Message, contact: Contact) => {
  try {
    return sendRulesFor(runtime, { message, contact })
  } catch {
    return null
  }
}

const retryHold = (
  { settings }: Runtime,
  { attempt, runAt }: WaitingMail,
  { answer }: Message,
  now: Instant,
): readonly MailHold[] => {
  if (attempt === 0 || runAt <= now) return []
  const { attempts } = settings.retry
  const code = typeof answer?.code === 'string' ? answer.code : null
  return [{ reason: 'retry', tries: attempt, attempts: Number.isFinite(attempts) ? attempts : null, code, until: runAt }]
}

/** Mail that is planned one after the other, and all on time, waits for its own time and not for each other. */
const orderHolds = (runtime: Runtime, { message, others, now }: Held): readonly MailHold[] => {
  const hold = orderHold(runtime, message, others, now)
  if (hold === null) return []
  const { before, gap, until } = hold
  if (hold.reason === 'min-gap')
    return until > message.plannedAt + minute ? [{ reason: 'min-gap', messageId: before.messageId, gap, until }] : []
  const isLate = before.runAt === null || before.runAt <= now || before.runAt > before.plannedAt + minute
  return isLate ? [{ reason: 'earlier-mail', messageId: before.messageId, until }] : []
}

/** The cap that put a mail off, else the first that is full when it would go out. */
function* readFullCaps(
  { settings }: Runtime,
  reader: Pick<StorageReader, 'queue'>,
  contact: Contact,
  { mails, now }: { readonly mails: readonly HeldMail[]; readonly now: Instant },
): Step<(mail: HeldMail) => CapHold | null> {
  const zone = contact.timeZone ?? settings.timeZone
  const atOf = ({ waiting }: HeldMail) => Math.max(now, waiting?.runAt ?? now)
  const asked = mails.flatMap((mail) =>
    rulesFor(settings.caps, mail.message).map(({ name, per }) => ({
      contactId: contact.id,
      cap: name,
      bucket: capBucket(per, atOf(mail), zone),
    })),
  )
  const rows = asked.length === 0 ? [] : yield* reader.queue.capsUsed(asked)
  const used = new Map(rows.map((row) => [`${row.cap}\n${row.bucket}`, row.used]))
  return (mail) => {
    const note = capNoteOf(mail.message.answer)
    if (note !== null && note.until !== null && note.until > now && note.until <= atOf(mail)) return { reason: 'cap', ...note }
    const full = rulesFor(settings.caps, mail.message).find(
      ({ name, per, limit }) => (used.get(`${name}\n${capBucket(per, atOf(mail), zone)}`) ?? 0) >= limit,
    )
    if (full === undefined) return null
    const until = full.policy === 'defer' ? nextBucketStart(full.per, atOf(mail), zone) : null
    return { reason: 'cap', cap: full.name, isFull: true, keptFor: null, until }
  }
}
