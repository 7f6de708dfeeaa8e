import type { AddressInfo } from 'node:net'
import type { ReceivedMail, ServerBehaviour, TransportWorld, TransportWorldOptions } from '@tobiishi/conformance'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { smtpTransport } from '../src/index.ts'
import { certificate, certificateKey } from './certificate.ts'

const password = 'correct horse'

const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode })

const refusals: { readonly [B in ServerBehaviour]?: (address: string) => Error } = {
  'reject-recipient': (address) => refusal(550, `5.1.1 <${address}>: User unknown`),
  'defer-recipient': (address) => refusal(452, `4.2.2 ${address} is over quota`),
  'reject-mail': () => refusal(554, '5.6.0 The content was refused'),
  'defer-mail': () => refusal(451, '4.3.0 Try again later'),
}

/** smtp-server on loopback that can be told how to behave, and counts. */
class ObedientServer {
  behaviour: ServerBehaviour = 'accept'
  readonly received: ReceivedMail[] = []
  completeMails = 0
  peak = 0
  readonly #underWay = new Set<string>()
  readonly #server: SMTPServer

  constructor(options: SMTPServerOptions) {
    this.#server = new SMTPServer({
      ...options,
      disableReverseLookup: true,
      logger: false,
      onRcptTo: ({ address }, session, callback) => this.#recipient(address, session, callback),
      onData: async (stream, session, callback) => {
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk)
        this.completeMails++
        if (this.behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, 50))
        this.#mail(Buffer.concat(chunks), session, callback)
      },
    })
    this.#server.on('error', () => {})
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()))
    return (this.#server.server.address() as AddressInfo).port
  }

  async end(): Promise<void> {
    if (!this.#server.server.listening) return
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const connection of this.#server.connections) connection._socket.destroy()
    await closed
  }

  #recipient(address: string, session: SMTPServerSession, callback: (error?: Error) => void): void {
    if (this.behaviour === 'drop-before') this.#drop(session)
    else if (this.behaviour === 'reject-recipient' || this.behaviour === 'defer-recipient')
      callback(refusals[this.behaviour]?.(address))
    else if (this.behaviour !== 'stall-before') {
      this.#underWay.add(session.id)
      this.peak = Math.max(this.peak, this.#underWay.size)
      callback()
    }
  }

  #mail(raw: Buffer, session: SMTPServerSession, callback: (error?: Error | null) => void): void {
    this.#underWay.delete(session.id)
    if (this.behaviour === 'drop-after') this.#drop(session)
    else if (refusals[this.behaviour]) callback(refusals[this.behaviour]?.(''))
    else if (this.behaviour !== 'stall-after') {
      const { mailFrom, rcptTo } = session.envelope
      this.received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw })
      callback()
    }
  }

  #drop({ id }: SMTPServerSession): void {
    for (const connection of this.#server.connections) if (connection.session.id === id) connection._socket.destroy()
  }
}

/** `secured` speaks STARTTLS, asks for a login and offers no pipelining; the plain one offers all that smtp-server has. */
export async function smtpWorld(options: TransportWorldOptions & { readonly secured: boolean }): Promise<TransportWorld> {
  const { secured, ...limits } = options
  const server: ObedientServer = new ObedientServer(
    secured ? secureOptions(() => server.behaviour) : { disabledCommands: ['STARTTLS', 'AUTH'] },
  )
  const transport = smtpTransport({
    host: '127.0.0.1',
    port: await server.listen(),
    ...limits,
    ...(secured ? { requireTls: true, tls: { ca: certificate }, auth: { user: 'shop', pass: password } } : {}),
  })
  return {
    transport,
    behave: async (behaviour) => {
      server.behaviour = behaviour
      if (behaviour === 'unreachable') await server.end()
    },
    received: async () => server.received,
    get completeMails() {
      return server.completeMails
    },
    get peak() {
      return server.peak
    },
    close: async () => {
      await transport.close()
      await server.end()
    },
  }
}

const secureOptions = (behaviour: () => ServerBehaviour): SMTPServerOptions => ({
  key: certificateKey,
  cert: certificate,
  hidePIPELINING: true,
  onAuth: (auth, _session, callback) => {
    if (behaviour() === 'refuse-login' || auth.password !== password) callback(refusal(535, '5.7.8 Wrong password'))
    else callback(null, { user: 'shop' })
  },
})
