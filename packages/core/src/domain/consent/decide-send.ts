import type { Contact } from '../contact/contact.ts'
import type { Instant } from '../time/instant.ts'
import type {
  Audience,
  ConsentBasis,
  Jurisdiction,
  Purpose,
  SendDecision,
  SkipReason,
  Suppression,
  TopicConsent,
} from './consent.ts'
import { jurisdictionRules } from './jurisdiction-rules.ts'
import { consentFor } from './prevailing-consent.ts'

/** All that the decision looks at. */
export interface SendQuestion {
  readonly contact: Pick<Contact, 'email' | 'consent'>
  readonly message: {
    readonly purpose: Purpose
    readonly topic: string | null
    /** From this instant on it is too late; null where nothing is scheduled yet (previews). */
    readonly expiresAt: Instant | null
  }
  /** The rows found for the contact's address and domain. */
  readonly suppressions: readonly Pick<Suppression, 'scope' | 'reason'>[]
  readonly jurisdiction: Jurisdiction
  readonly audience: Audience
  readonly now: Instant
}

const no = (reason: SkipReason, rule: string): SendDecision => ({ allow: false, reason, rule })

/** Whether this basis of consent counts for the app; if not, the rule that refuses it. Checked when a grant is written, and again at every send. */
export const acceptBasis = (
  basis: ConsentBasis | null,
  jurisdiction: Jurisdiction,
  audience: Audience,
): { readonly accepted: true } | { readonly accepted: false; readonly rule: string } => {
  const { needsConsent, bases, consentRule } = jurisdictionRules(jurisdiction, audience)
  if (!needsConsent || (basis !== null && bases.includes(basis))) return { accepted: true }
  return { accepted: false, rule: consentRule }
}

const decideConsent = (said: TopicConsent | null, jurisdiction: Jurisdiction, audience: Audience): SendDecision => {
  const { needsConsent, consentRule, optOutRule } = jurisdictionRules(jurisdiction, audience)
  if (said === null) return needsConsent ? no('no-consent', consentRule) : { allow: true }
  switch (said.status) {
    case 'withdrawn':
      return no('consent-withdrawn', optOutRule)
    case 'expired':
      return no('consent-expired', consentRule)
    case 'pending':
      return no('consent-pending', 'setting double opt-in: not confirmed yet')
    case 'granted': {
      const answer = acceptBasis(said.basis, jurisdiction, audience)
      return answer.accepted ? { allow: true } : no('basis-refused', answer.rule)
    }
  }
}

/**
 * Whether a mail may go out now, and if not, why and by which rule (design §9). Suppression always blocks what its scope names:
 * `all` also transactional mail, which needs no consent otherwise. Marketing needs consent for its topic as the jurisdiction
 * asks; where it asks for none, whatever was said and is not a grant still blocks. The first reason found is given, in the
 * order address, suppression, consent, expiry.
 */
export const decideSend = (question: SendQuestion): SendDecision => {
  const { contact, message, suppressions, jurisdiction, audience, now } = question
  if (contact.email === null) return no('no-address', 'contact has no e-mail address')
  const isMarketing = message.purpose === 'marketing'
  const suppression = suppressions.find(({ scope }) => scope === 'all' || isMarketing)
  if (suppression !== undefined) return no('suppressed', `suppression: ${suppression.reason}`)
  if (isMarketing) {
    const decision = decideConsent(consentFor(contact.consent, message.topic), jurisdiction, audience)
    if (!decision.allow) return decision
  }
  if (message.expiresAt !== null && now >= message.expiresAt) return no('expired', 'setting sendWithin')
  return { allow: true }
}
