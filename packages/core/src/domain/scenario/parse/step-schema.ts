import * as z from 'zod'
import { holdoutVariant } from '../choose-variant.ts'
import type { ScenarioStep } from '../scenario-definition.ts'
import { expression, expressions } from './expression-schema.ts'
import { awaited, choice } from './match-schema.ts'
import { experimentName, fieldName, name, next, scenarioLimits, sentence, span, weight } from './value-schema.ts'
import { anchor, forwardProblem, mayCountBack, pastPolicy, waitSpec } from './wait-schema.ts'

const send = z.strictObject({
  kind: z.literal('send'),
  id: name,
  template: name,
  props: expressions,
  sendWithin: span,
  late: z.enum(['skip', 'send', 'exit']),
  urgent: sentence.nullable(),
  next,
})

const wait = z
  .strictObject({ kind: z.literal('wait'), id: name, wait: waitSpec, from: anchor, past: pastPolicy, next })
  .superRefine(({ wait, from, past }, context) => {
    const problem = mayCountBack(from) ? null : forwardProblem(wait)
    if (problem !== null) context.addIssue({ code: 'custom', path: ['wait'], message: problem })
    if (from.kind === 'previous' && past.kind !== 'skip')
      context.addIssue({
        code: 'custom',
        path: ['past'],
        message: 'says nothing about a wait from the previous send: write skip.',
      })
  })

const waitFor = z
  .strictObject({
    kind: z.literal('wait-for'),
    id: name,
    arms: z
      .array(z.strictObject({ on: awaited, next }))
      .min(1)
      .max(scenarioLimits.arms),
    since: z.enum(['entry', 'previous', 'step']),
    timeout: z.strictObject({ wait: waitSpec, next }),
  })
  .superRefine(({ timeout }, context) => {
    const problem = forwardProblem(timeout.wait)
    if (problem !== null) context.addIssue({ code: 'custom', path: ['timeout', 'wait'], message: problem })
  })

const branch = z.strictObject({ kind: z.literal('branch'), id: name, on: choice, yes: next, no: next })

const split = z
  .strictObject({
    kind: z.literal('split'),
    id: name,
    experiment: experimentName,
    arms: z.array(z.strictObject({ name, weight, next })).min(1).max(scenarioLimits.arms),
    holdout: z.strictObject({ weight, until: next }).nullable(),
  })
  .superRefine(({ arms, holdout }, context) => {
    const problem = splitProblem(arms, holdout !== null)
    if (problem !== null) context.addIssue({ code: 'custom', path: ['arms'], message: problem })
  })

/** What is wrong with the arms of a split; null: nothing. */
export const splitProblem = (
  arms: readonly { readonly name: string; readonly weight: number }[],
  hasHoldout: boolean,
): string | null => {
  if (new Set(arms.map((arm) => arm.name)).size < arms.length) return 'two arms have one name.'
  if (arms.some((arm) => arm.name === holdoutVariant))
    return 'holdout is the name of those who get nothing: call the arm otherwise.'
  if (arms.every((arm) => arm.weight === 0)) return 'all weights are 0, so nobody goes on.'
  return arms.length === 1 && !hasHoldout ? 'a split of one arm decides nothing.' : null
}

const listChanges = z.record(fieldName, z.array(z.json()).min(1).max(100))

const update = z
  .strictObject({
    kind: z.literal('update'),
    id: name,
    set: z.record(fieldName, expression.nullable()),
    add: listChanges,
    remove: listChanges,
    next,
  })
  .superRefine(({ set, add, remove }, context) => {
    if ([set, add, remove].every((part) => Object.keys(part).length === 0))
      context.addIssue({ code: 'custom', message: 'an update of nothing.' })
    for (const attribute of Object.keys({ ...add, ...remove })) {
      if (Object.hasOwn(set, attribute))
        context.addIssue({ code: 'custom', path: ['set', attribute], message: 'is set and changed at once.' })
    }
    for (const [attribute, values] of Object.entries(add)) {
      const removed = (remove[attribute] ?? []).map((value) => JSON.stringify(value))
      if (values.some((value) => removed.includes(JSON.stringify(value))))
        context.addIssue({ code: 'custom', path: ['remove', attribute], message: 'a value is added and removed at once.' })
    }
  })

const call = z.strictObject({
  kind: z.literal('call'),
  id: name,
  handler: name,
  payload: expressions,
  waits: z.boolean(),
  timeout: span.max(3_600_000, { error: 'must be at most an hour (3600000 milliseconds).' }),
  attempts: z.int().min(1).max(scenarioLimits.attempts),
  next,
  failed: next,
})

export const step: z.ZodType<ScenarioStep> = z.discriminatedUnion('kind', [
  send,
  wait,
  waitFor,
  branch,
  split,
  update,
  call,
  z.strictObject({ kind: z.literal('go-to'), id: name, scenario: name, event: expressions }),
  z.strictObject({ kind: z.literal('end'), id: name }),
])
