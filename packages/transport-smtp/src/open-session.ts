import SMTPConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import { type Deadline, withCode } from './deadline.ts'
import type { SmtpAuth, SmtpSettings } from './smtp-options.ts'
import { type SmtpExtensions, SmtpSession } from './smtp-session.ts'

type Login = Parameters<SMTPConnection['login']>[0]

/** The credentials in nodemailer's form; one token keeper for all connections. */
export function toLogin(auth: SmtpAuth | null): Login {
  if (auth === null) return undefined
  if (!('type' in auth))
    return { user: auth.user, method: auth.method ?? false, credentials: { user: auth.user, pass: auth.pass } }
  const oauth2 = new XOAuth2(auth)
  oauth2.on('error', () => {}) // getToken reports it too
  return { user: auth.user, oauth2, method: 'XOAUTH2' }
}

/** Connects, secures and logs in by nodemailer. Rejects with its error, or with the deadline's reason, leaving nothing open. */
export function openSession(settings: SmtpSettings, login: Login, deadline: Deadline): Promise<SmtpSession> {
  if (deadline.reason !== null) return Promise.reject(deadline.reason)
  const connection = new SMTPConnection({
    host: settings.host,
    port: settings.port,
    secure: settings.secure,
    requireTLS: settings.requireTls && !settings.secure,
    tls: settings.tls,
    name: settings.clientName,
    connectionTimeout: settings.maxCallMs,
    greetingTimeout: settings.maxCallMs,
    socketCloseTimeout: 0,
    ...(settings.localAddress === null ? {} : { localAddress: settings.localAddress }),
  })
  return new Promise<SmtpSession>((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(error)
      connection.close()
    }
    deadline.onOver = fail
    connection.on('error', fail)
    connection.once('end', () => fail(withCode('ECONNECTION', 'The server closed the connection.')))
    connection.connect((error) => {
      if (error) return fail(error)
      const extensions = readExtensions(connection.lastServerResponse || '')
      const finish = (): void => {
        const socket = connection._socket
        if (socket) resolve(new SmtpSession(connection, socket, extensions))
        else fail(withCode('ECONNECTION', 'The connection has no socket.'))
      }
      if (login === undefined) finish()
      else connection.login(login, (refused) => (refused ? fail(refused) : finish()))
    })
  }).finally(() => {
    deadline.onOver = null
  })
}

/** What the answer to EHLO offers (RFC 1869). */
function readExtensions(answer: string): SmtpExtensions {
  const offers = (keyword: string): RegExpExecArray | null => new RegExp(`^250[ -]${keyword}\\b *(\\d*)`, 'im').exec(answer)
  const size = offers('SIZE')
  return {
    pipelining: offers('PIPELINING') !== null,
    eightBitMime: offers('8BITMIME') !== null,
    smtpUtf8: offers('SMTPUTF8') !== null,
    maxSize: size === null ? null : Number(size[1]),
  }
}
