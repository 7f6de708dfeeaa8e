import type { DeclaredTemplate } from '../../define/declared.ts'
import { decideSend } from '../../domain/consent/decide-send.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Runtime } from '../runtime.ts'
import type { SuppressionsOf } from '../suppression-lookup.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'
import { reasonInWords } from './explain-words.ts'

/** Why these templates could not be sent to the contact now, by the decision that sending makes; those that could say nothing. */
export const blockedFindings = (
  { settings }: Runtime,
  speaker: Speaker,
  contact: Contact,
  suppressionsOf: SuppressionsOf,
  { templates, now }: { readonly templates: readonly DeclaredTemplate[]; readonly now: Instant },
): readonly ExplainFinding[] => {
  const { jurisdiction, audience } = settings
  const suppressions = suppressionsOf(contact)
  return templates.flatMap(({ name, purpose, topic }) => {
    const message = { purpose, topic, expiresAt: null }
    const decision = decideSend({ contact, message, suppressions, jurisdiction, audience, now })
    if (decision.allow) return []
    const { reason, rule } = decision
    const words = { template: name, reason: reasonInWords(reason, speaker.language), rule }
    return [finding(speaker, 'blocked', { kind: 'blocked', reason, rule }, words)]
  })
}
