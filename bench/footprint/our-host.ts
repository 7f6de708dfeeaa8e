/**
 * A host app with our worker in its process, run as a child: prints what it feels while a broadcast goes out. Recipients are
 * made one by one and arrivals counted at the transport, so that what is felt and held is the SDK's and not the bench's.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStorage } from '@tobiishi/adapters-sqlite'
import { createTobiishi, silentLogger } from '@tobiishi/core'
import { mjml } from '@tobiishi/render-mjml'
import { smtpTransport } from '@tobiishi/transport-smtp'
import { model, newsletter } from '../fixtures/newsletter.ts'
import { recipientAt } from '../fixtures/recipients.ts'
import { baseUrl, secrets, sender } from '../fixtures/sender.ts'
import { countAccepted } from './count-accepted.ts'
import { watchLoop } from './watch-loop.ts'

const [port = 0, mails = 0, connections = 1] = process.argv.slice(2).map(Number)
const everyone = model.segment('everyone', ({ attribute }) => attribute('points', '>=', 0))
const consent = [{ basis: 'opt-in' as const, evidence: { source: 'bench' } }]
function* customers() {
  for (let n = 0; n < mails; n += 1) {
    const { id, email, name, locale, timeZone, attributes } = recipientAt(n)
    yield { id, profile: { email, name, locale, timeZone, attributes, consent } }
  }
}

const folder = await mkdtemp(join(tmpdir(), 'tobiishi-bench-'))
try {
  const storage = sqliteStorage({ database: join(folder, 'mail.db') })
  await storage.migrate()
  const smtp = smtpTransport({
    host: '127.0.0.1',
    port,
    concurrency: connections,
    maxMailsPerConnection: Number.MAX_SAFE_INTEGER,
  })
  const { transport, accepted } = countAccepted(smtp)
  const mail = createTobiishi({
    model,
    templates: [newsletter],
    storage,
    transport,
    markup: mjml(),
    senders: { default: sender },
    baseUrl,
    secrets,
    addressKey: 'the address key of the benches, 32 bytes or more',
    bounceAddress: 'bounce@example.jp',
    logger: silentLogger,
  })
  await mail.contacts.identifyMany(customers())
  const stop = new AbortController()
  const running = mail.run({ signal: stop.signal })
  const felt = await watchLoop(async () => {
    await mail.broadcasts.send({ template: newsletter, to: everyone, props: recipientAt(1).props })
    await accepted(mails)
    return mails
  })
  stop.abort()
  await running
  await mail.close()
  console.log(JSON.stringify(felt))
} finally {
  await rm(folder, { recursive: true, force: true })
}
