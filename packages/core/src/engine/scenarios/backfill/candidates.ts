import type { ScenarioDefinition } from '../../../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../../../errors/index.ts'
import type { CandidateSource } from './candidate.ts'
import { eventCandidates } from './event-candidates.ts'
import { segmentCandidates } from './segment-candidates.ts'

/**
 * How the contacts are found whom a scenario's trigger would have entered. Throws `scenario.state` with the reason where that
 * cannot be known, or needs no backfill.
 */
export const sourceFor = ({ name, trigger, reentry }: ScenarioDefinition): CandidateSource => {
  const refused = (why: string) => new TobiishiError('scenario.state', `Scenario '${name}' has nothing to backfill: ${why}.`)
  if (trigger === null) throw refused('nothing starts it by itself. Use mail.enrol with a segment')
  if (trigger.kind === 'date')
    throw refused('dates that are past are not made up for, and the next occurrences enter by themselves')
  if (trigger.kind === 'event') return eventCandidates(trigger, reentry.kind === 'every-event')
  if (trigger.on === 'entry') return segmentCandidates(trigger.segment)
  throw refused('who left a segment before is not written down. Use mail.enrol with a segment of those you mean')
}
