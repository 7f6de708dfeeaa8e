import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { ReceivedMail, ServerBehaviour, TransportWorld, TransportWorldOptions } from '@tobiishi/conformance'
import { type SesTransportOptions, sesTransport } from '../src/index.ts'

/** The body of SESv2 SendEmail, as far as it matters here. */
export interface SesRequest {
  readonly ConfigurationSetName?: string
  readonly Content: { readonly Raw: { readonly Data: string } }
  readonly Destination: { readonly ToAddresses: readonly string[] }
  readonly EmailTags: readonly { readonly Name: string; readonly Value: string }[]
}

const { default: startLocalSes }: typeof import('aws-ses-v2-local') = createRequire(import.meta.url)('aws-ses-v2-local')

const refusals: { readonly [B in ServerBehaviour]?: readonly [status: number, name: string, message: string] } = {
  'reject-mail': [400, 'MessageRejected', 'The message contains a virus.'],
  'defer-mail': [429, 'TooManyRequestsException', 'Too many requests from taro.yamada@recipient.example'],
  'refuse-login': [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
}

const account = {
  DedicatedIpAutoWarmupEnabled: true,
  Details: {
    AdditionalContactEmailAddresses: [],
    ContactLanguage: 'JA',
    MailType: 'MARKETING',
    ReviewDetails: { CaseId: '1', Status: 'GRANTED' },
    UseCaseDescription: '',
    WebsiteURL: 'https://example.jp',
  },
  EnforcementStatus: 'HEALTHY',
  ProductionAccessEnabled: true,
  SendingEnabled: true,
  SendQuota: { Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: 0 },
  SuppressionAttributes: { SuppressedReasons: [] },
}

/** aws-ses-v2-local behind a proxy that sees what was asked and can be told to misbehave. */
class ObedientSes {
  behaviour: ServerBehaviour = 'accept'
  readonly requests: SesRequest[] = []
  readonly received: ReceivedMail[] = []
  completeMails = 0
  peak = 0
  #underWay = 0
  #ses: Server | null = null
  readonly #proxy = createServer((request, response) => void this.#handle(request, response))

  async listen(): Promise<string> {
    process.env.AWS_SES_ACCOUNT = JSON.stringify(account)
    this.#ses = await startLocalSes({ host: '127.0.0.1', port: 0 })
    await once(this.#proxy.listen(0, '127.0.0.1'), 'listening')
    return origin(this.#proxy)
  }

  async end(): Promise<void> {
    for (const server of [this.#proxy, this.#ses]) {
      if (!server?.listening) continue
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay++
    this.peak = Math.max(this.peak, this.#underWay)
    const body = await buffer(request)
    const mail: SesRequest | null = request.url?.endsWith('/outbound-emails') ? JSON.parse(body.toString()) : null
    if (mail !== null) {
      this.completeMails++
      this.requests.push(mail)
    }
    if (this.behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, 50))
    this.#underWay--
    if (this.behaviour === 'drop-after') request.socket.destroy()
    else if (this.behaviour !== 'stall-after') await this.#answer(request, body, response, mail)
  }

  async #answer(request: IncomingMessage, body: Buffer, response: ServerResponse, mail: SesRequest | null): Promise<void> {
    const refusal = refusals[this.behaviour]
    if (refusal !== undefined) {
      const [status, name, message] = refusal
      response
        .writeHead(status, { 'x-amzn-errortype': name, 'content-type': 'application/json' })
        .end(JSON.stringify({ message }))
      return
    }
    const { authorization = '' } = request.headers
    const answer = await fetch(`${origin(this.#ses)}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { authorization, 'content-type': 'application/json' },
      ...(mail === null ? {} : { body: new Uint8Array(body) }),
    })
    if (mail !== null && answer.ok) {
      this.received.push({ from: null, to: mail.Destination.ToAddresses, raw: Buffer.from(mail.Content.Raw.Data, 'base64') })
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  }
}

const origin = (server: Server | null): string => `http://127.0.0.1:${(server?.address() as AddressInfo | null)?.port}`

export interface SesWorld extends TransportWorld {
  readonly requests: readonly SesRequest[]
}

export async function sesWorld(limits: Partial<TransportWorldOptions>, options: SesTransportOptions = {}): Promise<SesWorld> {
  const ses = new ObedientSes()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const config = { region: 'ap-northeast-1', endpoint: await ses.listen(), credentials }
  const transport = sesTransport({ config, ...limits, ...options })
  return {
    transport,
    requests: ses.requests,
    behave: async (behaviour) => {
      ses.behaviour = behaviour
      if (behaviour === 'unreachable') await ses.end()
    },
    received: async () => ses.received,
    get completeMails() {
      return ses.completeMails
    },
    get peak() {
      return ses.peak
    },
    close: async () => {
      await ses.end()
      await transport.close()
    },
  }
}
