import { isAscii } from 'node:buffer'
import { TobiishiError } from '@tobiishi/core'
import type { OutgoingMail, Transport, TransportResult } from '@tobiishi/core/ports'
import { ConnectionPool } from './connection-pool.ts'
import { dotStuffed, withSafeLineEnds } from './data-block.ts'
import { Deadline, withCode } from './deadline.ts'
import { dkimSigner } from './dkim-signer.ts'
import { openSession, toLogin } from './open-session.ts'
import { type SmtpSettings, type SmtpTransportOptions, toSmtpSettings } from './smtp-options.ts'
import type { SessionMail, SessionOutcome, SmtpSession } from './smtp-session.ts'
import { brokenResult, toResult } from './to-result.ts'
import { toWireAddress } from './wire-address.ts'

/**
 * A transport to the next SMTP server, on kept connections. nodemailer connects, secures and logs in; the transaction itself
 * is ours, so that it is known whether the final dot was written: a break before it is `transient`, after it `ambiguous`.
 * Nothing is repeated, but a kept connection that turns out dead before it answered anything is replaced once.
 *
 * Refused logins, TLS and connection failures are `transient`: the mail stays queued and the answer says why. Addresses never
 * stand in answers. Throws `transport.config` where an option cannot be used.
 *
 * @example
 * const transport = smtpTransport({ url: 'smtps://user:password@smtp.example.jp', concurrency: 10 })
 */
export function smtpTransport(options: SmtpTransportOptions): Transport {
  const settings = toSmtpSettings(options)
  const sign = options.dkim === undefined ? null : dkimSigner(options.dkim)
  const pool = new ConnectionPool(settings)
  return {
    name: options.name ?? 'smtp',
    concurrency: settings.concurrency,
    maxCallMs: settings.maxCallMs,
    send: (mail, { signal } = {}) => sendWithin(new Deadline(settings.maxCallMs, signal), mail, pool, sign),
    verify: () => verify(settings),
    close: () => pool.close(),
  }
}

type Sign = ReturnType<typeof dkimSigner> | null

async function sendWithin(deadline: Deadline, mail: OutgoingMail, pool: ConnectionPool, sign: Sign): Promise<TransportResult> {
  let isHandedOver = false
  try {
    if (pool.isClosed) return brokenResult(withCode('ECLOSED', 'The transport is closed.'), false, mail.envelope)
    if (!(await pool.enter(deadline))) return brokenResult(deadline.reason ?? withCode('EABORT', ''), false, mail.envelope)
    try {
      const prepared = await prepare(mail, sign)
      if ('kind' in prepared) return prepared
      return await handOver(prepared, mail, pool, deadline, () => {
        isHandedOver = true
      })
    } finally {
      pool.leave()
    }
  } catch (error) {
    return brokenResult(error instanceof Error ? error : new Error(String(error)), isHandedOver, mail.envelope)
  } finally {
    deadline.clear()
  }
}

async function prepare(mail: OutgoingMail, sign: Sign): Promise<SessionMail | TransportResult> {
  const from = toWireAddress(mail.envelope.from)
  const to = toWireAddress(mail.envelope.to)
  if ('problem' in from) return { kind: 'transient', answer: { text: `Sender: ${from.problem}` } }
  if ('problem' in to) return { kind: 'rejected', bounceClass: 'message', answer: { text: `Recipient: ${to.problem}` } }
  const clean = withSafeLineEnds(mail.raw)
  const data = dotStuffed(sign === null ? clean : await sign(clean))
  return { from: from.address, to: to.address, isUtf8: from.needsUtf8 || to.needsUtf8, isEightBit: !isAscii(data), data }
}

async function handOver(
  prepared: SessionMail,
  mail: OutgoingMail,
  pool: ConnectionPool,
  deadline: Deadline,
  onStart: () => void,
): Promise<TransportResult> {
  for (let isSecondTry = false; ; isSecondTry = true) {
    let session: SmtpSession
    try {
      session = await pool.take(deadline)
    } catch (error) {
      const result = brokenResult(error instanceof Error ? error : new Error(String(error)), false, mail.envelope)
      return result.kind === 'transient' && pool.loginPauseMs > 0 ? { ...result, retryAfter: pool.loginPauseMs } : result
    }
    const unfit = misfit(prepared, session)
    if (unfit !== null) {
      pool.give(session)
      return unfit
    }
    const isKept = session.mails > 0
    if (deadline.reason !== null) session.abort(deadline.reason)
    deadline.onOver = (reason) => session.abort(reason)
    onStart()
    const outcome = await session.send(prepared)
    deadline.onOver = null
    pool.give(session)
    if (isKept && isStale(outcome) && !isSecondTry && deadline.reason === null) continue
    return toResult(outcome, mail.envelope)
  }
}

/** The server gave up the connection while it was idle: it closed it, or said 421 where it could not know of this mail. */
const isStale = (outcome: SessionOutcome): boolean =>
  outcome.kind === 'broken'
    ? outcome.isUntouched
    : outcome.kind === 'refused' && outcome.reply.code === 421 && (outcome.stage === 'mail' || outcome.stage === 'rset')

/** What this server cannot take, by what it offers. */
function misfit(mail: SessionMail, { extensions }: SmtpSession): TransportResult | null {
  if (mail.isUtf8 && !extensions.smtpUtf8) {
    const text = 'The server does not offer SMTPUTF8, which an address with letters outside ASCII before the @ needs.'
    return { kind: 'rejected', bounceClass: 'message', answer: { enhancedCode: '5.6.7', text } }
  }
  if (extensions.maxSize && mail.data.length > extensions.maxSize) {
    const text = `The mail has ${mail.data.length} bytes, the server takes ${extensions.maxSize}.`
    return { kind: 'rejected', bounceClass: 'message', answer: { enhancedCode: '5.3.4', text } }
  }
  return null
}

async function verify(settings: SmtpSettings): Promise<void> {
  const deadline = new Deadline(settings.maxCallMs, undefined)
  try {
    const session = await openSession(settings, toLogin(settings.auth), deadline)
    await session.quit()
  } catch (error) {
    throw toError(error, settings)
  } finally {
    deadline.clear()
  }
}

function toError(error: unknown, { host, port }: SmtpSettings): TobiishiError {
  const { code, originalCode } = error as { readonly code?: string; readonly originalCode?: string }
  const details = { host, port, code: originalCode ?? code }
  if (code === 'EAUTH') {
    return new TobiishiError('transport.config', 'The SMTP server refused the login: check auth.', { cause: error, details })
  }
  const isTls = code === 'ETLS' || /CERT|SSL|TLS/.test(originalCode ?? '')
  if (isTls) {
    const advice = 'check secure, requireTls and tls.ca'
    return new TobiishiError('transport.config', `TLS with the SMTP server failed: ${advice}.`, { cause: error, details })
  }
  const message = `The SMTP server at ${host}:${port} cannot be reached: check host and port, and that it is running.`
  return new TobiishiError('transport.failed', message, { isRetryable: true, cause: error, details })
}
