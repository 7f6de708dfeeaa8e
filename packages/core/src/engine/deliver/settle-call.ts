import { classifyBounce } from '../../domain/delivery/classify-bounce.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { BounceClass, DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import type { ClaimedMail, InboxEntry } from '../../ports/storage/index.ts'
import type { RawAnswer, TransportResult } from '../../ports/transport.ts'
import type { Runtime } from '../runtime.ts'
import type { AllowedMail } from './allowed-mail.ts'
import { finishOf, retryOf } from './finish-of.ts'
import { copyToResend, isSentAgain } from './resend.ts'
import { retryAt } from './retry-at.ts'
import { openingFor } from './send-windows.ts'
import type { TroubleLog } from './trouble-log.ts'
import type { TurnWrites } from './turn.ts'

/** A call that was started: what is needed when its answer comes. */
export interface StartedCall {
  readonly mail: AllowedMail
  readonly templateHash: string
  /** End of the mark's lease; from then on the reaper may have taken it. */
  readonly leaseUntil: Instant
}

/**
 * What the answer to a call means for its message, added to `writes`: accepted → sent; rejected → failed with `rejected`,
 * and a bounce; transient → again later, or failed when that runs out
 * (told in `trouble`, unless it is the recipient's own, such as a full mailbox); ambiguous → unknown, with a copy where the policy is
 * to send again.
 */
export const settleCall = (
  runtime: Runtime,
  call: StartedCall,
  result: TransportResult,
  now: Instant,
  writes: TurnWrites,
  trouble: TroubleLog,
): void => {
  const { mail, templateHash } = call
  const answer: JsonObject = { ...result.answer }
  switch (result.kind) {
    case 'accepted': {
      const finish = finishOf(mail, 'sent', { templateHash, providerId: result.providerId, answer })
      writes.finishes.push(finish)
      if (runtime.stored.asksWhoWasSent) writes.notices.set(finish, lookOf(mail, now))
      return
    }
    case 'rejected':
      reject(call, result.bounceClass, answer, now, writes)
      return
    case 'transient':
      postpone(runtime, call, result, now, writes, trouble)
      return
    case 'ambiguous':
      writes.finishes.push(finishOf(mail, 'unknown', { reason: 'ambiguous', templateHash, answer }))
      sendAgainByPolicy(runtime, mail, now, writes)
  }
}

/** Whoever was sent a mail may have come into a segment, or out of it. */
const lookOf = ({ contact, message }: ClaimedMail, now: Instant): InboxEntry => ({
  contactId: contact.id,
  kind: 'look',
  name: 'sent',
  key: message.id,
  payload: {},
  occurredAt: now,
  receivedAt: now,
  startScenarios: true,
})

const reject = (call: StartedCall, bounceClass: BounceClass, answer: JsonObject, now: Instant, writes: TurnWrites): void => {
  const { mail, templateHash } = call
  writes.finishes.push(finishOf(mail, 'failed', { reason: 'rejected', templateHash, answer }))
  writes.rejections.push({ event: rejection(mail, bounceClass, answer, now), emailKey: mail.contact.emailKey })
}

const rejection = (mail: ClaimedMail, bounceClass: BounceClass, answer: JsonObject, now: Instant): DeliveryEvent => ({
  key: `${mail.message.id}:rejected`,
  messageId: mail.message.id,
  contactId: mail.contact.id,
  kind: 'bounced',
  occurredAt: now,
  receivedAt: now,
  link: null,
  url: null,
  actor: null,
  score: 0,
  ruleVersion: 0,
  bounceClass,
  raw: answer,
})

/**
 * The class of a bounce by a server that kept saying "not now"; null where none was reached. Temporary words never make a
 * hard bounce.
 */
const classOfLastRefusal = (mail: ClaimedMail, { code, enhancedCode, text }: RawAnswer): BounceClass | null => {
  if (code === undefined || !/^4\d\d$/.test(code)) return null
  const domain = mail.contact.emailKey?.split('@').at(-1) ?? ''
  const refusal = { code: Number(code), enhancedCode: enhancedCode ?? null, text: text ?? '', domain, stage: 'report' } as const
  const found = classifyBounce(refusal)
  return found === 'transient' || found === 'undetermined' || found.startsWith('hard') ? 'expired' : found
}

/** The next opening for a retry; null where there is none before the expiry. What the calendar cannot tell the claim asks again. */
const inWindow = (runtime: Runtime, mail: ClaimedMail, at: Instant | null): Instant | null => {
  if (at === null) return null
  try {
    const opening = openingFor(runtime, mail, at)
    return opening < mail.queue.expiresAt ? opening : null
  } catch {
    return at
  }
}

const postpone = (
  runtime: Runtime,
  call: StartedCall,
  result: Extract<TransportResult, { kind: 'transient' }>,
  now: Instant,
  writes: TurnWrites,
  trouble: TroubleLog,
): void => {
  const { mail, templateHash } = call
  const answer: JsonObject = { ...result.answer }
  const runAt = inWindow(runtime, mail, retryAt(runtime.settings.retry, mail, result.retryAfter, now))
  if (runAt !== null) {
    trouble.add('postponed', result.answer)
    writes.finishes.push(retryOf(mail, runAt, answer))
    return
  }
  const bounceClass = classOfLastRefusal(mail, result.answer)
  if (bounceClass === null || bounceClass === 'expired') trouble.add('gaveUp', result.answer)
  if (bounceClass !== null) reject(call, bounceClass, answer, now, writes)
  else writes.finishes.push(finishOf(mail, 'failed', { reason: 'gave-up', templateHash, answer }))
}

const sendAgainByPolicy = (runtime: Runtime, mail: ClaimedMail, now: Instant, writes: TurnWrites): void => {
  if (!isSentAgain(runtime, mail.message)) return
  const copy = copyToResend(runtime, mail.message)
  writes.resends.push({ message: copy, queue: { ...mail.queue, messageId: copy.id, runAt: now } })
}
