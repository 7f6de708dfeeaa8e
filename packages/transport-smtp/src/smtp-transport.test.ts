import type { Socket } from 'node:net'
import type { OutgoingMail, Transport } from '@tobiishi/core/ports'
import { afterEach, describe, expect, it } from 'vitest'
import { type Script, type ScriptedServer, scriptedServer } from '../test/scripted-server.ts'
import { type SmtpTransportOptions, smtpTransport } from './index.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function world(
  script: Script,
  { extensions, ...options }: SmtpTransportOptions & { readonly extensions?: readonly string[] } = {},
): Promise<{ server: ScriptedServer; transport: Transport }> {
  const server = await scriptedServer(script, extensions)
  const transport = smtpTransport({ host: '127.0.0.1', port: server.port, concurrency: 1, ...options })
  closers.push(
    () => transport.close(),
    () => server.close(),
  )
  return { server, transport }
}

const mailTo = (to: string, raw = 'Subject: x\r\n\r\nbody\r\n'): OutgoingMail => ({
  messageId: 'm1',
  envelope: { from: 'bounces+m1@shop.example', to },
  raw: Buffer.from(raw),
})
const taro = mailTo('taro@example.jp')
const huge = mailTo('taro@example.jp', `Subject: x\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(200_000)}`)

const dead = (socket: Socket): null => {
  socket.destroy()
  return null
}

const at =
  (command: string, answer: string): Script =>
  (line) =>
    line.startsWith(command) ? answer : undefined

describe('what an answer means', () => {
  const cases: readonly [command: string, answer: string, outcome: object][] = [
    ['MAIL', '452 4.3.1 No space', { kind: 'transient' }],
    ['MAIL', '550 5.7.1 Sender not allowed', { kind: 'transient' }],
    ['MAIL', '552 5.3.4 Too big', { kind: 'rejected', bounceClass: 'message' }],
    ['RCPT', '421 4.7.0 Busy', { kind: 'transient' }],
    ['RCPT', '450 4.2.1 Greylisted', { kind: 'transient' }],
    ['RCPT', '421 4.7.28 Unusual rate of mail', { kind: 'transient', retryAfter: 600_000 }],
    ['RCPT', '550 5.1.1 No such user', { kind: 'rejected', bounceClass: 'hard-unknown-user' }],
    ['RCPT', '554 5.7.1 <taro@example.jp>: Relay access denied', { kind: 'transient' }],
    ['RCPT', '530 5.7.0 Authentication required', { kind: 'transient' }],
    ['RCPT', '503 5.5.1 Bad sequence', { kind: 'transient' }],
    ['DATA', '421 4.3.2 Shutting down', { kind: 'transient' }],
    ['DATA', '452 4.3.1 No space', { kind: 'transient' }],
    ['DATA', '554 5.6.0 No', { kind: 'rejected' }],
    ['.', '421 4.3.2 Shutting down', { kind: 'transient' }],
    ['.', '451 4.3.0 Later', { kind: 'transient' }],
    ['.', '552 5.3.4 Too big', { kind: 'rejected', bounceClass: 'message' }],
    ['.', 'what is this', { kind: 'ambiguous' }],
    ['.', '250 2.0.0 Ok: queued as 4Xyz12AB', { kind: 'accepted', providerId: '4Xyz12AB' }],
    ['.', '250 Ok', { kind: 'accepted', providerId: null }],
  ]
  for (const extensions of [['PIPELINING'], []]) {
    for (const [command, answer, outcome] of cases) {
      it(`${command} ${answer} ${extensions.join()}`, async () => {
        const { transport, server } = await world(at(command, answer), { extensions })
        const result = await transport.send(taro)
        expect(result).toMatchObject(outcome)
        expect(JSON.stringify(result)).not.toContain('taro@')
        expect(server.connections).toBe(1)
      })
    }
  }

  it('keeps code, enhanced code and text of all lines, and no address', async () => {
    const { transport } = await world(at('RCPT', '550-5.1.1 <TARO@example.jp>: unknown.\r\n550 5.1.1 Ask hanako@example.jp 不明'))
    expect((await transport.send(taro)).answer).toEqual({
      code: '550',
      enhancedCode: '5.1.1',
      text: '<address>: unknown. Ask address 不明',
    })
  })
})

describe('breaks', () => {
  it('within a large mail, before its final dot: transient', async () => {
    const { transport } = await world((line, socket) => (line === 'much data' ? void socket.destroy() : undefined))
    expect((await transport.send(huge)).kind).toBe('transient')
  })

  it('an answer within a large mail is an answer: rejected', async () => {
    const { transport } = await world((line, socket) => {
      if (line === 'much data') socket.end('552 5.3.4 Too big\r\n')
      return undefined
    })
    expect(await transport.send(huge)).toMatchObject({ kind: 'rejected', bounceClass: 'message' })
  })

  it('a large mail that is taken arrives whole', async () => {
    const { transport, server } = await world(() => undefined)
    expect((await transport.send(huge)).kind).toBe('accepted')
    expect(server.log).toContain(`data:${Buffer.from(huge.raw).toString('latin1')}`)
  })

  it('what was refused stays refused when the server then dies', async () => {
    const { transport } = await world((line, socket) => {
      if (line.startsWith('RCPT')) return '550 5.1.1 No such user'
      return line === 'DATA' ? dead(socket) : undefined
    })
    expect((await transport.send(taro)).kind).toBe('rejected')
  })

  it('a server that asks for data without a recipient gets none', async () => {
    const { transport, server } = await world((line) =>
      line.startsWith('RCPT') ? '550 5.1.1 No such user' : line === 'DATA' ? '354 Go on' : undefined,
    )
    expect((await transport.send(taro)).kind).toBe('rejected')
    expect((await transport.send(taro)).kind).toBe('rejected')
    expect(server.log.filter((entry) => entry.startsWith('data:'))).toEqual([])
    expect(server.connections).toBe(2)
  })

  it('an answer without end does not fill the memory', async () => {
    const { transport } = await world((line) => (line.startsWith('MAIL') ? `250-${'x'.repeat(80_000)}` : undefined))
    expect((await transport.send(taro)).kind).toBe('transient')
  })
})

