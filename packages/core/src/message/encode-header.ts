import { TobiishiError } from '../errors/index.ts'

/** Columns of a header line that has encoded-words (RFC 2047 §2). */
const lineLength = 76
const wordFrame = '=?UTF-8?B??='.length
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const control = /[\x00-\x1f\x7f]/

export const hasControl = (value: string): boolean => control.test(value)

/** Throws `render.failed` (the header's name, never the value) for text that would begin a header of its own. */
export const refuseControl = (value: string, name: string): string => {
  if (!hasControl(value)) return value
  throw new TobiishiError('render.failed', `${name} has a line break or another control character: remove it from the value.`, {
    details: { path: name },
  })
}

/** A header of free text, `Name: text` with CRLF: folded, and in encoded-words (RFC 2047) where the text is not plain ASCII. */
export const encodeHeader = (name: string, value: string): string => {
  refuseControl(value, name)
  const column = name.length + 2
  return `${name}: ${isPlain(value) ? fold(value, column) : encodeWords(value, column)}\r\n`
}

/** A mailbox header: the display name as atoms, a quoted string or encoded-words, then the address, which is checked already. */
export const encodeMailbox = (name: string, displayName: string, address: string): string => {
  refuseControl(displayName, name)
  if (displayName === '') return `${name}: ${address}\r\n`
  const column = name.length + 2
  const isShort = displayName.length + column <= lineLength
  if (isShort && /^[A-Za-z0-9 !#$%&'*+\-/^_`{|}~]+$/.test(displayName) && isPlain(displayName)) {
    return `${name}: ${displayName} <${address}>\r\n`
  }
  if (isShort && isPlain(displayName)) return `${name}: "${displayName.replace(/["\\]/g, '\\$&')}" <${address}>\r\n`
  return `${name}: ${encodeWords(displayName, column)}\r\n <${address}>\r\n`
}

/** ASCII that survives folding at its spaces and cannot be taken for an encoded-word. */
const isPlain = (value: string): boolean =>
  /^[\x21-\x7e]*(?: [\x21-\x7e]+)*$/.test(value) && !value.includes('=?') && !/[^ ]{61}/.test(value)

const fold = (value: string, column: number): string => {
  if (column + value.length <= lineLength) return value
  let folded = ''
  let length = column - 1
  for (const word of value.split(' ')) {
    const isFirst = folded === ''
    const isFull = length + 1 + word.length > lineLength
    folded += isFirst ? word : isFull ? `\r\n ${word}` : ` ${word}`
    length = !isFirst && isFull ? word.length + 1 : length + 1 + word.length
  }
  return folded
}

/** Base64 words of whole characters, each on a line of its own; a reader joins them without the breaks between. */
const encodeWords = (value: string, column: number): string => {
  const words: string[] = []
  let room = bytesIn(column)
  let chunk = ''
  let bytes = 0
  for (const character of value.toWellFormed()) {
    const size = utf8Length(character)
    if (bytes + size > room) {
      words.push(encodeWord(chunk))
      chunk = ''
      bytes = 0
      room = bytesIn(1)
    }
    chunk += character
    bytes += size
  }
  words.push(encodeWord(chunk))
  return words.join('\r\n ')
}

const encodeWord = (text: string): string => `=?UTF-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`

/** Bytes of text that fit into an encoded-word of at most 75 characters that begins at this column. */
const bytesIn = (column: number): number => Math.floor((Math.min(75, lineLength - column) - wordFrame) / 4) * 3

const utf8Length = (character: string): number => {
  const point = character.codePointAt(0) ?? 0
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
}
