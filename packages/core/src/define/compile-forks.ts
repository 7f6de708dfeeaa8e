import { splitProblem } from '../domain/scenario/parse/step-schema.ts'
import { experimentPattern, scenarioLimits } from '../domain/scenario/parse/value-schema.ts'
import { type CompileNode, keepSegment } from './compile-context.ts'
import { invalidDefinition, mustBe, requireName } from './invalid-definition.ts'
import { mailMatchOf } from './mail-condition.ts'
import { isOptions, readOptions } from './options.ts'

export const compileBranch: CompileNode<'branch'> = ({ graph, path, compileArms }, step) => {
  const mail = mailMatchOf(step.on)
  const on = mail ?? { kind: 'segment' as const, segment: keepSegment(graph, path, step.on, 'the second argument') }
  const { yes, no } = readOptions(path, step.arms, ['yes', 'no'], 'the arms of branch are yes and no.')
  const lists = compileArms([
    { path: `${path}.yes`, steps: yes },
    { path: `${path}.no`, steps: no },
  ])
  if ([yes, no].every((arm) => arm === undefined || (Array.isArray(arm) && arm.length === 0)))
    throw invalidDefinition(path, 'both arms are empty, so nothing is decided.')
  const [first, second] = lists
  return {
    node: { kind: 'branch', id: step.id, on, yes: first?.first ?? null, no: second?.first ?? null },
    passes: lists.some(({ passes }) => passes),
  }
}

export const compileSplit: CompileNode<'split'> = ({ graph, path, next, compileArms }, step) => {
  const options = readOptions(path, step.options, ['experiment', 'arms', 'holdout'])
  const { holdout: holdoutWeight, experiment = `${graph.scenario}:${step.id}` } = options
  if (!isOptions(options.arms)) throw mustBe(`${path}.arms`, '{ a: { weight, steps }, b: { weight, steps } }', options.arms)
  const arms = Object.entries(options.arms).map(([name, arm]) => readArm(`${path}.arms`, name, arm))
  const holdout = holdoutWeight === undefined ? null : { weight: readWeight(`${path}.holdout`, holdoutWeight), until: next }
  const problem = arms.length === 0 ? 'a split has at least one arm.' : splitProblem(arms, holdout !== null)
  if (problem !== null) throw invalidDefinition(`${path}.arms`, problem)
  const lists = compileArms(arms.map(({ list }) => list))
  return {
    node: {
      kind: 'split',
      id: step.id,
      experiment: readExperiment(`${path}.experiment`, experiment),
      arms: arms.map(({ name, weight }, index) => ({ name, weight, next: lists[index]?.first ?? null })),
      holdout,
    },
    passes: lists.some(({ passes }) => passes),
  }
}

const readArm = (path: string, name: string, arm: unknown) => {
  const at = `${path}.${requireName(`${path}, ${JSON.stringify(name)}`, name)}`
  const { weight, steps } = readOptions(at, arm ?? null, ['weight', 'steps'])
  return { name, weight: readWeight(`${at}.weight`, weight), list: { path: `${at}.steps`, steps } }
}

const readWeight = (path: string, weight: unknown): number => {
  if (typeof weight === 'number' && Number.isInteger(weight) && weight >= 0 && weight <= scenarioLimits.weight) return weight
  throw mustBe(path, `a whole number from 0 to ${scenarioLimits.weight}`, weight)
}

const readExperiment = (path: string, experiment: unknown): string => {
  if (typeof experiment === 'string' && experimentPattern.test(experiment)) return experiment
  throw invalidDefinition(path, 'a name has 1 to 255 letters, digits or . _ : -.')
}
