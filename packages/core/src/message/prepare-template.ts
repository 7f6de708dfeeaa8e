import { createHash } from 'node:crypto'
import type { DeclaredTemplate } from '../define/declared.ts'
import type { JsonObject } from '../domain/json.ts'
import { TobiishiError } from '../errors/index.ts'
import { checkSender } from './check-sender.ts'
import { hasFooter } from './lay-out.ts'
import { createMailWriter } from './mail-writer.ts'
import { prepareContent } from './prepare-content.ts'
import type { PrepareOptions } from './prepare-options.ts'
import type { PreparedTemplate } from './prepared-template.ts'
import { isWireAddress } from './wire-address.ts'

/** Part of the hash: raised when the same sources would give another mail. */
const format = 1

/**
 * Prepares a template for `compose`: renders the markup once (once per language where it has `footer()`), checks where slots
 * stand, numbers the links, adds pixel, preheader and text part, and encodes everything that is the same in every mail.
 *
 * Links to http and https are numbered in the HTML and in text written by hand, and lead through `baseUrl`; unsubscribe, mailto,
 * tel and anchors never. A text-only mail has no pixel; its links are numbered too, since clicks are all it can tell.
 *
 * Throws `template.invalid` (with the path), `template.missing_legal` for marketing mail whose body or own text has no `footer()`
 * outside `when` and `each`, `config.invalid` for a sender or base URL that cannot be used.
 */
export const prepareTemplate = async (declared: DeclaredTemplate, options: PrepareOptions): Promise<PreparedTemplate> => {
  checkSender(options.sender, declared.sender)
  checkBaseUrl(options.baseUrl)
  checkAddress('bounceAddress', options.bounceAddress)
  checkAddress('unsubscribeMailto', options.unsubscribeMailto ?? null)
  checkLegal(declared)
  const source = sourceOf(declared)
  const content = await prepareContent(declared, options)
  const write = createMailWriter(declared, content, options)
  return {
    name: declared.name,
    hash: createHash('sha256')
      .update(
        JSON.stringify({
          format,
          name: declared.name,
          purpose: declared.purpose,
          topic: declared.topic,
          source,
          sender: options.sender,
        }),
      )
      .digest('hex'),
    purpose: declared.purpose,
    topic: declared.topic,
    isHtml: declared.body.syntax === 'mjml',
    links: content.links,
    source,
    compose: write.compose,
    preview: write.preview,
  }
}

/** Fragments are JSON by their type; going through JSON also drops what is undefined. */
const sourceOf = ({ subject, preheader, body, text }: DeclaredTemplate): JsonObject =>
  JSON.parse(JSON.stringify({ subject, preheader, body, text })) as JsonObject

const checkLegal = ({ name, purpose, body, text }: DeclaredTemplate): void => {
  if (purpose !== 'marketing') return
  for (const [part, fragment] of [
    ['body', body],
    ['text', text],
  ] as const) {
    if (fragment === null || hasFooter(fragment)) continue
    throw new TobiishiError(
      'template.missing_legal',
      `The ${part} of the marketing template "${name}" lacks footer(): place it once, outside when() and each().`,
      { details: { template: name, path: part } },
    )
  }
}

const checkBaseUrl = (baseUrl: string): void => {
  if (/^https?:\/\/[A-Za-z0-9.:[\]-]+(?:\/[A-Za-z0-9._~/%-]*[^/])?$/.test(baseUrl)) return
  throw new TobiishiError(
    'config.invalid',
    'baseUrl must be an http or https address without query and trailing slash, such as https://example.jp/mail.',
    { details: { path: 'baseUrl' } },
  )
}

const checkAddress = (path: string, address: string | null): void => {
  if (address === null || isWireAddress(address)) return
  throw new TobiishiError('config.invalid', `${path} is not an address that mail can carry.`, { details: { path } })
}
