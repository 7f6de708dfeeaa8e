import type { BranchStep, MailMatch, ScenarioStep, WaitForStep } from './scenario-definition.ts'
import type { Need, TransitionFacts } from './transition-contract.ts'

type Condition = BranchStep['on'] | WaitForStep['arms'][number]['on']

/** The segment, where it has not been read. */
export const segmentNeeds = (segment: string, facts: TransitionFacts): readonly Need[] =>
  facts.matches(segment) === undefined || facts.changesAt(segment) === undefined ? [{ kind: 'segment', segment }] : []

const eventNeeds = (event: string, facts: TransitionFacts): readonly Need[] =>
  facts.events(event) === undefined ? [{ kind: 'events', event }] : []

const mailNeeds = ({ step }: MailMatch, facts: TransitionFacts): readonly Need[] =>
  facts.fate(step) === undefined ? [{ kind: 'fate', step }] : []

const conditionNeeds = (on: Condition, facts: TransitionFacts): readonly Need[] => {
  switch (on.kind) {
    case 'segment':
      return segmentNeeds(on.segment, facts)
    case 'event':
      return eventNeeds(on.event, facts)
    case 'mail':
      return mailNeeds(on, facts)
  }
}

/** The facts that the step needs and that have not been read. */
export const stepNeeds = (step: ScenarioStep, facts: TransitionFacts): readonly Need[] => {
  switch (step.kind) {
    case 'wait':
      return step.from.kind === 'event' ? eventNeeds(step.from.event, facts) : []
    case 'wait-for':
      return step.arms.flatMap(({ on }) => conditionNeeds(on, facts))
    case 'branch':
      return conditionNeeds(step.on, facts)
    case 'split':
      return facts.variant(step.experiment) === undefined ? [{ kind: 'variant', experiment: step.experiment }] : []
    default:
      return []
  }
}

const keyOf = (need: Need): string => JSON.stringify(need)

/** Each need once, in the order asked. */
export const distinctNeeds = (needs: readonly Need[]): readonly Need[] => [
  ...new Map(needs.map((need) => [keyOf(need), need])).values(),
]
