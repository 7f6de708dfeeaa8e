import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { SMTPServer } from 'smtp-server'

/** A mail that this server has said 250 to, or was about to say it. */
export interface AcceptedMail {
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly at: number
}

/**
 * The other end, run as a process of its own: takes its time, refuses now and then for the moment, knows no user whose number
 * ends in 97, and keeps a list of what it accepted. It counts a mail before it answers, as a server does that has the mail on
 * its disk when the connection breaks.
 */
const accepted: AcceptedMail[] = []
const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })
const header = (head: string, name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''

const readAll = async (stream: Readable): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onRcptTo: ({ address }, _session, callback) =>
    callback(/97@/.test(address) ? refusal(550, `5.1.1 <${address}>: User unknown`) : null),
  onData: async (stream, session, callback) => {
    try {
      const raw = await readAll(stream)
      if (Math.random() < 0.02) return callback(refusal(451, '4.3.0 Try again later'))
      const messageId = /<([^@>]+)@/.exec(header(raw, 'message-id'))?.[1] ?? ''
      const to = session.envelope.rcptTo[0]?.address ?? ''
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 8))
      accepted.push({ messageId, to, subject: header(raw, 'subject'), at: Date.now() })
      setTimeout(callback, Math.random() * 8)
    } catch {
      callback(refusal(451, '4.3.0 The connection broke'))
    }
  },
})
server.on('error', () => {})
server.listen(0, '127.0.0.1', () => process.send?.((server.server.address() as AddressInfo).port))
process.on('message', () => process.send?.(accepted))
process.on('disconnect', () => process.exit())
