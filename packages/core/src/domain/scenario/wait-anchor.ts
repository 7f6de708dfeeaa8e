import type { Instant } from '../time/instant.ts'
import { anchorOfDate, isLocalDate } from '../time/local-date.ts'
import type { WaitStep } from './scenario-definition.ts'
import type { TransitionFacts, World } from './transition-contract.ts'
import type { Walk } from './walk.ts'

/** What a wait counts from. */
export interface WaitAnchor {
  /** Null: the attribute is not set, or there was no such event. */
  readonly at: Instant | null
  /** The attribute that it was taken from. */
  readonly value?: string
}

const instantOf = (value: string, type: 'date' | 'instant', zone: string): Instant | null => {
  if (type === 'date') return isLocalDate(value) ? anchorOfDate(value, zone) : null
  const instant = Date.parse(value)
  return Number.isNaN(instant) ? null : instant
}

/**
 * The anchor of a wait as of now: attributes and events are read anew each time, so that the wait follows them. `previous` is
 * what the walk counts from, or counted from when it came to the wait. Entries are moved by pauses that were resumed with `shift`.
 */
export const waitAnchor = ({ from }: WaitStep, { enrolment, dueAt }: Walk, { facts }: World): WaitAnchor => {
  switch (from.kind) {
    case 'previous':
      return { at: enrolment.wakeSpec === null ? dueAt : enrolment.wakeSpec.anchorAt }
    case 'entry':
      return { at: enrolment.enteredAt + (enrolment.memory.shift?.by ?? 0) }
    case 'event':
      return { at: facts.events(from.event)?.[0]?.occurredAt ?? null }
    case 'attribute':
      return anchorByAttribute(from, facts)
  }
}

type ByAttribute = Extract<WaitStep['from'], { readonly kind: 'attribute' }>

/** The anchor that an attribute gives as of now. */
export const anchorByAttribute = (from: ByAttribute, facts: Pick<TransitionFacts, 'attributes' | 'timeZone'>): WaitAnchor => {
  const value = Object.hasOwn(facts.attributes, from.attribute) ? facts.attributes[from.attribute] : undefined
  return typeof value === 'string' ? { at: instantOf(value, from.type, facts.timeZone), value } : { at: null }
}
