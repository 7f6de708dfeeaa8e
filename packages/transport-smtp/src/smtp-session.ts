import type { Socket } from 'node:net'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import { finalDot } from './data-block.ts'
import { type SmtpReply, SmtpReplyReader } from './smtp-reply.ts'

/** Command that a reply answers; `final` answers the dot. */
export type SmtpStage = 'rset' | 'mail' | 'rcpt' | 'data' | 'final'

/** How one mail ended, with the exact knowledge of whether the final dot had left. */
export type SessionOutcome =
  | { readonly kind: 'accepted'; readonly reply: SmtpReply }
  | { readonly kind: 'refused'; readonly stage: SmtpStage; readonly reply: SmtpReply }
  /** `isUntouched`: the server had not answered a single command of this mail. */
  | { readonly kind: 'broken'; readonly isDotWritten: boolean; readonly isUntouched: boolean; readonly error: Error }

export interface SmtpExtensions {
  readonly pipelining: boolean
  readonly eightBitMime: boolean
  readonly smtpUtf8: boolean
  readonly maxSize: number | null
}

export interface SessionMail {
  readonly from: string
  readonly to: string
  readonly isUtf8: boolean
  readonly isEightBit: boolean
  /** Dot-stuffed, ending in CRLF, without the final dot. */
  readonly data: Buffer
}

/** Up to here data and dot leave in one write; a longer mail's dot waits until its data has left the process. */
const oneWrite = 256 * 1024
const quitWaitMs = 1_000

/**
 * The mail transactions on one open, secured and authenticated connection, one after the other. nodemailer has made the
 * connection and keeps its socket; the transaction is ours because only so it is known when the final dot was written.
 */
export class SmtpSession {
  /** Mails begun on this connection. */
  mails = 0
  readonly extensions: SmtpExtensions
  readonly #connection: SMTPConnection
  readonly #socket: Socket
  readonly #replies = new SmtpReplyReader()
  #expected: SmtpStage[] = []
  /** Commands still to be sent, where the server takes one at a time. */
  #lines: string[] = []
  #mail: SessionMail | null = null
  #settle: ((outcome: SessionOutcome) => void) | null = null
  #refusal: { readonly stage: SmtpStage; readonly reply: SmtpReply } | null = null
  #isDotWritten = false
  #isUntouched = true
  #needsReset = false
  #isBroken = false
  readonly #quit = Promise.withResolvers<void>()

