import { type BounceClass, classifyBounce } from '@tobiishi/core'
import type { RawAnswer, TransportResult } from '@tobiishi/core/ports'
import type { SmtpReply } from './smtp-reply.ts'
import type { SessionOutcome, SmtpStage } from './smtp-session.ts'

interface Envelope {
  readonly from: string
  readonly to: string
}

/** Gmail asks for ten minutes of silence after `4.7.28`, an unusual rate of mail. */
const rateLimitPauseMs = 600_000

/**
 * What an outcome means. Certain refusals of this mail or this recipient are `rejected`; whatever speaks of us (login, relaying,
 * the sender, the order of commands) is `transient`, because a wrong setting must not burn recipients.
 */
export function toResult(outcome: SessionOutcome, envelope: Envelope): TransportResult {
  if (outcome.kind === 'broken') return brokenResult(outcome.error, outcome.isDotWritten, envelope)
  const answer = toAnswer(outcome.reply, envelope)
  if (outcome.kind === 'accepted') return { kind: 'accepted', providerId: queueId(outcome.reply.text), answer }
  const { stage, reply } = outcome
  if (reply.enhancedCode === '4.7.28') return { kind: 'transient', retryAfter: rateLimitPauseMs, answer }
  if (reply.code < 500 || isAboutUs(stage, reply)) return { kind: 'transient', answer }
  return { kind: 'rejected', bounceClass: bounceClass(stage, reply, envelope), answer }
}

/** No answer came: only what may have been accepted, a break after the final dot, is ambiguous. */
export function brokenResult(error: Error, isDotWritten: boolean, envelope: Envelope): TransportResult {
  const { code, response } = error as { readonly code?: unknown; readonly response?: unknown }
  const answer = {
    ...(typeof code === 'string' ? { code } : {}),
    text: withoutAddresses(typeof response === 'string' ? response : error.message, envelope),
  }
  return { kind: isDotWritten ? 'ambiguous' : 'transient', answer }
}

function toAnswer(reply: SmtpReply, envelope: Envelope): RawAnswer {
  return {
    code: String(reply.code),
    ...(reply.enhancedCode === null ? {} : { enhancedCode: reply.enhancedCode }),
    text: withoutAddresses(reply.text, envelope),
  }
}

/** 503 is the order of commands, 530–538 the login. Until RCPT the server does not know the recipient: only size is this mail's. */
function isAboutUs(stage: SmtpStage, { code, enhancedCode, text }: SmtpReply): boolean {
  if (stage === 'rset' || code === 503 || (code >= 530 && code <= 538)) return true
  if (stage === 'mail') return code !== 552 && !/^5\.(3\.4|2\.3|6\.\d)$/.test(enhancedCode ?? '')
  return stage === 'rcpt' && /\brelay(ing)?\b/i.test(text) && (enhancedCode ?? '5.7.1').startsWith('5.7.')
}

function bounceClass(stage: SmtpStage, { code, enhancedCode, text }: SmtpReply, { to }: Envelope): BounceClass {
  return classifyBounce({
    code,
    enhancedCode,
    text,
    domain: to.slice(to.lastIndexOf('@') + 1),
    stage: stage === 'rcpt' || stage === 'mail' ? stage : 'data',
  })
}

/** The next server's own name for the mail, where it gives one in a known way (Postfix, Exim, SES, Sendmail). */
function queueId(text: string): string | null {
  const match = /\bqueued as <?([\w.-]+)|\bid=([\w-]+)|^ok:? ([\w-]{12,})$|^([\w]{10,}) message accepted/i.exec(text)
  return match?.slice(1).find((id) => id !== undefined) ?? null
}

/** Servers repeat the recipient in their answers; what stands there is `address` instead. */
function withoutAddresses(text: string, { from, to }: Envelope): string {
  if (!text.includes('@')) return text
  const clean = without(without(text, to), from)
  return clean.replace(/"[^"]*"@[^\s<>"',;()]+|[^\s<>"',;()]+@[^\s<>"',;()]+/g, 'address')
}

function without(text: string, address: string): string {
  const at = text.toLowerCase().indexOf(address.toLowerCase())
  return at === -1 ? text : without(`${text.slice(0, at)}address${text.slice(at + address.length)}`, address)
}
