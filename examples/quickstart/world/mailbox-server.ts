import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import type { Ledger } from './ledger.ts'
import { planReactions } from './reactions.ts'

interface Refusal extends Error {
  responseCode: number
}

const refusal = (code: number, text: string): Refusal => Object.assign(new Error(text), { responseCode: code })

/**
 * The recipients' mail server: real SMTP on loopback. `gone…` does not exist (550), `full…` is over quota (452), `busy…` answers
 * 451 the first time. What is accepted is in the ledger, with everything its reader will do, before the 250 goes out.
 */
export const startMailboxServer = async (
  ledger: Ledger,
  now: () => number,
): Promise<{ readonly url: string; stop(): Promise<void> }> => {
  const wasBusy = new Set<string>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    // As docomo's own: quoted local parts with their old dots come in.
    lenientAddressParsing: true,
    logger: false,
    onRcptTo: ({ address }, _session, done) => {
      const code = answerTo(address, wasBusy)
      if (code === null) return done()
      ledger.refuse(address, code.responseCode, now())
      done(code)
    },
    onData: (stream, session, done) => {
      const to = unquoted(session.envelope.rcptTo[0]?.address ?? '')
      receive(ledger, to, stream, now()).then(
        () => done(),
        (error: Error) => done(error),
      )
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(resolve)) }
}

/** The mailbox that a quoted local part names (RFC 5321 §4.1.2). */
const unquoted = (address: string): string => address.replace(/^"(.*)"@/, '$1@')

const answerTo = (address: string, wasBusy: Set<string>): Refusal | null => {
  if (address.startsWith('gone')) return refusal(550, '5.1.1 User unknown')
  if (address.startsWith('full')) return refusal(452, '4.2.2 Mailbox full')
  if (address.startsWith('busy') && !wasBusy.has(address)) {
    wasBusy.add(address)
    return refusal(451, '4.3.0 Try again later')
  }
  return null
}

const receive = async (ledger: Ledger, to: string, stream: NodeJS.ReadableStream, at: number): Promise<void> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks)
  const mail = await simpleParser(raw)
  const id = (mail.messageId ?? '').replace(/^<|@.*$/g, '')
  ledger.together(() => {
    ledger.receive({ id, to, subject: mail.subject ?? '', at, raw })
    for (const deed of planReactions({ id, to, at, mail })) ledger.plan(deed)
  })
}
