import { minute } from '../../time/instant.ts'
import type { WaitSpec } from '../../time/wait-spec.ts'
import type { ScenarioDefinition, ScenarioStep } from '../scenario-definition.ts'
import { isAct } from '../wait-for-arms.ts'
import { isPause, reachableFrom, waysOf } from './graph.ts'

/**
 * The waits of a loop in which none takes a minute. After a day without a worker such a loop has millions of steps to catch up
 * with for one contact, and would hold the host's thread meanwhile.
 */
export const briefLoops = (definition: ScenarioDefinition): readonly string[] =>
  Object.values(definition.steps)
    .filter((step) => isBriefPause(step) && reachableFrom(definition, waysOf(step), isQuick).has(step.id))
    .map(({ id }) => id)

/**
 * Pauses of a loop with a mail in it that may all be over at once: calls that the app answers in no time, segments that the contact
 * is in. It would send to one contact without end. Those of `briefLoops` are left out.
 */
export const floodingLoops = (definition: ScenarioDefinition): readonly string[] => {
  const told = new Set(briefLoops(definition))
  const steps = Object.values(definition.steps)
  const behind = (step: ScenarioStep) => reachableFrom(definition, quickWaysOf(step), () => true, quickWaysOf)
  const sends = steps.filter(({ kind }) => kind === 'send').map((step) => ({ id: step.id, behind: behind(step) }))
  const isInLoop = (step: ScenarioStep): boolean => {
    const own = behind(step)
    return sends.some((send) => own.has(send.id) && send.behind.has(step.id))
  }
  return steps.filter((step) => isPause(step) && !told.has(step.id) && isInLoop(step)).map(({ id }) => id)
}

/** The ways out of a step that may be open in less than a minute, though nobody does anything. */
const quickWaysOf = (step: ScenarioStep): readonly (string | null)[] => {
  if (step.kind === 'wait') return isBriefPause(step) ? [step.next] : []
  if (step.kind !== 'wait-for') return waysOf(step)
  const { arms, timeout } = step
  return [...arms.filter(({ on }) => !isAct(on)).map(({ next }) => next), ...(isBrief(timeout.wait) ? [timeout.next] : [])]
}

const isBriefPause = (step: ScenarioStep): boolean => {
  if (step.kind === 'wait') return step.from.kind === 'previous' && isBrief(step.wait)
  return step.kind === 'wait-for' && isBrief(step.timeout.wait)
}

const isBrief = (wait: WaitSpec): boolean => wait.kind === 'elapsed' && wait.ms < minute

const isQuick = (step: ScenarioStep): boolean => !isPause(step) || isBriefPause(step)
