import type { ActorClass } from './delivery-event.ts'

/** Version of the rules that tell people from machines; stored with each event, raised with every change of a rule. */
export const trackingRuleVersion = 1

/** A machine from this score on. */
export const machineScore = 5

/** What an event is taken for, and why: kept with it, so that it can be recomputed from the raw data (facts §5). */
export interface ActorVerdict {
  readonly actor: ActorClass
  readonly score: number
  readonly ruleVersion: number
}

/** The verdict on a sum of signals. */
export const verdictOf = (score: number): ActorVerdict => ({
  actor: score >= machineScore ? 'machine' : 'human',
  score,
  ruleVersion: trackingRuleVersion,
})
