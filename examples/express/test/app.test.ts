import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../app.ts'

const inbox: ParsedMail[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, _session, done) => {
    simpleParser(stream).then((mail) => {
      inbox.push(mail)
      done()
    }, done)
  },
})
const folder = mkdtempSync(join(tmpdir(), 'tobiishi-express-'))
let shop: Awaited<ReturnType<typeof createApp>>
let web: Server
let url = ''

const register = (user: object) =>
  fetch(`${url}/users`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(user) })

beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as AddressInfo
  shop = await createApp({
    database: join(folder, 'app.db'),
    smtpUrl: `smtp://127.0.0.1:${port}`,
    baseUrl: 'https://app.example.jp/mail',
    secret: 'a-secret-of-the-express-example-0123456789',
    addressKey: 'an-address-key-of-the-express-example-0123',
  })
  web = await new Promise((resolve) => {
    const server = shop.app.listen(0, '127.0.0.1', () => resolve(server))
  })
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
})

afterAll(async () => {
  web.closeAllConnections()
  await new Promise((resolve) => web.close(resolve))
  await shop.mail.close()
  shop.database.close()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
  rmSync(folder, { recursive: true, force: true })
})

describe('the Express example', () => {
  it('registers a user and welcomes them by mail', async () => {
    const answer = await register({ email: 'hanako@example.com', family: '山田', given: '花子', wantsMail: true })
    expect(answer.status).toBe(201)
    const report = await shop.mail.tick()
    expect(report.sent).toBe(1)
    expect(inbox[0]).toMatchObject({ subject: 'ご登録ありがとうございます' })
    expect(inbox[0]?.text).toContain('山田 花子 様')
  })

  it('does not mail who did not ask for it', async () => {
    expect((await register({ email: 'taro@example.com', family: '佐藤', given: '太郎' })).status).toBe(201)
    expect(await shop.mail.tick()).toMatchObject({ sent: 0, skipped: 1 })
  })

  it('rolls the contact back with the user', async () => {
    expect((await register({ email: 'hanako@example.com', family: '二重', given: '登録', wantsMail: true })).status).toBe(409)
    expect(await shop.mail.tick()).toMatchObject({ sent: 0 })
    expect(inbox).toHaveLength(1)
  })

  it('serves the unsubscribe page of that mail, and one POST ends it', async () => {
    const header = inbox[0]?.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line.replace(/\s+/g, ' ') ?? ''
    const path = new URL(/<(https:[^>]+)>/.exec(header)?.[1] ?? '').pathname
    const page = await fetch(url + path)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('配信停止')
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    }
    expect((await fetch(url + path, post)).status).toBe(200)
    const ledger = await shop.mail.consent.ledger('user-1')
    expect(ledger.map(({ kind }) => kind)).toEqual(['grant', 'withdraw'])
  })
})
