import type { Json } from '../../json.ts'
import { evaluateExpression } from '../../reference/evaluate-expression.ts'
import { datedElsewhere } from '../dated-mail.ts'
import type { Effect } from '../enrolment.ts'
import type { UpdateStep } from '../scenario-definition.ts'
import type { World } from '../transition-contract.ts'
import { leave, type Progress, pauseHere, type Walk } from '../walk.ts'

/** The attributes to change: null clears, a reference to nothing leaves the attribute alone. */
const changesOf = ({ set }: UpdateStep, { enrolment }: Walk, { facts }: World): { readonly [name: string]: Json | null } => {
  const changes: { [name: string]: Json | null } = {}
  for (const [name, expression] of Object.entries(set)) {
    const scope = { event: enrolment.event, contact: facts.attributes }
    const value = expression === null ? null : evaluateExpression(expression, scope)
    if (value !== undefined) changes[name] = value
  }
  return changes
}

/** Stops behind the step: what follows is to see the new values, so it goes on at once in the next run. */
export const takeUpdate = (step: UpdateStep, walk: Walk, world: World): Progress => {
  const { add, remove } = step
  const set = changesOf(step, walk, world)
  const effect: Effect = { kind: 'update', set, add, remove }
  const here: Walk = { ...walk, enrolment: datedElsewhere(walk.enrolment, Object.keys(set), world) }
  const after = leave(here, step.next, { effect })
  return after.kind === 'on' ? pauseHere(after.walk, world) : after
}
