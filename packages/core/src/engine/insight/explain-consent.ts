import type { DeclaredTemplate } from '../../define/declared.ts'
import { decideSend } from '../../domain/consent/decide-send.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { lookUpSuppressions } from '../suppression-lookup.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'

/** Why these templates could not be sent to the contact now, by the decision that sending makes; those that could say nothing. */
export function* blockedFindings(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  {
    contact,
    templates,
    now,
  }: { readonly contact: Contact; readonly templates: readonly DeclaredTemplate[]; readonly now: Instant },
): Step<readonly ExplainFinding[]> {
  const suppressions = (yield* lookUpSuppressions(runtime, reader, [contact]))(contact)
  const { jurisdiction, audience } = runtime.settings
  return templates.flatMap(({ name: template, purpose, topic }) => {
    const message = { purpose, topic, expiresAt: null }
    const decision = decideSend({ contact, message, suppressions, jurisdiction, audience, now })
    if (decision.allow) return []
    const { reason, rule } = decision
    // There the rule says the same as the reason.
    const name = reason === 'no-address' ? 'blockedAsIs' : 'blocked'
    return [finding(speaker, name, { kind: 'blocked', reason, rule }, { template })]
  })
}
