import type { DeclaredModel } from '../../define/declared.ts'
import type { ConsentEvidence } from '../../domain/consent/consent.ts'
import { acceptBasis } from '../../domain/consent/decide-send.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Settings } from '../runtime.ts'
import type { ConsentInput, Profile } from '../tobiishi.ts'
import { checkKeys } from './check-keys.ts'
import type { ConsentLine } from './identify-payload.ts'
import { parsePast } from './parse-past.ts'
import { plainObject } from './plain-json.ts'

/** What checking a grant or a withdrawal needs to know. */
export interface ConsentRules {
  readonly model: DeclaredModel
  readonly settings: Pick<Settings, 'jurisdiction' | 'audience'>
  readonly now: Instant
  /** Of lines that do not say when. */
  readonly occurredAt: Instant
}

type Withdrawal = NonNullable<Profile<object>['withdraw']>[number]

/**
 * Grants and then withdrawals as ledger lines, one a topic. Their ids grow in this order, so that of two lines of one instant
 * the refusal is the later. Throws `topic.unknown`, `consent.basis_refused`, `event.in_future`.
 */
export const consentLines = (
  rules: ConsentRules,
  grants: readonly ConsentInput[],
  withdrawals: readonly Withdrawal[],
  id: string,
): ConsentLine[] => {
  const lines = [
    ...grants.flatMap((grant, index) => grantLines(rules, grant, `consent.${index}`)),
    ...withdrawals.flatMap((withdrawal, index) => withdrawalLines(rules, withdrawal, `withdraw.${index}`)),
  ]
  return lines.map((line, index) => ({ id: `${id}.${String(index).padStart(3, '0')}`, ...line }))
}

type Unnumbered = Omit<ConsentLine, 'id'>

const grantLines = (rules: ConsentRules, grant: ConsentInput, path: string): Unnumbered[] => {
  checkKeys(grant, ['basis', 'topics', 'evidence', 'occurredAt'], path)
  const { jurisdiction, audience } = rules.settings
  const answer = acceptBasis(grant.basis, jurisdiction, audience)
  if (!answer.accepted)
    throw new TobiishiError(
      'consent.basis_refused',
      `${path}.basis: '${grant.basis}' does not count for jurisdiction ${jurisdiction} and audience ${audience} (${answer.rule}).`,
    )
  return topicsOf(rules, grant.topics, path).map((topic) => ({
    kind: 'grant',
    topic,
    basis: grant.basis,
    evidence: evidenceOf(grant.evidence, path),
    occurredAt: parsePast(grant.occurredAt ?? rules.occurredAt, rules.now, `${path}.occurredAt`),
  }))
}

const withdrawalLines = (rules: ConsentRules, withdrawal: Withdrawal, path: string): Unnumbered[] => {
  checkKeys(withdrawal, ['topics', 'evidence', 'occurredAt'], path)
  return topicsOf(rules, withdrawal.topics, path).map((topic) => ({
    kind: 'withdraw',
    topic,
    basis: null,
    evidence: evidenceOf(withdrawal.evidence, path),
    occurredAt: parsePast(withdrawal.occurredAt ?? rules.occurredAt, rules.now, `${path}.occurredAt`),
  }))
}

const topicsOf = (rules: ConsentRules, topics: readonly string[] | undefined, path: string): readonly (string | null)[] => {
  if (topics !== undefined && !Array.isArray(topics))
    throw new TobiishiError('contact.invalid_attributes', `${path}.topics must be a list of topics.`)
  const unknown = topics?.find((topic) => !Object.hasOwn(rules.model.topics, topic))
  if (unknown !== undefined)
    throw new TobiishiError(
      'topic.unknown',
      `${path}.topics: the model has no topic '${unknown}'. Declare it, or correct the name.`,
    )
  return topics ?? [null]
}

const evidenceOf = (evidence: ConsentEvidence, path: string): ConsentEvidence => {
  if (typeof evidence?.source !== 'string' || evidence.source === '')
    throw new TobiishiError('contact.invalid_attributes', `${path}.evidence.source is missing: say where the person said so.`)
  for (const [field, value] of Object.entries(evidence))
    if (value !== undefined && typeof value !== 'string')
      throw new TobiishiError('contact.invalid_attributes', `${path}.evidence.${field} must be text.`)
  return plainObject({ ...evidence }, `${path}.evidence`, 'contact.invalid_attributes') as unknown as ConsentEvidence
}
