import type { Instant } from '../../domain/time/instant.ts'
import type { Message, Step, StorageReader } from '../../ports/storage/index.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'

/** Mails of a contact that an explanation looks at. */
const mostMails = 1_000

export interface ExplainedMails {
  readonly findings: readonly ExplainFinding[]
  /** When those that wait may go. */
  readonly dueAts: readonly Instant[]
}

/** What became of the mails of a contact that are meant. */
export function* explainMails(
  reader: Pick<StorageReader, 'messages'>,
  speaker: Speaker,
  contactId: string,
  isMeant: (mail: Message) => boolean,
): Step<ExplainedMails> {
  const mails = (yield* reader.messages.ofContact(contactId, { limit: mostMails })).filter(isMeant)
  const isQueued = mails.some(({ state }) => state === 'queued')
  const waiting = isQueued ? yield* reader.messages.waitingOf([contactId]) : []
  const runAts = new Map(waiting.map(({ messageId, runAt }) => [messageId, runAt]))
  return {
    findings: mails.map((mail) => mailFinding(speaker, mail, runAts.get(mail.id) ?? null)),
    dueAts: mails.flatMap(({ id }) => runAts.get(id) ?? []),
  }
}

const mailFinding = (speaker: Speaker, message: Message, runAt: Instant | null): ExplainFinding => {
  const { id: messageId, state, reason, stepId: step } = message
  const at = state === 'queued' ? (runAt ?? message.plannedAt) : (message.finishedAt ?? message.createdAt)
  return finding(speaker, state, { kind: state, at, step, reason, messageId }, { mail: message.template })
}