  constructor(connection: SMTPConnection, socket: Socket, extensions: SmtpExtensions) {
    this.#connection = connection
    this.#socket = socket
    this.extensions = extensions
    connection.on('error', (error: Error) => this.#break(error))
    connection.once('end', () => this.#break(new Error('The server closed the connection.')))
    socket.removeAllListeners('data')
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  get isUsable(): boolean {
    return !this.#isBroken && this.#settle === null
  }

  /** Hands over one mail. One at a time; settles for every outcome. */
  send(mail: SessionMail): Promise<SessionOutcome> {
    this.mails++
    this.#mail = mail
    this.#refusal = null
    this.#isDotWritten = false
    this.#isUntouched = true
    return new Promise((resolve) => {
      this.#settle = resolve
      if (this.#isBroken) this.#finish(this.#broken(new Error('The connection is closed.')))
      else this.#begin(mail)
    })
  }

  /** Breaks off at once; the mail under way settles with what is known. */
  abort(error: Error): void {
    this.#break(error)
  }

  /** Says goodbye and closes; resolves when the socket is gone, within a second. */
  quit(): Promise<void> {
    if (this.#isBroken) return Promise.resolve()
    this.#expected = []
    const timer = setTimeout(() => this.#break(new Error('The server did not answer QUIT.')), quitWaitMs)
    this.#socket.write('QUIT\r\n')
    return this.#quit.promise.finally(() => clearTimeout(timer))
  }

  /** An idle connection does not keep the process alive. */
  set isIdle(isIdle: boolean) {
    if (isIdle) this.#socket.unref()
    else this.#socket.ref()
  }

  #begin(mail: SessionMail): void {
    const commands: [SmtpStage, string][] = [
      ['mail', `MAIL FROM:<${mail.from}>${this.#mailParameters(mail)}\r\n`],
      ['rcpt', `RCPT TO:<${mail.to}>\r\n`],
      ['data', 'DATA\r\n'],
    ]
    if (this.#needsReset) commands.unshift(['rset', 'RSET\r\n'])
    this.#needsReset = false
    this.#expected = commands.map(([stage]) => stage)
    if (this.extensions.pipelining) this.#socket.write(commands.map(([, line]) => line).join(''))
    else this.#oneByOne(commands.map(([, line]) => line))
  }

  #oneByOne(lines: string[]): void {
    this.#lines = lines
    this.#socket.write(this.#lines.shift() ?? '')
  }

  #mailParameters(mail: SessionMail): string {
    const { eightBitMime, smtpUtf8, maxSize } = this.extensions
    return [
      maxSize === null ? '' : ` SIZE=${mail.data.length}`,
      mail.isEightBit && eightBitMime ? ' BODY=8BITMIME' : '',
      mail.isUtf8 && smtpUtf8 ? ' SMTPUTF8' : '',
    ].join('')
  }

  #read(chunk: Buffer): void {
    if (this.#isBroken) return
    try {
      for (const reply of this.#replies.feed(chunk)) this.#answer(reply)
    } catch (error) {
      this.#break(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #answer(reply: SmtpReply): void {
    if (this.#isBroken) return
    const stage = this.#expected.shift()
    const mail = this.#mail
    if (stage === undefined || mail === null || reply.code === 0) {
      this.#break(new Error(`The server sent an unexpected answer (${reply.code}).`))
      return
    }
    this.#isUntouched = false
    if (stage === 'final') this.#answerFinal(reply)
    else this.#answerEnvelope(stage, reply, mail)
    if (reply.code === 421) this.#break(new Error('The server is closing the connection.'))
  }

  #answerEnvelope(stage: SmtpStage, reply: SmtpReply, mail: SessionMail): void {
    const isOk = reply.code >= 200 && reply.code < (stage === 'data' ? 400 : 300)
    if (!isOk) {
      this.#refusal ??= { stage, reply }
      this.#needsReset = true
    }
    const isLast = stage === 'data' || reply.code === 421 || !(this.extensions.pipelining || isOk)
    if (!isLast) {
      if (!this.extensions.pipelining) this.#socket.write(this.#lines.shift() ?? '')
    } else if (this.#refusal === null) {
      this.#writeData(mail.data)
    } else {
      const { stage: refusedAt, reply: refusal } = this.#refusal
      this.#finish({ kind: 'refused', stage: refusedAt, reply: refusal })
      // It now waits for data that nobody is to get: only closing ends that without a mail.
      if (stage === 'data' && isOk) this.#break(new Error('The server asked for data without a recipient.'))
    }
  }

  #answerFinal(reply: SmtpReply): void {
    const isEarly = !this.#isDotWritten
    if (reply.code >= 400) this.#finish({ kind: 'refused', stage: 'final', reply })
    else if (reply.code >= 200 && reply.code < 300 && !isEarly) this.#finish({ kind: 'accepted', reply })
    else this.#break(new Error(`The server sent an unexpected answer (${reply.code}).`))
    if (isEarly) this.#break(new Error('The server answered before the end of the mail.'))
  }

  #writeData(data: Buffer): void {
    this.#expected.push('final')
    if (data.length <= oneWrite) {
      this.#socket.cork()
      this.#socket.write(data)
      this.#writeDot()
      this.#socket.uncork()
      return
    }
    const mail = this.#mail
    this.#socket.write(data, (error) => {
      if (!error && !this.#isBroken && this.#settle !== null && this.#mail === mail) this.#writeDot()
    })
  }

  #writeDot(): void {
    this.#isDotWritten = true
    this.#socket.write(finalDot)
  }

  #finish(outcome: SessionOutcome): void {
    const settle = this.#settle
    this.#settle = null
    this.#mail = null
    settle?.(outcome)
  }

  #break(error: Error): void {
    if (this.#isBroken) return
    this.#isBroken = true
    this.#connection.close()
    this.#quit.resolve()
    if (this.#settle === null) return
    // What the server has refused stays refused, however the connection ends.
    this.#finish(this.#refusal ? { kind: 'refused', ...this.#refusal } : this.#broken(error))
  }

  #broken(error: Error): SessionOutcome {
    return { kind: 'broken', isDotWritten: this.#isDotWritten, isUntouched: this.#isUntouched, error }
  }
}
