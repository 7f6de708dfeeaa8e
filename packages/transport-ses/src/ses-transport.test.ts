import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SESv2Client } from '@aws-sdk/client-sesv2'
import type { OutgoingMail, TransportResult } from '@tobiishi/core/ports'
import { afterEach, describe, expect, it } from 'vitest'
import { sesWorld } from '../test/ses-world.ts'
import { messageTag, sesTransport } from './index.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const mail: OutgoingMail = {
  messageId: '202601-abc_DEF-1',
  envelope: { from: 'shop@example.jp', to: 'taro@example.jp' },
  raw: Buffer.from('From: shop@example.jp\r\nTo: taro@example.jp\r\nSubject: x\r\n\r\nbody\r\n'),
}
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

async function serve(listener: RequestListener): Promise<{ endpoint: string; requests: () => number }> {
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    request.resume().on('end', () => listener(request, response))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests }
}

/** What becomes of a mail to which SES answers so, through a client that is set to retry. */
async function answered(
  status: number,
  name: string,
  message: string,
  headers: Record<string, string> = {},
): Promise<TransportResult> {
  const { endpoint, requests } = await serve((_request, response) => {
    response.writeHead(status, { 'x-amzn-errortype': name, 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ message }))
  })
  const client = new SESv2Client({ region: 'ap-northeast-1', endpoint, credentials, maxAttempts: 4 })
  const result = await sesTransport({ client }).send(mail)
  client.destroy()
  expect(requests()).toBe(1)
  return result
}

it('tags the mail with its message id and names the configuration set', async () => {
  const world = await sesWorld({}, { configurationSet: 'mail-events' })
  closers.push(world.close)
  const result = await world.transport.send(mail)
  expect(result).toMatchObject({ kind: 'accepted', providerId: expect.any(String), answer: { code: '200' } })
  expect(world.requests).toMatchObject([
    { ConfigurationSetName: 'mail-events', EmailTags: [{ Name: messageTag, Value: '202601-abc_DEF-1' }] },
  ])
})

describe('what an answer means, one request a call even where the client would retry', () => {
  const cases: readonly [number, string, string, object][] = [
    [400, 'MessageRejected', 'Email contains a virus.', { kind: 'rejected', bounceClass: 'message' }],
    [400, 'MessageRejected', 'Email address is not verified: shop@example.jp', { kind: 'transient' }],
    [400, 'BadRequestException', 'Domain contains illegal character', { kind: 'rejected', bounceClass: 'message' }],
    [400, 'BadRequestException', 'Something else', { kind: 'transient' }],
    [400, 'AccountSuspendedException', 'Suspended', { kind: 'transient' }],
    [400, 'MailFromDomainNotVerifiedException', 'Not verified', { kind: 'transient' }],
    [400, 'SendingPausedException', 'Paused', { kind: 'transient' }],
    [404, 'NotFoundException', 'No configuration set', { kind: 'transient' }],
    [403, 'AccessDeniedException', 'No permission', { kind: 'transient' }],
    [429, 'TooManyRequestsException', 'Maximum sending rate exceeded.', { kind: 'transient', retryAfter: 1_000 }],
    [400, 'LimitExceededException', 'Daily message quota exceeded.', { kind: 'transient', retryAfter: 3_600_000 }],
    [503, 'ServiceUnavailable', 'Busy', { kind: 'transient', retryAfter: 1_000 }],
    [500, 'InternalFailure', 'Unknown', { kind: 'ambiguous' }],
    [504, 'GatewayTimeout', 'Nobody knows', { kind: 'ambiguous' }],
  ]
  for (const [status, name, message, outcome] of cases) {
    it(`${status} ${name}: ${message}`, async () => {
      const result = await answered(status, name, message)
      expect(result).toMatchObject({ ...outcome, answer: { code: name, data: { status } } })
      expect(JSON.stringify(result)).not.toContain('@example.jp')
    })
  }

  it('waits as long as SES asks', async () => {
    expect(await answered(429, 'TooManyRequestsException', 'Slow down', { 'retry-after': '7' })).toMatchObject({
      retryAfter: 7_000,
    })
  })

  it('a broken connection is one request too: ambiguous', async () => {
    const { endpoint, requests } = await serve((request) => request.socket.destroy())
    const client = new SESv2Client({ region: 'ap-northeast-1', endpoint, credentials, maxAttempts: 4 })
    expect((await sesTransport({ client }).send(mail)).kind).toBe('ambiguous')
    client.destroy()
    expect(requests()).toBe(1)
  })
})

it('missing credentials are ours to mend: transient, and verify says so', async () => {
  const failing = async (): Promise<never> => {
    throw Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' })
  }
  const transport = sesTransport({ config: { region: 'ap-northeast-1', credentials: failing } })
  closers.push(() => transport.close())
  expect((await transport.send(mail)).kind).toBe('transient')
  await expect(transport.verify()).rejects.toMatchObject({
    code: 'transport.config',
    message: expect.stringContaining('credentials'),
  })
})

it('refuses options that cannot work', () => {
  expect(() => sesTransport({ concurrency: 0 })).toThrow(expect.objectContaining({ code: 'transport.config' }))
})
