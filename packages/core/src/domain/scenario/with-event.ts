import type { HeardEvent } from './level-conditions.ts'
import type { PastEvent, TransitionFacts } from './transition-contract.ts'

/** Facts that hold an event which has just come in, whether it has been written down yet or not. */
export const withEvent = (facts: TransitionFacts, { event, occurredAt, payload }: HeardEvent): TransitionFacts => ({
  timeZone: facts.timeZone,
  attributes: facts.attributes,
  quietHours: facts.quietHours,
  isHoliday: (date) => facts.isHoliday(date),
  purposeOf: (template) => facts.purposeOf(template),
  matches: (segment) => facts.matches(segment),
  changesAt: (segment) => facts.changesAt(segment),
  fate: (step) => facts.fate(step),
  variant: (experiment) => facts.variant(experiment),
  events: (name) => {
    const events = facts.events(name)
    if (events === undefined || name !== event || events.some((one) => one.occurredAt === occurredAt)) return events
    const own: PastEvent = { occurredAt, payload }
    return [...events, own].toSorted((a, b) => b.occurredAt - a.occurredAt)
  },
})
