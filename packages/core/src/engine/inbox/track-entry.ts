import type { DeclaredModel } from '../../define/declared.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { InboxEntry } from '../../ports/storage/index.ts'
import type { InstantInput } from '../tobiishi.ts'
import { checkId } from './check-id.ts'
import { checkPayload } from './check-payload.ts'
import { parsePast } from './parse-past.ts'

export interface TrackRequest {
  readonly contactId: string
  readonly event: string
  readonly payload: unknown
  readonly id?: string | undefined
  readonly occurredAt?: InstantInput | undefined
  readonly startScenarios: boolean
}

/** Checks an event and writes it as an inbox entry. Throws `event.unknown`, `event.invalid_payload`, `event.in_future`, `time.invalid`. */
export const trackEntry = (
  context: { readonly model: DeclaredModel; readonly now: Instant; readonly randomId: () => string },
  request: TrackRequest,
): InboxEntry => ({
  contactId: checkId(request.contactId, 'contactId', 'event.invalid_payload'),
  kind: 'track',
  name: request.event,
  payload: checkPayload(context.model, request.event, request.payload),
  key: request.id === undefined ? context.randomId() : checkId(request.id, 'id', 'event.invalid_payload'),
  occurredAt: parsePast(request.occurredAt, context.now),
  receivedAt: context.now,
  startScenarios: request.startScenarios,
})
