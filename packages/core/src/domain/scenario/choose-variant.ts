import type { SplitStep } from './scenario-definition.ts'
import { splitHash, splitRange } from './split-hash.ts'

/** Name of the variant that gets no mail. */
export const holdoutVariant = 'holdout'

/** A variant of a split and where it leads. */
export interface ChosenVariant {
  readonly name: string
  readonly next: string | null
  readonly isHoldout: boolean
}

type Share = ChosenVariant & { readonly weight: number }

/** The holdout walks the first arm, and has the last share. */
const sharesOf = ({ arms, holdout }: SplitStep): readonly Share[] => {
  const shares = arms.map((arm) => ({ ...arm, isHoldout: false }))
  if (holdout === null) return shares
  return [...shares, { name: holdoutVariant, weight: holdout.weight, next: arms[0]?.next ?? null, isHoldout: true }]
}

const variantOf = ({ name, next, isHoldout }: Share): ChosenVariant => ({ name, next, isHoldout })

/** The variant of that name; null where the split has it no more. */
export const namedVariant = (step: SplitStep, name: string): ChosenVariant | null => {
  const share = sharesOf(step).findLast((one) => one.name === name)
  return share === undefined ? null : variantOf(share)
}

/**
 * The variant of a contact that has none yet, in proportion to the weights. Integer arithmetic for integer weights: the same on
 * every machine. Null for a split without arms.
 */
export const chooseVariant = (step: SplitStep, contactId: string): ChosenVariant | null => {
  const shares = sharesOf(step)
  const total = shares.reduce((sum, { weight }) => sum + weight, 0)
  const place = splitHash(contactId, step.experiment) * total
  let end = 0
  for (const share of shares) {
    end += share.weight * splitRange
    if (place < end) return variantOf(share)
  }
  const [first] = shares
  return first === undefined ? null : variantOf(first)
}
