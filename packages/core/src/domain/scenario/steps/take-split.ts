import { type ChosenVariant, chooseVariant, namedVariant } from '../choose-variant.ts'
import type { Effect } from '../enrolment.ts'
import { remember } from '../memory.ts'
import type { SplitStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { leave, type Progress, type Walk } from '../walk.ts'

/** The variant written down, in this run or earlier; null where there is none, or one that the split has no more. */
const keptVariant = (step: SplitStep, { effects }: Walk, { facts }: World): ChosenVariant | null => {
  const own = effects.find((effect) => effect.kind === 'assign' && effect.experiment === step.experiment)
  const name = own?.kind === 'assign' ? own.variant : (facts.variant(step.experiment) ?? null)
  return name === null ? null : namedVariant(step, name)
}

/** Goes the way of the contact's variant, which is written down the first time. In two holdouts at once, the outer one counts. */
export const takeSplit = (step: SplitStep, walk: Walk, world: World): Progress => {
  const kept = keptVariant(step, walk, world)
  const variant = kept ?? chooseVariant(step, walk.enrolment.contactId)
  if (variant === null) return leave(walk, null)
  const { enrolment } = walk
  const holdout = variant.isHoldout ? { until: step.holdout?.until ?? null } : undefined
  const after: Walk = { ...walk, enrolment: remember(enrolment, { holdout: enrolment.memory.holdout ?? holdout }) }
  const effect: Effect = { kind: 'assign', experiment: step.experiment, variant: variant.name }
  return leave(after, variant.next, kept === null ? { effect } : {})
}
