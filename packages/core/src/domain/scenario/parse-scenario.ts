import { sentenceOf } from '../issue-sentence.ts'
import { tellValue } from '../tell-value.ts'
import { readPlainJson } from './parse/plain-json.ts'
import { type BareProblem, type DefinitionProblem, problemsOf } from './parse/problem.ts'
import { fateProblems, loopProblems, type Names, ownProblems, stepProblems } from './parse/reference-problems.ts'
import { scenarioObject1, step1 } from './parse/scenario-1-schema.ts'
import { scenarioObject } from './parse/scenario-schema.ts'
import { step } from './parse/step-schema.ts'
import { type ProblemLanguage, tellProblem } from './parse/tell-problem.ts'
import type { ScenarioDefinition, ScenarioStep } from './scenario-definition.ts'
import { readableFormats, upgradeDefinition, upgradeStep } from './upgrade-definition.ts'

export type { DefinitionProblem } from './parse/problem.ts'
export type { DefinitionProblemCode } from './parse/problem-sentences.ts'

export interface ParseScenarioOptions {
  /** Of the sentences. Default `en`. */
  readonly language?: ProblemLanguage
}

export type ParsedScenario =
  | { readonly ok: true; readonly definition: ScenarioDefinition }
  | { readonly ok: false; readonly problems: readonly DefinitionProblem[] }

type Reading =
  | { readonly ok: true; readonly definition: ScenarioDefinition }
  | { readonly ok: false; readonly problems: readonly BareProblem[] }

/**
 * Reads a scenario from JSON, as `toJSON` of one or an app's own editor wrote it: format 2, or format 1, which is upgraded.
 * Answers the definition, equal to what was written, or everything that is wrong with its path: `steps.hello.next: there is no
 * step "x"`. Looked at are shape, names, references between steps and to segments, durations, times of day, weights, and what
 * databases cannot store. Not looked at: whether the model has the events and attributes (`mail.scenarios.save` does), and
 * what a reader would find odd (`check`), such as steps that nobody reaches. Each problem has a stable code and a sentence in the
 * language asked for. Never throws.
 */
export const parseScenario = (json: unknown, options: ParseScenarioOptions = {}): ParsedScenario => {
  const reading = readingOf(json)
  return reading.ok ? reading : { ok: false, problems: reading.problems.map((one) => tellProblem(one, options.language)) }
}

const readingOf = (json: unknown): Reading => {
  try {
    return readScenario(json)
  } catch {
    // Getters and proxies that throw, or that answer otherwise the second time.
    return { ok: false, problems: [{ path: '', problem: 'could not be read: looking at it throws, so it is not JSON.' }] }
  }
}

const readScenario = (json: unknown): Reading => {
  if (isRecord(json) && typeof json.toJSON === 'function')
    return { ok: false, problems: [{ path: '', problem: 'must be plain JSON: give what its toJSON() answers.' }] }
  const first = readPlainJson(json)
  if (!first.isReadable || !isRecord(json)) {
    return {
      ok: false,
      problems:
        first.problems.length > 0 ? first.problems : [{ path: '', problem: `must be an object, got ${tellValue(json)}.` }],
    }
  }
  if (typeof json.format === 'number' && !readableFormats.includes(json.format))
    return {
      ok: false,
      problems: [{ path: 'format', problem: `${json.format} is not a format that this version of Tobiishi reads.` }],
    }
  const result = json.format === 1 ? read1(json) : read2(json)
  if (result.ok && first.problems.length === 0) return result
  return { ok: false, problems: unique([...first.problems, ...(result.ok ? [] : result.problems)]) }
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const read2 = (json: { readonly [key: string]: unknown }): Reading => {
  const read = scenarioObject.safeParse(json, { error: sentenceOf })
  if (read.success) return answer(read.data)
  return { ok: false, problems: [...problemsOf(read.error), ...salvage(json, (one) => step.safeParse(one).data)] }
}

const read1 = (json: { readonly [key: string]: unknown }): Reading => {
  const read = scenarioObject1.safeParse(json, { error: sentenceOf })
  const upgraded = (one: unknown): ScenarioStep | undefined => {
    const { data } = step1.safeParse(one)
    return data === undefined ? undefined : upgradeStep(data)
  }
  const result = read.success
    ? answer(upgradeDefinition(read.data))
    : { ok: false as const, problems: [...problemsOf(read.error), ...salvage(json, upgraded)] }
  if (result.ok) return result
  return { ok: false, problems: result.problems.map((one) => ({ ...one, path: one.path.replace(/\.on\.segment$/, '.segment') })) }
}

const answer = (definition: ScenarioDefinition): Reading => {
  const names = namesOf(definition.steps, definition.segments)
  const problems = [
    ...ownProblems(definition, names),
    ...Object.entries(definition.steps).flatMap(([id, one]) => stepProblems(id, one, names)),
  ]
  const found = firstOf(
    () => problems,
    () => loopProblems(definition),
    () => fateProblems(definition),
  )
  return found.length > 0 ? { ok: false, problems: found } : { ok: true, definition }
}

/** What the first look finds that finds anything: what comes after it may be wrong only because of it. */
const firstOf = (...looks: readonly (() => readonly BareProblem[])[]): readonly BareProblem[] => {
  for (const look of looks) {
    const found = look()
    if (found.length > 0) return found
  }
  return []
}

/** Of a definition that is wrong elsewhere: what the steps that can be read say of the others. */
const salvage = (
  json: { readonly [key: string]: unknown },
  readStep: (json: unknown) => ScenarioStep | undefined,
): readonly BareProblem[] => {
  if (!isRecord(json.steps) || !isRecord(json.segments)) return []
  const names = namesOf(json.steps, json.segments)
  return Object.entries(json.steps).flatMap(([id, one]) => {
    const read = readStep(one)
    return read === undefined ? [] : stepProblems(id, read, names)
  })
}

const namesOf = (steps: { readonly [id: string]: unknown }, segments: { readonly [name: string]: unknown }): Names => ({
  steps: new Map(Object.entries(steps).map(([id, one]) => [id, isRecord(one) ? one.kind : undefined])),
  segments: new Set(Object.keys(segments)),
})

const unique = (problems: readonly BareProblem[]): readonly BareProblem[] => [
  ...new Map(problems.map((one) => [JSON.stringify(one), one])).values(),
]
