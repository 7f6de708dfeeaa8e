import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Reentry } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { type ExplainFinding, finding, localTime, type Speaker } from './explain-finding.ts'
import { cooldownInWords, reentryInWords, type SentenceName } from './explain-words.ts'

/** Something for which a contact did not enter, or does not. */
export const notEntered = (
  speaker: Speaker,
  name: SentenceName,
  reason: string | null,
  words: Readonly<Record<string, string | number>> = {},
  at: Instant | null = null,
): ExplainFinding => finding(speaker, name, { kind: 'not-entered', reason, at }, words)

/** From when on a cooldown lets the contact in again; null: there is none, or it has never been in. */
export const cooledAt = (reentry: Reentry, enrolments: readonly Enrolment[]): Instant | null =>
  reentry.kind !== 'cooldown' || enrolments.length === 0
    ? null
    : Math.max(...enrolments.map(({ enteredAt }) => enteredAt)) + reentry.ms

/** What the rule of re-entry says to somebody whom it kept out; of a cooldown until when it counts. */
export const reentryOf = ({ language, timeZone }: Speaker, reentry: Reentry, enrolments: readonly Enrolment[]): string => {
  if (reentry.kind !== 'cooldown') return reentryInWords(reentry.kind, language)
  return cooldownInWords(localTime(cooledAt(reentry, enrolments) ?? 0, timeZone), language)
}
