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

/** As links of plain text are found when a mail is prepared. */
const addressInText = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%\ufffc]+/gi

const addressesIn = (said: string): readonly string[] =>
  [...said.matchAll(addressInText)].map(([address]) => address.replace(/[.,;:!?'")\]*]+$/, ''))

/** Elements that bring links of their own: defaults of MJML, and components of the app. */
const bringsLinks = /<mj-(?:attributes|include)\b|<(?!mj-)[a-z]+-/i

/** MJML may make two links of one: an icon and its name. */
const mayBeLink = /\bhref\s*=|<mj-(?:social-element|carousel-image|navbar-link)\b/gi

const mostInMarkup = (said: string): number =>
  bringsLinks.test(said) ? Number.POSITIVE_INFINITY : [...said.matchAll(mayBeLink)].length

/**
 * More links than this no mail of this template has: of text just as many, of markup at least as many. Those of the footer have no
 * numbers.
 */
export const mostLinks = ({ body, text }: DeclaredTemplate): number => {
  const plain = body.syntax === 'text' ? textOf(body) : text === null ? '' : textOf(text)
  const addresses = addressesIn(plain)
  const own = addresses.filter((address, index) => address.includes(slot) || addresses.indexOf(address) === index)
  return own.length + (body.syntax === 'text' ? 0 : mostInMarkup(textOf(body)))
}

/** Whether a mail of this template may have a link with this address, as far as its text shows without being prepared. */
export const mayHaveLink = ({ body, text }: DeclaredTemplate, link: string): boolean => {
  const said = `${textOf(body)} ${text === null ? '' : textOf(text)}`.replaceAll('&amp;', '&')
  return said.includes(link) || madeAddress.test(said)
}
