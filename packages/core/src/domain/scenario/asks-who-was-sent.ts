import { asksAboutMail } from '../segment/asks-about-mail.ts'
import { endingSegments } from './level-conditions.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'
import { segmentOf } from './segment-of.ts'

/**
 * Whether it matters to a scenario that a mail goes out: it waits for that, or a segment that starts it, ends it or is waited for
 * counts mail that was sent. A branch need not be told: it looks when somebody comes to it.
 */
export const asksWhoWasSent = (definition: ScenarioDefinition): boolean => {
  const { trigger, steps } = definition
  const arms = Object.values(steps).flatMap((step) => (step.kind === 'wait-for' ? step.arms.map(({ on }) => on) : []))
  const watched = [
    ...(trigger?.kind === 'segment' ? [trigger.segment] : []),
    ...endingSegments(definition),
    ...arms.flatMap((on) => (on.kind === 'segment' ? [on.segment] : [])),
  ]
  const counts = watched.some((name) => {
    const tree = segmentOf(definition, name)
    return tree !== undefined && asksAboutMail(tree, 'sent')
  })
  return counts || arms.some((on) => on.kind === 'mail' && on.fate === 'sent')
}
