import { sqliteStorage } from '@tobiishi/adapters-sqlite'
import { createConsoleLogger, createTobiishi } from '@tobiishi/core'
import { isHoliday } from '@tobiishi/core/calendars/jp'
import type { Clock } from '@tobiishi/core/ports'
import { mjml } from '@tobiishi/render-mjml'
import { smtpTransport } from '@tobiishi/transport-smtp'
import { model } from './model.ts'
import { education, welcomeSeries, winBack } from './scenarios.ts'
import { newsletter } from './templates.ts'

export const baseUrl = 'https://shop.example.jp/mail'

/** The shop's mail: what an app would have in its own `mail/index.ts`. Only the clock is special: this one can be moved. */
export const createMail = (options: { readonly database: string; readonly smtpUrl: string; readonly clock: Clock }) => {
  const storage = sqliteStorage({ database: options.database })
  const mail = createTobiishi({
    model,
    scenarios: [welcomeSeries, education, winBack],
    templates: [newsletter],
    storage,
    transport: smtpTransport({ url: options.smtpUrl, concurrency: 10 }),
    markup: mjml(),
    clock: options.clock,
    logger: createConsoleLogger({ level: 'error' }),
    senders: {
      default: {
        legalName: '株式会社飛石(架空)',
        displayName: '飛石ショップ',
        email: 'news@shop.example.jp',
        replyTo: 'help@shop.example.jp',
        postalAddress: '〒100-0000 東京都千代田区架空町1-2-3',
        contact: '03-0000-0000',
      },
    },
    baseUrl,
    bounceAddress: 'bounces@shop.example.jp',
    secrets: [{ id: 'k1', value: 'quickstart-secret-of-the-fictitious-shop-0001' }],
    addressKey: 'quickstart-address-key-of-the-fictitious-shop',
    timeZone: 'Asia/Tokyo',
    jurisdiction: 'JP',
    audience: 'consumer',
    attribution: { events: ['order.placed'] },
    isHoliday,
  })
  return { mail, storage }
}

export type Mail = ReturnType<typeof createMail>['mail']
