import { mjml as mjmlMarkup } from '@tobiishi/render-mjml'
import type { DeclaredTemplate } from '../../src/define/declared.ts'
import {
  type ComposeInput,
  createSigner,
  type PreparedTemplate,
  type PrepareOptions,
  prepareTemplate,
  type Sender,
} from '../../src/message/index.ts'

export const sender: Sender = {
  legalName: '株式会社飛石',
  displayName: '飛石ショップ',
  email: 'news@example.jp',
  replyTo: 'help@example.jp',
  postalAddress: '100-0001 東京都千代田区千代田1-1',
  contact: '03-0000-0000',
}

export const signer = createSigner([{ id: 'k1', value: 'a secret of thirty-two bytes or more' }])

const markup = mjmlMarkup()

export const prepare = (declared: DeclaredTemplate, options: Partial<PrepareOptions> = {}): Promise<PreparedTemplate> =>
  prepareTemplate(declared, {
    toHtml: markup.toHtml,
    sender,
    signer,
    baseUrl: 'https://example.jp/mail',
    bounceAddress: null,
    audience: 'consumer',
    jurisdiction: 'JP',
    defaultLocale: 'ja',
    ...options,
  })

export const input = (parts: Partial<ComposeInput> = {}): ComposeInput => ({
  messageId: 'Zm9vYmFyYmF6cXV4',
  contactId: 'c_1',
  recipient: { email: 'hanako@example.com', name: { family: '山田', given: '花子' }, locale: 'ja', timeZone: 'Asia/Tokyo' },
  contact: {},
  props: {},
  now: Date.UTC(2026, 0, 5, 1, 0, 0),
  ...parts,
})
