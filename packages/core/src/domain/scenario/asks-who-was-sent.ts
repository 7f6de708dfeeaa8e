import { asksAboutMail } from '../segment/asks-about-mail.ts'
import type { ScenarioDefinition } from './scenario-definition.ts'

/**
 * Whether it matters to a scenario that a mail goes out: one of its segments counts mail that was sent, or it waits for a mail to be
 * sent. A branch does not need to be told: it looks when somebody comes to it.
 */
export const asksWhoWasSent = ({ segments, steps }: ScenarioDefinition): boolean =>
  Object.values(segments).some((tree) => asksAboutMail(tree, 'sent')) ||
  Object.values(steps).some(
    (step) => step.kind === 'wait-for' && step.arms.some(({ on }) => on.kind === 'mail' && on.fate === 'sent'),
  )
