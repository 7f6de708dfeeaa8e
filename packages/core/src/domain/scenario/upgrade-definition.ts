import { hour } from '../time/instant.ts'
import type { WaitSpec } from '../time/wait-spec.ts'
import type { ScenarioDefinition, ScenarioStep } from './scenario-definition.ts'

export type ScenarioStep1 =
  | (Omit<Extract<ScenarioStep, { kind: 'send' }>, 'urgent'> & { readonly urgent?: never })
  | { readonly kind: 'wait'; readonly id: string; readonly wait: WaitSpec; readonly next: string | null }
  | {
      readonly kind: 'branch'
      readonly id: string
      readonly segment: string
      readonly yes: string | null
      readonly no: string | null
    }
  | { readonly kind: 'end'; readonly id: string }

/** Format 1, as the first release stored it. */
export interface ScenarioDefinition1
  extends Pick<ScenarioDefinition, 'name' | 'version' | 'exitOn' | 'window' | 'maxEventAge' | 'first' | 'segments'> {
  readonly format: 1
  readonly enterOn: string | null
  readonly reentry: 'once' | 'every-event'
  readonly steps: { readonly [id: string]: ScenarioStep1 }
}

/** Formats of stored definitions that this code reads. */
export const readableFormats: readonly number[] = [1, 2]

/** A step of format 1 as one of the format of now. */
export const upgradeStep = (step: ScenarioStep1): ScenarioStep => {
  switch (step.kind) {
    case 'send':
      return { ...step, urgent: null }
    case 'wait':
      return { ...step, from: { kind: 'previous' }, past: { kind: 'skip' } }
    case 'branch': {
      const { segment, ...rest } = step
      return { ...rest, on: { kind: 'segment', segment } }
    }
    case 'end':
      return step
  }
}

/** A stored definition of any readable format in the format of now; its meaning does not change. */
export const upgradeDefinition = (stored: ScenarioDefinition | ScenarioDefinition1): ScenarioDefinition => {
  if (stored.format === 2) return stored
  const { enterOn, reentry, steps, ...rest } = stored
  return {
    ...rest,
    format: 2,
    trigger: enterOn === null ? null : { kind: 'event', event: enterOn, where: null },
    exitWhen: null,
    goal: null,
    reentry: { kind: reentry },
    minGap: 12 * hour,
    priority: 0,
    inFlight: 'pin',
    successors: {},
    steps: Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, upgradeStep(step)])),
  }
}
