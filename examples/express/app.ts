import { sqliteStorage } from '@tobiishi/adapters-sqlite'
import { createTobiishi, toNodeHandler } from '@tobiishi/core'
import { mjml } from '@tobiishi/render-mjml'
import { smtpTransport } from '@tobiishi/transport-smtp'
import Database from 'better-sqlite3'
import express from 'express'
import * as z from 'zod'
import { model } from './mail/model.ts'
import { onboarding } from './mail/scenarios.ts'

const Registration = z.object({
  email: z.email(),
  family: z.string().min(1),
  given: z.string().min(1),
  wantsMail: z.boolean().default(false),
})

export interface AppOptions {
  readonly database: string
  readonly smtpUrl: string
  readonly baseUrl: string
  readonly secret: string
  readonly addressKey: string
}

/** A small shop with a users table of its own; Tobiishi lives in the same database file and the same process. */
export const createApp = async (options: AppOptions) => {
  const database = new Database(options.database)
  database.pragma('journal_mode = WAL')
  database.exec(
    'CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, family TEXT NOT NULL, given TEXT NOT NULL)',
  )

  const storage = sqliteStorage({ database })
  const mail = createTobiishi({
    model,
    scenarios: [onboarding],
    storage,
    transport: smtpTransport({ url: options.smtpUrl }),
    markup: mjml(),
    senders: {
      default: {
        legalName: '株式会社飛石',
        displayName: '飛石ショップ',
        email: 'news@example.jp',
        replyTo: 'help@example.jp',
        postalAddress: '東京都千代田区架空町1-2-3',
        contact: '03-0000-0000',
      },
    },
    baseUrl: options.baseUrl,
    secrets: [{ id: 'k1', value: options.secret }],
    addressKey: options.addressKey,
    timeZone: 'Asia/Tokyo',
    jurisdiction: 'JP',
    audience: 'consumer',
  })
  await storage.migrate()

  const app = express()
  app.use('/mail', toNodeHandler(mail))

  /** The user, the contact, the consent and the event are one transaction: all of them or none. */
  app.post('/users', express.json(), async (request, response) => {
    const parsed = Registration.safeParse(request.body)
    if (!parsed.success) return void response.status(400).json({ error: z.prettifyError(parsed.error) })
    const { email, family, given, wantsMail } = parsed.data
    database.exec('BEGIN IMMEDIATE')
    try {
      const { lastInsertRowid } = database
        .prepare('INSERT INTO users (email, family, given) VALUES (?, ?, ?)')
        .run(email, family, given)
      const id = `user-${lastInsertRowid}`
      const consent = wantsMail
        ? [
            {
              basis: 'opt-in' as const,
              evidence: { source: 'form:/users', statement: 'お知らせメールを受け取る', url: request.originalUrl },
            },
          ]
        : []
      const identified = mail.contacts.identify(
        id,
        { email, name: { family, given }, locale: 'ja', attributes: { plan: 'free' }, consent },
        { tx: database },
      )
      const tracked = mail.track(id, 'user.registered', { plan: 'free' }, { id: `registered-${id}`, tx: database })
      await Promise.all([identified, tracked])
      database.exec('COMMIT')
      response.status(201).json({ id })
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      response.status(409).json({ error: 'This user could not be registered.' })
      if (!(error instanceof Database.SqliteError)) throw error
    }
  })
  return { app, mail, database }
}
