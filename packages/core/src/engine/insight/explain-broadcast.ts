import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { blockedFindings } from './explain-consent.ts'
import { finding, type Speaker } from './explain-finding.ts'
import { explainMails } from './explain-mail.ts'
import type { ScenarioAnswer } from './explain-scenario.ts'
import { explainSegment } from './explain-segment.ts'

interface BroadcastQuestion {
  readonly contact: Contact
  readonly id: string
  readonly now: Instant
}

/** What became of the mail of a broadcast to a contact, or what would as things are now. Throws `broadcast.unknown`. */
export function* explainBroadcast(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  { contact, id, now }: BroadcastQuestion,
): Step<ScenarioAnswer> {
  const broadcast = yield* reader.broadcasts.get(id)
  if (broadcast === null) throw new TobiishiError('broadcast.unknown', 'There is no broadcast with this id.')
  const { startedAt, at, state, segment } = broadcast
  const { told, dueAts } = yield* explainMails(runtime, reader, speaker, {
    contact,
    now,
    isPaused: false,
    leavingOf: () => null,
    pauses: [],
    isMeant: ({ broadcastId }) => broadcastId === id,
  })
  const mails = { findings: told.map((each) => each.finding), dueAts }
  const none = { kind: 'not-entered' } as const
  if (state === 'cancelled') {
    const cancelled = finding(speaker, 'broadcastCancelled', { ...none, reason: 'cancelled' })
    return { findings: [cancelled, ...mails.findings], nextAt: null }
  }
  const template = runtime.templates.get(broadcast.template)
  const templates = template === undefined ? [] : [template]
  const blocked = yield* blockedFindings(runtime, reader, speaker, { contact, templates, now })
  if (startedAt === null) {
    const starts = finding(speaker, 'broadcastNotStarted', { kind: 'waiting', at, waitsFor: null })
    const membership = yield* explainSegment(runtime, reader, speaker, { contactId: contact.id, ...segment, now })
    return { findings: [starts, ...membership, ...blocked], nextAt: Math.max(now, at) }
  }
  if (mails.findings.length > 0) {
    const nextAt = mails.dueAts.length === 0 ? null : Math.max(now, ...mails.dueAts)
    return { findings: [...mails.findings, ...blocked], nextAt }
  }
  if (state === 'expanding')
    return { findings: [finding(speaker, 'broadcastExpanding', { kind: 'waiting', waitsFor: null }), ...blocked], nextAt: null }
  return { findings: [finding(speaker, 'notInBroadcast', { ...none, reason: 'not-in-audience' })], nextAt: null }
}
