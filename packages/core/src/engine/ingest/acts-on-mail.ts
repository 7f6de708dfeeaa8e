import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import { asksAboutMail } from '../../domain/segment/asks-about-mail.ts'

const hasMailStep = ({ steps }: ScenarioDefinition): boolean =>
  Object.values(steps).some(
    (step) =>
      (step.kind === 'branch' && step.on.kind === 'mail') ||
      (step.kind === 'wait-for' && step.arms.some(({ on }) => on.kind === 'mail')),
  )

/**
 * Whether one of these scenarios does something about what becomes of mail: a branch or wait on a mail's fate, or a segment that
 * asks who was sent, opened or clicked what. Where none does, news of mail need not be told to anybody's enrolments.
 */
export const actsOnMail = (definitions: Iterable<ScenarioDefinition>): boolean =>
  [...definitions].some(
    (definition) => hasMailStep(definition) || Object.values(definition.segments).some((tree) => asksAboutMail(tree)),
  )
