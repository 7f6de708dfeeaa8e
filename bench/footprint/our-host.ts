/** A host app with our worker in its process, run as a child: prints what it feels while a broadcast goes out. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sqliteStorage } from '@tobiishi/adapters-sqlite'
import { createTobiishi, silentLogger } from '@tobiishi/core'
import { mjml } from '@tobiishi/render-mjml'
import { smtpTransport } from '@tobiishi/transport-smtp'
import { model, newsletter } from '../fixtures/newsletter.ts'
import { recipientAt, recipients } from '../fixtures/recipients.ts'
import { baseUrl, secrets, sender } from '../fixtures/sender.ts'
import { watchLoop } from './watch-loop.ts'

const [port = 0, mails = 0, connections = 1] = process.argv.slice(2).map(Number)
const everyone = model.segment('everyone', ({ attribute }) => attribute('points', '>=', 0))
const folder = await mkdtemp(join(tmpdir(), 'tobiishi-bench-'))
try {
  const storage = sqliteStorage({ database: join(folder, 'mail.db') })
  await storage.migrate()
  const mail = createTobiishi({
    model,
    templates: [newsletter],
    storage,
    transport: smtpTransport({
      host: '127.0.0.1',
      port,
      concurrency: connections,
      maxMailsPerConnection: Number.MAX_SAFE_INTEGER,
    }),
    markup: mjml(),
    senders: { default: sender },
    baseUrl,
    secrets,
    addressKey: 'the address key of the benches, 32 bytes or more',
    bounceAddress: 'bounce@example.jp',
    logger: silentLogger,
  })
  const consent = [{ basis: 'opt-in' as const, evidence: { source: 'bench' } }]
  await mail.contacts.identifyMany(
    recipients(mails).map(({ id, email, name, locale, timeZone, attributes }) => ({
      id,
      profile: { email, name, locale, timeZone, attributes, consent },
    })),
  )
  const stop = new AbortController()
  const running = mail.run({ signal: stop.signal })
  const felt = await watchLoop(async () => {
    const { id } = await mail.broadcasts.send({ template: newsletter, to: everyone, props: recipientAt(1).props })
    for (let sent = 0; sent < mails; await sleep(100)) sent = (await mail.reports.kpi({ broadcastId: id })).sent
    return mails
  })
  stop.abort()
  await running
  await mail.close()
  console.log(JSON.stringify(felt))
} finally {
  await rm(folder, { recursive: true, force: true })
}
