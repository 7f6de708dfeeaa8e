import type { Instant } from '../../domain/time/instant.ts'
import { toWallTime } from '../../domain/time/time-zone.ts'
import { type ExplainLanguage, reasonInWords, type SentenceName, sentences } from './explain-words.ts'
import type { ExplainFinding, FindingDetail, FindingFacts } from './explanation.ts'
import { ruleInWords } from './rule-words.ts'

export type { ExplainFinding } from './explanation.ts'

/** How findings are said: the language, and the zone in which times are told. */
export interface Speaker {
  readonly language: ExplainLanguage
  readonly timeZone: string
}

type Facts = FindingDetail & Partial<Omit<FindingFacts, 'text'>>

/** A finding with its sentence; `at`, `step`, `reason` and `rule` of the words are filled in from the facts. */
export const finding = (
  { language, timeZone }: Speaker,
  name: SentenceName,
  facts: Facts,
  words: Readonly<Record<string, string | number>> = {},
): ExplainFinding => {
  const { at = null, step = null, reason = null, rule = null, messageId = null } = facts
  const spoken = {
    ...(at === null ? {} : { at: timeInWords(at, timeZone) }),
    ...(step === null ? {} : { step }),
    ...(reason === null ? {} : { reason: reasonInWords(reason, language) }),
    ...(rule === null ? {} : { rule: ruleInWords(rule, language) }),
    ...words,
  }
  return { ...facts, at, step, reason, rule, messageId, text: sentences[name][language](spoken) }
}

/** `2026-01-05 10:00`; a year above 9999 without the sign and zeros that ISO writes before it. */
export const localTime = (at: Instant, timeZone: string): string =>
  new Date(toWallTime(at, timeZone)).toISOString().slice(0, -8).replace(/^\+0*/, '').replace('T', ' ')

/** `2026-01-05 10:00 (Asia/Tokyo)`. */
const timeInWords = (at: Instant, timeZone: string): string => `${localTime(at, timeZone)} (${timeZone})`
