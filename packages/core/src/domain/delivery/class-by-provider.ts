import type { Route } from '../contact/contact.ts'
import type { BounceClass } from '../tracking/delivery-event.ts'
import type { Refusal } from './refusal.ts'

/** docomo says `Unknown user` also when the reader's filter refused the mail; the status and the command tell which. */
const docomo = ({ enhancedCode, text, stage }: Refusal): BounceClass | null => {
  if (!/unknown user|user unknown/i.test(text)) return null
  if (enhancedCode === '5.2.0') return 'filtered'
  if (enhancedCode === '5.1.1' || stage === 'rcpt') return 'hard-unknown-user'
  return enhancedCode === '5.0.0' || enhancedCode === null ? 'filtered' : null
}

/** KDDI leaves out the address where a filter refused the mail: `550 : User unknown`. */
const au = ({ text }: Refusal): BounceClass | null => {
  if (!/user unknown/i.test(text)) return null
  return /[^\s:]+\s*:\s*user unknown/i.test(text.replace(/^\s*(smtp;\s*)?\d{3}([ -]\d\.\d+\.\d+)?/i, ''))
    ? 'hard-unknown-user'
    : 'filtered'
}

/** Gmail uses 5.7.27 for SPF, and 5.4.5 for the sender's own daily limit. */
const gmail = ({ enhancedCode }: Refusal): BounceClass | null =>
  enhancedCode === '5.7.27' || enhancedCode === '5.4.5' ? 'policy' : null

/** Outlook.com gives an unknown user a status of the protocol, 5.5.0. */
const outlook = ({ enhancedCode, text }: Refusal): BounceClass | null =>
  enhancedCode === '5.5.0' && /mailbox unavailable/i.test(text) ? 'hard-unknown-user' : null

const tables: { readonly [R in Route]?: (refusal: Refusal) => BounceClass | null } = { docomo, au, gmail, outlook }

/** What a provider means by its own words, null where it means what everyone means (facts §1, §4). */
export const classByProvider = (refusal: Refusal, route: Route): BounceClass | null => tables[route]?.(refusal) ?? null
