import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { certificate, certificateKey } from '../test/certificate.ts'
import { type SmtpTransportOptions, smtpTransport } from './index.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const pair = { key: certificateKey, cert: certificate }
const mail = {
  messageId: 'm1',
  envelope: { from: 'shop@example.jp', to: 'taro@example.jp' },
  raw: Buffer.from('Subject: x\r\n\r\nbody\r\n'),
}

async function serve(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    disableReverseLookup: true,
    logger: false,
    onData: async (stream, _session, callback) => {
      for await (const _chunk of stream);
      callback()
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.server.address() as AddressInfo).port
}

function transportTo(port: number, options: SmtpTransportOptions): ReturnType<typeof smtpTransport> {
  const transport = smtpTransport({ host: '127.0.0.1', port, ...options })
  closers.push(() => transport.close())
  return transport
}

describe('TLS', () => {
  it('uses STARTTLS where it is offered, and trusts only what it is told to', async () => {
    let isSecure: boolean | undefined
    const port = await serve({
      ...pair,
      authOptional: true,
      onMailFrom: (_address, session, done) => {
        isSecure = session.secure
        done()
      },
    })
    const stranger = transportTo(port, {})
    expect((await stranger.send(mail)).kind).toBe('transient')
    await expect(stranger.verify()).rejects.toMatchObject({ code: 'transport.config', message: expect.stringContaining('TLS') })
    expect((await transportTo(port, { tls: { ca: certificate } }).send(mail)).kind).toBe('accepted')
    expect(isSecure).toBe(true)
  })

  it('speaks TLS from the first byte with smtps', async () => {
    const port = await serve({ ...pair, secure: true, authOptional: true })
    const transport = transportTo(port, { url: `smtps://localhost:${port}`, tls: { ca: certificate } })
    expect((await transport.send(mail)).kind).toBe('accepted')
  })

  it('does not go on without TLS where it is required', async () => {
    let logins = 0
    const port = await serve({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(null, { user: ++logins }),
    })
    const transport = transportTo(port, { requireTls: true, auth: { user: 'shop', pass: 'secret' } })
    expect((await transport.send(mail)).kind).toBe('transient')
    await expect(transport.verify()).rejects.toMatchObject({ code: 'transport.config' })
    expect(logins).toBe(0)
  })
})

describe('login', () => {
  it('by XOAUTH2 with a token', async () => {
    const port = await serve({
      ...pair,
      authMethods: ['XOAUTH2'],
      onAuth: ({ accessToken, username }, _session, done) =>
        done(null, accessToken === 'token' ? { user: username } : { data: { status: '401' } }),
    })
    const tls = { ca: certificate }
    const transport = transportTo(port, { tls, auth: { type: 'oauth2', user: 'shop@example.jp', accessToken: 'token' } })
    expect((await transport.send(mail)).kind).toBe('accepted')
    const expired = transportTo(port, { tls, auth: { type: 'oauth2', user: 'shop@example.jp', accessToken: 'old' } })
    expect((await expired.send(mail)).kind).toBe('transient')
  })

  it('with user and password from the address, percent-decoded', async () => {
    const seen: unknown[] = []
    const port = await serve({
      ...pair,
      onAuth: ({ username, password }, _session, done) => {
        seen.push(username, password)
        done(null, { user: username })
      },
    })
    await transportTo(port, { url: `smtp://shop%40example.jp:p%3Aw%2F@localhost:${port}`, tls: { ca: certificate } }).send(mail)
    expect(seen).toEqual(['shop@example.jp', 'p:w/'])
  })

  it('refused once is not tried again for each mail, so that no account is locked', async () => {
    let logins = 0
    const port = await serve({
      ...pair,
      onAuth: (_auth, _session, done) => {
        logins++
        done(new Error('Wrong password'))
      },
    })
    const transport = transportTo(port, { tls: { ca: certificate }, auth: { user: 'shop', pass: 'wrong' }, concurrency: 1 })
    const results = await Promise.all([1, 2, 3, 4].map(() => transport.send(mail)))
    expect(results.map(({ kind }) => kind)).toEqual(['transient', 'transient', 'transient', 'transient'])
    expect(results[3]).toMatchObject({
      retryAfter: expect.any(Number),
      answer: { code: 'EAUTH', text: expect.stringContaining('535') },
    })
    expect(logins).toBe(1)
    await expect(transport.verify()).rejects.toMatchObject({ code: 'transport.config', message: expect.stringContaining('auth') })
  })
})

describe('options that cannot work are refused at once', () => {
  const cases: readonly [SmtpTransportOptions, string][] = [
    [{}, 'url'],
    [{ url: 'https://example.jp' }, 'url'],
    [{ url: 'smtp://user:p%zz@host' }, 'url'],
    [{ host: 'a', concurrency: 0 }, 'concurrency'],
    [{ host: 'a', maxCallMs: Number.NaN }, 'maxCallMs'],
    [{ host: 'a', port: 70_000 }, 'port'],
    [{ host: 'a', clientName: 'a\r\nMAIL' }, 'clientName'],
    [{ host: 'a', dkim: { domain: 'example.jp', selector: 's', privateKey: 'none' } }, 'dkim.privateKey'],
    [{ host: 'a', dkim: { domain: 'example.jp', selector: 's', privateKey: certificateKey } }, 'dkim.privateKey'],
  ]
  for (const [options, option] of cases) {
    it(option, () => {
      expect(() => smtpTransport(options)).toThrow(expect.objectContaining({ code: 'transport.config', details: { option } }))
    })
  }
})
