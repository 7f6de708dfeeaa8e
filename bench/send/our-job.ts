import assert from 'node:assert/strict'
import { createTobiishi, silentLogger } from '@tobiishi/core'
import type { Storage } from '@tobiishi/core/ports'
import { mjml } from '@tobiishi/render-mjml'
import { smtpTransport } from '@tobiishi/transport-smtp'
import { model, newsletter } from '../fixtures/newsletter.ts'
import { recipientAt, recipients } from '../fixtures/recipients.ts'
import { baseUrl, secrets, sender } from '../fixtures/sender.ts'

export interface OurJob {
  /** Queues a broadcast to everyone (not timed), then sends it; mails a second from the first claim to the last finish. */
  round(): Promise<number>
  close(): Promise<void>
}

const everyone = model.segment('everyone', ({ attribute }) => attribute('points', '>=', 0))

/** The whole job on a storage: contacts with consent in the database, the broadcast queued, then claim, decide, render, mark, send, record. */
export const ourJob = async <Tx>(
  storage: Storage<Tx>,
  options: { readonly port: number; readonly connections: number; readonly mails: number },
): Promise<OurJob> => {
  const { port, connections, mails } = options
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
  const { taken } = await mail.contacts.identifyMany(
    recipients(mails).map(({ id, email, name, locale, timeZone, attributes }) => ({
      id,
      profile: { email, name, locale, timeZone, attributes, consent },
    })),
  )
  assert.equal(taken, mails)
  await mail.tick({ limit: 0 })

  return {
    round: async () => {
      const { id } = await mail.broadcasts.send({ template: newsletter, to: everyone, props: recipientAt(1).props })
      await mail.tick({ limit: 0 })
      assert.equal((await mail.reports.kpi({ broadcastId: id })).queued, mails, 'not everyone was queued')

      const started = performance.now()
      const report = await mail.tick()
      const seconds = (performance.now() - started) / 1_000

      const kpi = await mail.reports.kpi({ broadcastId: id })
      assert.deepEqual({ ...report, nextDueAt: null }, { ...nothing, sent: mails }, 'the pass reports something else')
      assert.deepEqual([kpi.sent, kpi.queued, kpi.failed, kpi.unknown], [mails, 0, 0, 0], 'the records say something else')
      return mails / seconds
    },
    close: () => mail.close(),
  }
}

const nothing = { advanced: 0, sent: 0, failed: 0, skipped: 0, retried: 0, unknown: 0, nextDueAt: null }
