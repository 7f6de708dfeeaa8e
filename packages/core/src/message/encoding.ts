import { escapeHtml } from '../domain/reference/escape-html.ts'

/** How the pieces of a body are written. Each method's result can be joined with any other's. */
export interface Encoding {
  /** Text as it stands in the template. */
  literal(text: string): string
  /** A value in plain text. */
  plain(value: string): string
  /** A value in HTML: escaped for text and for quoted attributes. */
  html(value: string): string
}

/** Nothing is encoded: what a reader's program sees after decoding, line ends as CRLF. */
export const decoded: Encoding = {
  literal: (text) => toCrlf(text),
  plain: (value) => toCrlf(value),
  html: (value) => escapeHtml(toCrlf(value)),
}

const toCrlf = (text: string): string => text.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n')
