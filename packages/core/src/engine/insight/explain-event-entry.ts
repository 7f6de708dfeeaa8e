import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import { matchesPayload } from '../../domain/scenario/match-event.ts'
import { entryKeyOf } from '../../domain/scenario/reentry.ts'
import type { Trigger } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { EventRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { ExplainFinding, Speaker } from './explain-finding.ts'
import { notEntered, reentryOf } from './not-entered.ts'
import type { ScenarioQuestion } from './scenario-question.ts'

/** Why the last event of the trigger started nothing; none where it did, or where something later did. */
export function* eventFindings(
  reader: StorageReader,
  speaker: Speaker,
  { contact, definition, now }: ScenarioQuestion,
  trigger: Extract<Trigger, { kind: 'event' }>,
  enrolments: readonly Enrolment[],
): Step<readonly ExplainFinding[]> {
  const { reentry, maxEventAge } = definition
  const words = { event: trigger.event }
  const [last] = yield* reader.events.ofContact(contact.id, { names: [trigger.event], limit: 1 })
  if (last === undefined) return enrolments.length > 0 ? [] : [notEntered(speaker, 'noEvent', 'no-event', words)]
  const { occurredAt, receivedAt, id } = last
  const isAnswered = enrolments.some(({ enteredAt, entryKey }) => entryKey === id || enteredAt >= occurredAt)
  if (isAnswered) return []
  if (!matchesPayload(trigger, last, speaker.timeZone))
    return [notEntered(speaker, 'eventNotFit', 'event-not-fit', words, occurredAt)]
  if (receivedAt - occurredAt > maxEventAge) return [notEntered(speaker, 'eventTooOld', 'event-too-old', words, occurredAt)]
  if (entryKeyOf(reentry, { key: id, occurredAt }, enrolments) === null) {
    const why = { ...words, reentry: reentryOf(speaker, reentry, enrolments) }
    return [notEntered(speaker, 'alreadyIn', 'reentry', why, occurredAt)]
  }
  const mayBeLate = now - occurredAt > maxEventAge && !(yield* isBefore(reader, definition.name, last))
  if (mayBeLate) return [notEntered(speaker, 'eventLate', 'event-too-old', words, occurredAt)]
  return [notEntered(speaker, 'eventMissed', 'event-missed', words, occurredAt)]
}

/** Whether it came in before any version was there. When a worker came to it is not written down. */
function* isBefore(reader: StorageReader, name: string, { receivedAt }: EventRow): Step<boolean> {
  const versions = (yield* reader.scenarios.versions()).filter(({ scenario }) => scenario === name)
  const first: Instant = Math.min(...versions.map(({ publishedAt }) => publishedAt))
  return receivedAt < first
}
