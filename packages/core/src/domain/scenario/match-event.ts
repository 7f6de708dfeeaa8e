import { evaluateSegment } from '../segment/evaluate-segment.ts'
import { localDate } from '../time/local-date.ts'
import type { EventMatch } from './scenario-definition.ts'
import type { PastEvent } from './transition-contract.ts'

/** Whether the payload of an event of that name is what the condition asks for, as of when it happened. */
export const matchesPayload = ({ where }: Pick<EventMatch, 'where'>, event: PastEvent, timeZone: string): boolean => {
  if (where === null) return true
  const query = { tree: where, now: event.occurredAt, today: localDate(event.occurredAt, timeZone) }
  return evaluateSegment(query, { attributes: event.payload }, [])
}
