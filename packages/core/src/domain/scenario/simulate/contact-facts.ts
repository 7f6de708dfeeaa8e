import type { JsonObject } from '../../json.ts'
import { evaluateSegment, type SegmentEvent, type SegmentMessage } from '../../segment/evaluate-segment.ts'
import { earliestOf, nextChangeAt } from '../../segment/next-change.ts'
import type { Instant } from '../../time/instant.ts'
import { localDate } from '../../time/local-date.ts'
import type { ScenarioDefinition } from '../scenario-definition.ts'
import { segmentOf } from '../segment-of.ts'
import type { MailFate, PastEvent, TransitionFacts } from '../transition-contract.ts'
import type { SimulationOptions } from './script.ts'

/** What a simulation knows of one contact; changed as their life goes on. */
export interface ContactState {
  readonly id: string
  readonly timeZone: string
  attributes: JsonObject
  /** Oldest first. */
  readonly events: SegmentEvent[]
  /** Mails that went out, as segments ask about them. */
  readonly messages: SegmentMessage[]
  readonly variants: Map<string, string>
}

/** The surroundings that all contacts of a simulation share. */
export interface Surroundings {
  readonly definition: ScenarioDefinition
  readonly options: SimulationOptions
  /** Of the app, for dates in segments. */
  readonly appZone: string
  /** `asksWhoWasSent` of the definition. */
  readonly asksWhoWasSent: boolean
}

const never = () => false

/** Whether the contact is in a segment of the definition now. An unknown segment is empty. */
export const isMember = ({ definition, appZone }: Surroundings, state: ContactState, segment: string, now: Instant): boolean => {
  const tree = segmentOf(definition, segment)
  return tree !== undefined && evaluateSegment({ tree, now, today: localDate(now, appZone) }, state, state.events, state.messages)
}

/** When time alone may change that next. */
export const memberChangesAt = (
  { definition }: Surroundings,
  state: ContactState,
  segment: string,
  now: Instant,
): Instant | null => {
  const tree = segmentOf(definition, segment)
  if (tree === undefined) return null
  return nextChangeAt(tree, (leaf, after) => earliestOf(leaf, after, state.events, state.messages), now)
}

/** The reducer's facts about a contact at an instant. */
export const factsAt = (
  surroundings: Surroundings,
  state: ContactState,
  fates: ReadonlyMap<string, MailFate>,
  now: Instant,
): TransitionFacts => {
  const { options } = surroundings
  return {
    timeZone: state.timeZone,
    attributes: state.attributes,
    quietHours: options.quietHours ?? null,
    isHoliday: options.isHoliday ?? never,
    purposeOf: (template) => (options.isTransactional?.(template) === true ? 'transactional' : 'marketing'),
    matches: (segment) => isMember(surroundings, state, segment, now),
    changesAt: (segment) => memberChangesAt(surroundings, state, segment, now),
    events: (event): readonly PastEvent[] => state.events.filter(({ name }) => name === event).toReversed(),
    fate: (step) => fates.get(step) ?? null,
    variant: (experiment) => state.variants.get(experiment) ?? null,
  }
}
