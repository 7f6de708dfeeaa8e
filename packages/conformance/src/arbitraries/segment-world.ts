import type { SegmentMessage } from '@tobiishi/core'
import type { Contact, DeliveryEvent, EventRow, Instant, Json, JsonObject, Message } from '@tobiishi/core/ports'
import fc from 'fast-check'
import { aContact, aDeliveryEvent, aMessage, anEvent } from '../fixtures/rows.ts'
import { dateText, evaluatedAt, instantText, listOfScalars, nastyJson, nastyNumber, nastyText } from './nasty-values.ts'
import { anyFields, eventNames, scenarioNames, spans, stepIds, typedFields } from './segment-tree.ts'

/** A contact as short as a counterexample should be. */
export interface Person {
  readonly id: string
  readonly attributes: JsonObject
  readonly events: readonly { readonly name: string; readonly payload: JsonObject; readonly occurredAt: Instant }[]
  readonly mails: readonly Mail[]
}

/** A mail and what became of it. */
export interface Mail {
  readonly scenario: string | null
  readonly stepId: string | null
  readonly state: 'sent' | 'skipped' | 'unknown'
  readonly finishedAt: Instant
  /** By a person; `scannedAt` by a machine, which opens and clicks. */
  readonly openedAt: Instant | null
  readonly clickedAt: Instant | null
  readonly scannedAt: Instant | null
}

/** Ids whose order by code point is not that by UTF-16 unit. */
const ids = ['c1', 'c10', 'c2', 'C1', '0', '①', '髙', '～', '😀', '\u{10FFFF}', "it's"] as const

const withoutAbsent = (fields: { readonly [name: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const mostly = (own: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 6, arbitrary: own }, { weight: 1, arbitrary: nastyJson })

/** Fields may be missing, null or of another type. */
const record: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      [typedFields.string]: mostly(nastyText),
      [typedFields.number]: mostly(nastyNumber),
      [typedFields.boolean]: mostly(fc.boolean()),
      [typedFields.date]: mostly(dateText),
      [typedFields.instant]: mostly(instantText),
      [typedFields.list]: mostly(listOfScalars),
      ...Object.fromEntries(anyFields.map((name) => [name, nastyJson])),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map(withoutAbsent)

/** Instants at, just inside and just outside of every span, and in the future. */
const instant = fc.constantFrom(...[0, ...spans].flatMap((span) => [-1, 0, 1].map((off) => evaluatedAt - span + off)))

const happening = fc.record({ name: fc.constantFrom(...eventNames), payload: record, occurredAt: instant })

const mail: fc.Arbitrary<Mail> = fc
  .record({
    from: fc.option(fc.record({ scenario: fc.constantFrom(...scenarioNames), stepId: fc.constantFrom(...stepIds) })),
    state: fc.constantFrom('sent' as const, 'sent' as const, 'skipped' as const, 'unknown' as const),
    finishedAt: instant,
    openedAt: fc.option(instant),
    clickedAt: fc.option(instant),
    scannedAt: fc.option(instant),
  })
  .map(({ from, ...rest }) => ({ scenario: from?.scenario ?? null, stepId: from?.stepId ?? null, ...rest }))

const person = fc.record({
  attributes: record,
  events: fc.array(happening, { maxLength: 4 }),
  mails: fc.array(mail, { maxLength: 4 }),
})

/** A few contacts with all sorts of attributes, events and mails. */
export const people: fc.Arbitrary<readonly Person[]> = fc
  .array(person, { minLength: 1, maxLength: ids.length, size: 'max' })
  .map((some) => some.map((one, n) => ({ id: ids[n] ?? `c${n}`, ...one })))

export const contactRows = (some: readonly Person[]): Contact[] => some.map(({ id, attributes }) => aContact({ id, attributes }))

export const eventRows = (some: readonly Person[]): EventRow[] =>
  some.flatMap(({ id, events }) =>
    events.map((event, n) => anEvent({ ...event, contactId: id, id: `${id}/${n}`, receivedAt: event.occurredAt })),
  )

export const messageRows = (some: readonly Person[]): Message[] =>
  some.flatMap(({ id, mails }) =>
    mails.map(({ scenario, stepId, state, finishedAt }, n) =>
      aMessage({ id: `202601${id}/${n}`, contactId: id, scenario, stepId, state, finishedAt }),
    ),
  )

export const deliveryRows = (some: readonly Person[]): DeliveryEvent[] =>
  some.flatMap(({ id, mails }) =>
    mails.flatMap(({ openedAt, clickedAt, scannedAt }, n) => {
      const happened = (kind: 'opened' | 'clicked', actor: 'human' | 'machine', at: Instant | null) => {
        const messageId = `202601${id}/${n}`
        const key = `${messageId}/${kind}/${actor}`
        return at === null ? [] : [aDeliveryEvent({ key, messageId, contactId: id, kind, actor, occurredAt: at, receivedAt: at })]
      }
      return [
        ...happened('opened', 'human', openedAt),
        ...happened('clicked', 'human', clickedAt),
        ...happened('opened', 'machine', scannedAt),
        ...happened('clicked', 'machine', scannedAt),
      ]
    }),
  )

/** The mails of a person as `evaluateSegment` takes them. */
export const segmentMessages = ({ mails }: Pick<Person, 'mails'>): SegmentMessage[] =>
  mails.map(({ state, finishedAt, ...mail }) => ({ ...mail, sentAt: state === 'sent' ? finishedAt : null }))
