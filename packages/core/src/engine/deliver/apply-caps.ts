import { type CapWish, rulesFor } from '../../domain/caps/cap-rule.ts'
import { type CapCandidate, type CapDecision, decideCaps } from '../../domain/caps/decide-caps.ts'
import type { TransitionInput } from '../../domain/scenario/transition-contract.ts'
import { nextBucketStart } from '../../domain/time/cap-bucket.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ClaimedMail } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import type { AllowedMail, Ending } from './allowed-mail.ts'
import type { CapNote } from './cap-note.ts'
import { type CapStanding, priorityOf, type Rival } from './cap-standing.ts'
import { finishOf, retryOf } from './finish-of.ts'
import { mailNotice } from './mail-notice.ts'
import { openingFor } from './send-windows.ts'

/** The mail of one contact that could go out now if it were not for caps. */
export interface CappedMail {
  readonly mails: readonly AllowedMail[]
  /** Other mail of the contact that may be sent to it as things are. */
  readonly rivals: readonly Rival[]
}

export interface CapOutcome {
  readonly send: readonly AllowedMail[]
  readonly ended: readonly Ending[]
}

/** Lets out what has a place in its caps, and does with the rest what their policies say. Throws what `openingFor` throws. */
export const applyCaps = (runtime: Runtime, standing: CapStanding, { mails, rivals }: CappedMail, now: Instant): CapOutcome => {
  const [contact] = mails.map((mail) => mail.contact)
  if (contact === undefined) return { send: [], ended: [] }
  const zone = contact.timeZone ?? runtime.settings.timeZone
  const decisions = decideCaps({
    rules: runtime.settings.caps,
    candidates: mails.map((mail) => candidateOf(runtime, mail, now)),
    rivals: rivals.map((rival) => wishOf(runtime, rival, contact, now)),
    used: (cap, bucket) => standing.used(contact.id, cap, bucket),
    zone,
  })
  const scenarioOf = new Map([...rivals, ...mails.map(({ message }) => message)].map(({ id, scenario }) => [id, scenario]))
  const send: AllowedMail[] = []
  const ended: Ending[] = []
  for (const mail of mails) {
    const decision = decisions.get(mail.message.id)
    if (decision === undefined) continue
    if (decision.kind === 'send') send.push({ ...mail, places: decision.places, closesAt: closing(runtime, mail, zone, now) })
    else ended.push(endingOf(mail, decision, noteOf(decision, scenarioOf), now))
  }
  return { send, ended }
}

const candidateOf = (runtime: Runtime, mail: ClaimedMail, now: Instant): CapCandidate => ({
  id: mail.message.id,
  topic: mail.message.topic,
  priority: priorityOf(runtime, mail.message),
  plannedAt: mail.message.plannedAt,
  at: now,
  expiresAt: mail.queue.expiresAt,
  opening: (at) => openingFor(runtime, mail, at),
})

const wishOf = (runtime: Runtime, rival: Rival, contact: ClaimedMail['contact'], now: Instant): CapWish => {
  const { id, topic, plannedAt, runAt } = rival
  return {
    id,
    topic,
    priority: priorityOf(runtime, rival),
    plannedAt,
    at: openingOf(runtime, rival, contact, Math.max(runAt, now)),
  }
}

/** Of a rival it is only a guess, so what the calendar cannot tell is left out. */
const openingOf = (runtime: Runtime, rival: Rival, contact: ClaimedMail['contact'], at: Instant): Instant => {
  try {
    return openingFor(runtime, { message: { ...rival, urgent: null }, contact }, at)
  } catch {
    return at
  }
}

/** The places are those of the buckets of now. */
const closing = ({ settings }: Runtime, mail: AllowedMail, zone: string, now: Instant): Instant => {
  const starts = rulesFor(settings.caps, mail.message).map(({ per }) => nextBucketStart(per, now, zone))
  return Math.min(mail.closesAt ?? Number.POSITIVE_INFINITY, ...starts.filter((start) => start > now))
}

type Refusal = Exclude<CapDecision, { kind: 'send' }>

/** Kept with the mail, so that it can be told why it was left out or put off. */
const noteOf = (refusal: Refusal, scenarioOf: ReadonlyMap<string, string | null>): CapNote => ({
  cap: refusal.cap,
  isFull: refusal.keptFor === null,
  keptFor: refusal.keptFor === null ? null : (scenarioOf.get(refusal.keptFor) ?? null),
  until: refusal.kind === 'defer' ? refusal.until : null,
})

const endingOf = (mail: ClaimedMail, decision: Refusal, note: CapNote, now: Instant): Ending => {
  const answer = { ...note }
  if (decision.kind === 'defer') {
    const finish = { ...retryOf(mail, decision.until, answer), isHeld: true }
    return told(mail, finish, now, (stepSeq) => ({ kind: 'deferred', stepSeq, plannedAt: decision.until }))
  }
  const finish = finishOf(mail, 'skipped', { reason: 'capped', answer })
  return decision.kind === 'advance' ? told(mail, finish, now, (stepSeq) => ({ kind: 'capped', stepSeq })) : { finish }
}

/** Tells the enrolment of a mail, so that its waits count from what became of it. */
const told = (
  { message }: ClaimedMail,
  finish: Ending['finish'],
  now: Instant,
  input: (stepSeq: number) => TransitionInput,
): Ending => {
  const notice = mailNotice(message, now, input)
  return notice === null ? { finish } : { finish, notice }
}
