import { escapeHtml } from '../domain/reference/escape-html.ts'
import type { Encoding } from './encoding.ts'

/** Characters of a line before its soft break; the break's `=` is the 76th (RFC 2045 §6.7). */
const lineLength = 75
const softBreak = '=\r\n'

/** What each UTF-16 unit is written as; filled on first use. Surrogates are written in pairs, elsewhere. */
type Units = string[]

const hex = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)

const encodeBytes = (text: string): string => {
  let encoded = ''
  for (const byte of Buffer.from(text, 'utf8')) encoded += hex[byte]
  return encoded
}

const isLiteral = (unit: number): boolean => (unit >= 32 && unit <= 126 && unit !== 61) || unit === 9

const plainUnit = (unit: number): string => (isLiteral(unit) ? String.fromCharCode(unit) : encodeBytes(String.fromCharCode(unit)))

const htmlUnit = (unit: number): string =>
  escapeHtml(String.fromCharCode(unit)).length === 1 ? plainUnit(unit) : escapeHtml(String.fromCharCode(unit))

/**
 * Text as quoted-printable (RFC 2045) that begins and ends at the start of a line, so that encoded texts can be joined in any
 * order. Line ends become CRLF, white space before them is encoded, as is a dot that begins a line. Lone surrogates become
 * U+FFFD. No character is cut by a soft break.
 */
const encode = (text: string, units: Units, unitOf: (unit: number) => string): string => {
  let encoded = ''
  let column = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 10 || unit === 13) {
      if (unit === 13 && text.charCodeAt(at + 1) === 10) at++
      encoded = `${column > 0 ? withoutTrailingSpace(encoded, column) : encoded}\r\n`
      column = 0
      continue
    }
    let written: string
    if (unit >= 0xd800 && unit <= 0xdfff) {
      written = encodeBytes(text.slice(at, at + 2).isWellFormed() ? text.slice(at, ++at + 1) : '\ufffd')
    } else {
      written = units[unit] ??= unitOf(unit)
      if (column === 0 && unit === 46) written = '=2E'
    }
    if (column + written.length > lineLength) {
      encoded += softBreak
      column = 0
      if (unit === 46) written = '=2E'
    }
    encoded += written
    column += written.length
  }
  return column > 0 ? encoded + softBreak : encoded
}

/** White space at the end of a line gets lost on the way. */
const withoutTrailingSpace = (encoded: string, column: number): string => {
  const last = encoded.charCodeAt(encoded.length - 1)
  if (last !== 32 && last !== 9) return encoded
  return encoded.slice(0, -1) + (column + 2 > lineLength ? softBreak : '') + hex[last]
}

const plainUnits: Units = []
const htmlUnits: Units = []

/** Letters that are written as they are, in HTML too. Most values and all addresses are made of these alone. */
const isPlain = /^[A-Za-z0-9 ,_/:;+*()!?@%#~.-]+$/

const plain = (text: string): string => (isPlain.test(text) ? cut(text) : encode(text, plainUnits, plainUnit))

/** Plain text in lines; no line begins with a dot. */
const cut = (text: string): string => {
  if (text.length <= lineLength && text.charCodeAt(0) !== 46) return text + softBreak
  let lines = ''
  let from = 0
  while (from < text.length) {
    const isDot = text.charCodeAt(from) === 46
    const end = from + (isDot ? lineLength - 2 : lineLength)
    lines += (isDot ? `=2E${text.slice(from + 1, end)}` : text.slice(from, end)) + softBreak
    from = end
  }
  return lines
}

export const quotedPrintable: Encoding = {
  literal: plain,
  plain,
  html: (value) => (isPlain.test(value) ? cut(value) : encode(value, htmlUnits, htmlUnit)),
}
