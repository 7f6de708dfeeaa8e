import type { Instant } from '../../domain/time/instant.ts'
import { toWallTime } from '../../domain/time/time-zone.ts'
import type { Explanation } from '../tobiishi.ts'
import { type ExplainLanguage, type SentenceName, sentences } from './explain-words.ts'

export type ExplainFinding = Explanation['findings'][number]

/** How findings are said: the language, and the zone in which times are told. */
export interface Speaker {
  readonly language: ExplainLanguage
  readonly timeZone: string
}

type Facts = Partial<Omit<ExplainFinding, 'text' | 'kind'>> & { readonly kind: string }

/** A finding with its sentence; `at` of the words is filled in from the fact. */
export const finding = (
  { language, timeZone }: Speaker,
  name: SentenceName,
  facts: Facts,
  words: Readonly<Record<string, string | number>> = {},
): ExplainFinding => {
  const { kind, at = null, step = null, reason = null, rule = null, messageId = null } = facts
  const spoken = at === null ? words : { at: timeInWords(at, timeZone), ...words }
  return { kind, at, step, reason, rule, messageId, text: sentences[name][language](spoken) }
}

/** `2026-01-05 10:00 (Asia/Tokyo)`. */
const timeInWords = (at: Instant, timeZone: string): string =>
  `${new Date(toWallTime(at, timeZone)).toISOString().slice(0, 16).replace('T', ' ')} (${timeZone})`
