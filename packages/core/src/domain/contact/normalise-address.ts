import { carrierOf } from './carriers.ts'

/** Why an address is refused; stable codes for error lists. */
export type AddressProblem =
  | 'empty'
  | 'several-addresses'
  | 'control-characters'
  | 'invisible-characters'
  | 'no-at-sign'
  | 'non-ascii-local-part'
  | 'bad-local-part'
  | 'bad-domain'
  | 'too-long'

/** What each problem says to the person who has to mend the address. */
export const addressProblems: { readonly [P in AddressProblem]: string } = {
  empty: 'There is no address.',
  'several-addresses': 'There is more than one address: give exactly one.',
  'control-characters': 'The address contains control characters: remove them.',
  'invisible-characters': 'The address contains invisible or text-direction characters: type it again.',
  'no-at-sign': 'The address has no part before or after the @.',
  'non-ascii-local-part': 'The part before the @ contains characters other than ASCII, which mail servers refuse.',
  'bad-local-part': 'The part before the @ contains characters or dots that are not allowed there.',
  'bad-domain': 'The part after the @ is not a domain name.',
  'too-long': 'The address is longer than mail servers accept (64 before the @, 254 in all).',
}

export type NormalisedAddress =
  | {
      readonly kind: 'address'
      /** The address to mail: local part as typed, domain in lower-case A-labels. */
      readonly email: string
      /** The form that is compared and unique: all in lower case. */
      readonly emailKey: string
      readonly domain: string
    }
  | { readonly kind: 'refused'; readonly problem: AddressProblem }

const refused = (problem: AddressProblem): NormalisedAddress => ({ kind: 'refused', problem })

const foldFullWidth = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (char) => char.normalize('NFKC')).replaceAll('\u3000', ' ')

const holdsSeveral = (text: string): boolean => text.split(/[\s,;、|]+/).filter((piece) => piece.includes('@')).length > 1

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u
const atoms = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/
const misplacedDots = /^\.|\.\.|\.$/
const hostname = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=.*[a-z])[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/

/** Lower-case A-labels (UTS 46 as in the URL standard), null if it is no host name of two labels or more. */
const toAsciiDomain = (domain: string): string | null => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: any ASCII but letters, digits, dot and hyphen would mean something to the URL parser
  if (/[\u0000-\u002c/:-@[-`{-\u007f]/.test(domain)) return null
  const url = URL.parse(`http://${domain}`)
  return url !== null && url.hostname.length <= 253 && hostname.test(url.hostname) ? url.hostname : null
}

const issuedMisplacedDots = (domain: string): boolean => ['docomo', 'au'].includes(carrierOf(domain) ?? '')

/**
 * An address as people type it, in the form to mail and the form to compare. Trims (ideographic spaces too), folds full-width
 * ASCII and `＠`, puts the domain into lower-case A-labels; the local part keeps its case. Dots where RFC 5321 has none
 * (`a..b@`, `abc.@`) pass for docomo and au only, who issued them until about 2009. Gmail's dots and `+tags` stay: they are
 * other addresses. Refuses, never repairs: bidi, zero-width and control characters, non-ASCII local parts, two addresses.
 */
export const normaliseAddress = (input: string): NormalisedAddress => {
  if (typeof input !== 'string') return refused('empty')
  const text = foldFullWidth(input).trim()
  if (text === '') return refused('empty')
  if (holdsSeveral(text)) return refused('several-addresses')
  if (control.test(text)) return refused('control-characters')
  if (invisible.test(text)) return refused('invisible-characters')
  const at = text.lastIndexOf('@')
  if (at <= 0 || at === text.length - 1) return refused('no-at-sign')

  const local = text.slice(0, at).replace(/^"(.*)"$/, '$1')
  if (/[^\u0020-\u007e]/.test(local)) return refused('non-ascii-local-part')
  if (!atoms.test(local)) return refused('bad-local-part')
  const domain = toAsciiDomain(text.slice(at + 1))
  if (domain === null) return refused('bad-domain')
  if (misplacedDots.test(local) && !issuedMisplacedDots(domain)) return refused('bad-local-part')
  const email = `${local}@${domain}`
  if (local.length > 64 || email.length > 254) return refused('too-long')
  return { kind: 'address', email, emailKey: email.toLowerCase(), domain }
}
