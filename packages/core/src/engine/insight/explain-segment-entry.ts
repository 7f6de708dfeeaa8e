import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { entryKeyOf } from '../../domain/scenario/reentry.ts'
import type { ScenarioDefinition, Trigger } from '../../domain/scenario/scenario-definition.ts'
import { today } from '../../domain/time/local-date.ts'
import type { Step, StorageReader, WatchMember } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { watchesOf } from '../watches/watch-spec.ts'
import { type ExplainFinding, localTime, type Speaker } from './explain-finding.ts'
import type { SentenceName } from './explain-words.ts'
import { cooledAt, notEntered, reentryOf } from './not-entered.ts'
import type { ScenarioQuestion } from './scenario-question.ts'

type SegmentTrigger = Extract<Trigger, { kind: 'segment' }>

/** On which side of the segment the contact is, and whether re-entry kept it out when it last came to the side that starts. */
export function* segmentFindings(
  { settings }: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  { contact, definition, now }: ScenarioQuestion,
  { segment, on }: SegmentTrigger,
  enrolments: readonly Enrolment[],
): Step<readonly ExplainFinding[]> {
  const tree = definition.segments[segment] ?? { kind: 'any', of: [] }
  const query = { tree, now, today: today(now, settings.timeZone) }
  const isIn = (yield* reader.segments.matching(query, [contact.id])).length > 0
  const code = isIn ? 'in-segment' : 'not-in-segment'
  const starts = (on === 'entry') === isIn
  if (enrolments.length === 0) return [notEntered(speaker, firstSentence(isIn, starts), code, { segment })]
  const [last] = yield* reader.watches.members([...watchesOf([definition]).keys()], [contact.id])
  const refused = starts && last?.isMember === isIn ? refusedFlip(speaker, definition, { segment, last }, enrolments) : null
  if (refused !== null) return [refused]
  const { reentry } = definition
  if (reentry.kind === 'once' || enrolments.some(({ state }) => state === 'active')) return []
  const from = cooledAt(reentry, enrolments)
  const words = { segment, from: from === null || from <= now ? '' : fromInWords(speaker, localTime(from, speaker.timeZone)) }
  return [notEntered(speaker, againSentence(isIn, starts), code, words)]
}

const firstSentence = (isIn: boolean, starts: boolean): SentenceName => {
  if (starts) return isIn ? 'wasIn' : 'wasOut'
  return isIn ? 'mayLeave' : 'mayComeIn'
}

const againSentence = (isIn: boolean, starts: boolean): SentenceName => {
  if (starts) return isIn ? 'inAgain' : 'outAgain'
  return isIn ? 'mayLeaveAgain' : 'mayComeInAgain'
}

const fromInWords = ({ language }: Speaker, at: string): string =>
  language === 'ja' ? `（再び入れるのは ${at} 以降）` : `, from ${at} on`

/** Of the changes only the last is written down. Null: it entered, or nothing is known that kept it out. */
const refusedFlip = (
  speaker: Speaker,
  { reentry }: ScenarioDefinition,
  { segment, last: { isMember, changedAt } }: { readonly segment: string; readonly last: WatchMember },
  enrolments: readonly Enrolment[],
): ExplainFinding | null => {
  if (enrolments.some(({ enteredAt }) => enteredAt >= changedAt)) return null
  const occasion = { key: `${isMember ? 'in' : 'out'}:${changedAt}`, occurredAt: changedAt }
  if (enrolments.some(({ entryKey }) => entryKey === occasion.key)) return null
  if (entryKeyOf(reentry, occasion, enrolments) !== null) return null
  const words = { segment, reentry: reentryOf(speaker, reentry, enrolments) }
  return notEntered(speaker, isMember ? 'cameInRefused' : 'leftRefused', 'reentry', words, changedAt)
}
