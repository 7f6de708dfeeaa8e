import { domainToASCII } from 'node:url'

/** An address as it stands between `<` and `>` in MAIL FROM and RCPT TO, or why it cannot stand there. */
export type WireAddress = { readonly address: string; readonly needsUtf8: boolean } | { readonly problem: string }

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const unsafe = /[\x00-\x1f\x7f<>]/
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const quoted = /^"(?:[^"\\]|\\.)*"$/

/**
 * Quotes a local part that is no dot-atom, as `"a..b."@docomo.ne.jp` (RFC 5321 §4.1.2), and puts the domain into A-labels.
 * A non-ASCII local part needs SMTPUTF8 (RFC 6531). Control characters and angle brackets are refused.
 */
export function toWireAddress(address: string): WireAddress {
  if (unsafe.test(address)) return { problem: 'The address holds control characters or angle brackets.' }
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = domainToASCII(address.slice(at + 1)) || bracketed(address.slice(at + 1))
  if (at < 1 || domain === '') return { problem: 'The address is not of the form local-part@domain.' }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
  const needsUtf8 = !/^[\x00-\x7f]*$/.test(local)
  const plain = dotAtom.test(local) || quoted.test(local) || (needsUtf8 && !/[\s"\\()[\]:;,@]/.test(local))
  const wireLocal = plain ? local : `"${local.replace(/["\\]/g, '\\$&')}"`
  return { address: `${wireLocal}@${domain}`, needsUtf8 }
}

/** An address literal, `[192.0.2.1]`, is no domain name. */
const bracketed = (domain: string): string => (/^\[[0-9A-Za-z.:-]+\]$/.test(domain) ? domain : '')
