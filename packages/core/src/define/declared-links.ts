import type { DeclaredTemplate } from './declared.ts'
import type { FragmentData } from './fragment.ts'

/** Stands where a template puts a value in. */
const slot = '\ufffc'

/** All that a fragment may say, one branch after the other. */
const textOf = ({ parts }: FragmentData): string =>
  parts
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return part.text
        case 'fragment':
          return textOf(part.fragment)
        case 'when':
          return `${textOf(part.yes)} ${part.no === null ? '' : textOf(part.no)}`
        case 'each':
          return textOf(part.item)
        default:
          return slot
      }
    })
    .join('')

/** An address into which a value is put: what it becomes is known with the mail only. */
const madeAddress = /(?:href\s*=\s*["']?|https?:\/\/[^\s"'<>]*)\ufffc/

/** Whether a mail of this template may have a link with this address, as far as its text shows without being prepared. */
export const mayHaveLink = ({ body, text }: DeclaredTemplate, link: string): boolean => {
  const said = `${textOf(body)} ${text === null ? '' : textOf(text)}`.replaceAll('&amp;', '&')
  return said.includes(link) || madeAddress.test(said)
}
