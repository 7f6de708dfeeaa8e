import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Message, ScenarioRow, Step, StorageReader } from '../../ports/storage/index.ts'
import { capNoteOf } from '../deliver/cap-note.ts'
import type { Runtime } from '../runtime.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'
import type { SentenceName } from './explain-words.ts'
import type { CapHold, MailHold } from './explanation.ts'
import { capInWords, holdsInWords } from './hold-words.ts'
import type { Placed } from './in-order.ts'
import type { LeavingOf } from './leaving.ts'
import { type HeldMail, readMailHolds } from './mail-holds.ts'

/** Mails of a contact that an explanation looks at. */
const mostMails = 1_000

export interface ExplainedMails {
  readonly told: readonly Placed[]
  /** When those that wait may go. */
  readonly dueAts: readonly Instant[]
}

interface MailQuestion {
  readonly contact: Contact
  readonly now: Instant
  readonly isPaused: boolean
  readonly leavingOf: LeavingOf
  /** Those of its scenario that are over. */
  readonly pauses: ScenarioRow['pauses']
  isMeant(mail: Message): boolean
}

/** What became of the mails of a contact that are meant, and what keeps those back that are still queued. */
export function* explainMails(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  { contact, now, isPaused, leavingOf, pauses, isMeant }: MailQuestion,
): Step<ExplainedMails> {
  const mails = (yield* reader.messages.ofContact(contact.id, { limit: mostMails })).filter(isMeant)
  const queued = mails.filter(({ state }) => state === 'queued')
  if (queued.length === 0) return { told: mails.map((mail) => placed(mail, mailFinding(speaker, mail))), dueAts: [] }
  const waiting = yield* reader.messages.waitingOf([contact.id])
  const rows = new Map(waiting.map((row) => [row.messageId, row]))
  const heldOf = (message: Message): HeldMail => {
    const held = { message, waiting: rows.get(message.id) ?? null }
    return { ...held, isPaused, leaving: leavingOf(message.scenarioVersion), pauses }
  }
  const holdsOf = yield* readMailHolds(runtime, reader, contact, { mails: queued.map(heldOf), now })
  const told = mails.map((mail) => {
    if (mail.state !== 'queued') return placed(mail, mailFinding(speaker, mail))
    const held = heldOf(mail)
    return placed(mail, queuedFinding(speaker, held, holdsOf(held)))
  })
  return { told, dueAts: told.flatMap(({ finding: { kind, at } }) => (kind === 'queued' && at !== null ? [at] : [])) }
}

/** The key of a step's mail ends in its `stepSeq`. */
const placed = ({ enrolmentId, idemKey }: Message, told: ExplainFinding): Placed => {
  const seq = enrolmentId === null ? 0 : Number(idemKey.slice(idemKey.lastIndexOf(':') + 1))
  return { finding: told, enrolmentId, seq: Number.isNaN(seq) ? 0 : seq }
}

const queuedFinding = (speaker: Speaker, { message, waiting }: HeldMail, holds: readonly MailHold[]): ExplainFinding => {
  const { id: messageId, stepId: step, template: mail, plannedAt } = message
  const untils = holds.flatMap((hold) => ('until' in hold && hold.until !== null ? [hold.until] : []))
  const goesAt = Math.max(waiting?.runAt ?? plannedAt, ...untils)
  const reason = holds[0]?.reason ?? null
  const at = reason === 'stopped' || reason === 'replaced' ? null : goesAt
  const expiresAt = waiting?.expiresAt ?? null
  const facts = { kind: 'queued', at, step, reason, messageId, holds, expiresAt } as const
  const isTooLate = expiresAt !== null && goesAt >= expiresAt
  return finding(speaker, queuedSentence(reason, isTooLate), facts, { mail, why: holdsInWords(holds, speaker) })
}

const withoutTime: ReadonlySet<MailHold['reason']> = new Set([
  'paused',
  'stopped',
  'replaced',
  'handed-over',
  'due',
  'no-calendar',
])

const queuedSentence = (reason: MailHold['reason'] | null, isTooLate: boolean): SentenceName => {
  if (reason === null) return 'queued'
  if (withoutTime.has(reason)) return 'queuedNow'
  return isTooLate ? 'queuedTooLate' : 'queuedFor'
}

const mailFinding = (speaker: Speaker, message: Message): ExplainFinding => {
  const { id: messageId, state, reason, stepId: step, template: mail } = message
  const facts = { at: message.finishedAt ?? message.createdAt, step, reason, messageId } as const
  if (state === 'queued') return finding(speaker, state, { kind: state, holds: [], expiresAt: null, ...facts }, { mail })
  if (state !== 'skipped') return finding(speaker, state, { kind: state, ...facts }, { mail })
  const cap = reason === 'capped' ? capOf(message) : null
  const why = cap === null ? {} : { reason: capInWords(cap, speaker) }
  return finding(speaker, state, { kind: state, cap, ...facts }, { mail, ...why })
}

const capOf = ({ answer }: Message): CapHold | null => {
  const note = capNoteOf(answer)
  return note === null ? null : { reason: 'cap', ...note }
}