describe('connections', () => {
  it('are kept, and reset after a refusal', async () => {
    let refuse = true
    const { transport, server } = await world((line) => (line.startsWith('RCPT') && refuse ? '550 5.1.1 No' : undefined))
    await transport.send(taro)
    refuse = false
    expect((await transport.send(taro)).kind).toBe('accepted')
    expect(server.connections).toBe(1)
    expect(server.log.map((line) => line.slice(0, 4))).toEqual([
      'EHLO',
      'MAIL',
      'RCPT',
      'DATA',
      'RSET',
      'MAIL',
      'RCPT',
      'DATA',
      'data',
    ])
  })

  it('one that died while idle is replaced, and the mail arrives once', async () => {
    let mails = 0
    const { transport, server } = await world((line, socket) => {
      if (line.startsWith('MAIL') && ++mails === 2) return dead(socket)
      return undefined
    })
    await transport.send(taro)
    expect((await transport.send(taro)).kind).toBe('accepted')
    expect(server.connections).toBe(2)
    expect(server.log.filter((entry) => entry.startsWith('data:')).length).toBe(2)
  })

  it('one that the server is closing by 421 is replaced too', async () => {
    let mails = 0
    const { transport, server } = await world((line) =>
      line.startsWith('MAIL') && ++mails === 2 ? '421 4.4.2 Idle too long' : undefined,
    )
    await transport.send(taro)
    expect((await transport.send(taro)).kind).toBe('accepted')
    expect(server.connections).toBe(2)
  })

  it('a new one that dies is not tried again', async () => {
    const { transport, server } = await world((line, socket) => (line.startsWith('MAIL') ? dead(socket) : undefined))
    expect((await transport.send(taro)).kind).toBe('transient')
    expect(server.connections).toBe(1)
  })

  it('are replaced after maxMailsPerConnection, with a goodbye', async () => {
    const { transport, server } = await world(() => undefined, { maxMailsPerConnection: 2 })
    for (let mail = 0; mail < 5; mail++) await transport.send(taro)
    await transport.close()
    expect(server.connections).toBe(3)
    expect(server.log.filter((line) => line === 'QUIT').length).toBe(3)
  })
})

describe('the envelope on the wire', () => {
  const rcptOf = async (to: string, extensions: readonly string[] = ['PIPELINING']): Promise<string | undefined> => {
    const { transport, server } = await world(() => undefined, { extensions })
    await transport.send(mailTo(to))
    return server.log.find((line) => line.startsWith('RCPT'))
  }
  it('quotes the local parts of Japanese carriers', async () => {
    expect(await rcptOf('a..b.@docomo.ne.jp')).toBe('RCPT TO:<"a..b."@docomo.ne.jp>')
    expect(await rcptOf('"a..b"@docomo.ne.jp')).toBe('RCPT TO:<"a..b"@docomo.ne.jp>')
  })
  it('puts domains into A-labels', async () => {
    expect(await rcptOf('taro@飛石.jp')).toBe('RCPT TO:<taro@xn--y7yx51e.jp>')
  })
  it('sends a local part outside ASCII with SMTPUTF8 only', async () => {
    const { transport, server } = await world(() => undefined, { extensions: ['SMTPUTF8'] })
    expect((await transport.send(mailTo('太郎@example.jp'))).kind).toBe('accepted')
    expect(server.log[1]).toBe('MAIL FROM:<bounces+m1@shop.example> SMTPUTF8')
    expect(server.log[2]).toBe(Buffer.from('RCPT TO:<太郎@example.jp>').toString('latin1'))

    const { transport: other, server: ascii } = await world(() => undefined)
    expect(await other.send(mailTo('太郎@example.jp'))).toMatchObject({
      kind: 'rejected',
      bounceClass: 'message',
      answer: { enhancedCode: '5.6.7' },
    })
    expect(ascii.log.some((line) => line.startsWith('MAIL'))).toBe(false)
  })
  it('declares size and 8-bit content where they are offered, and does not send what is too big', async () => {
    const { transport, server } = await world(() => undefined, { extensions: ['SIZE 40', '8BITMIME'] })
    await transport.send(mailTo('taro@example.jp', 'Subject: x\r\n\r\n飛石\r\n'))
    expect(server.log[1]).toBe('MAIL FROM:<bounces+m1@shop.example> SIZE=22 BODY=8BITMIME')
    expect(await transport.send(mailTo('taro@example.jp', `Subject: x\r\n\r\n${'x'.repeat(40)}\r\n`))).toMatchObject({
      kind: 'rejected',
      bounceClass: 'message',
    })
  })
  it('mends lone line ends, so that no receiver sees another end of the mail', async () => {
    const { transport, server } = await world(() => undefined)
    await transport.send(mailTo('taro@example.jp', 'Subject: x\n\nbody\n.\nMAIL FROM:<evil@example.jp>\r.\rend'))
    expect(server.log.at(-1)).toBe('data:Subject: x\r\n\r\nbody\r\n..\r\nMAIL FROM:<evil@example.jp>\r\n..\r\nend\r\n')
  })
})
