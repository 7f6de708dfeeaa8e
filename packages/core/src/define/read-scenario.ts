import type { BareFinding, FindingLanguage } from '../domain/scenario/check/finding.ts'
import type { DefinitionProblem } from '../domain/scenario/parse/problem.ts'
import { parseScenario } from '../domain/scenario/parse-scenario.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import { definitionMisfits, type Misfit } from './check-definition.ts'
import type { DeclaredModel, DeclaredSegment, DeclaredTemplate } from './declared.ts'
import { mustBe } from './invalid-definition.ts'
import { isOptions, readChoice, readOptions } from './options.ts'
import { createScenarioTools, type ScenarioTools } from './scenario-tools.ts'
import { missingSegments } from './segments-in-json.ts'

export interface ReadScenarioOptions {
  /** Templates that steps may send. Without them templates are not looked at, and all mail is taken for marketing. */
  readonly templates?: readonly DeclaredTemplate[]
  /** Segments that the JSON may name without having their conditions in `segments`: these are copied in. Default none. */
  readonly segments?: readonly DeclaredSegment[]
  /** Of the problems' sentences. Default `en`. */
  readonly language?: FindingLanguage
}

/** A scenario that exists as JSON only: what an editor shows before it is saved, or what `mail.scenarios.export` answered. */
export interface StoredScenario extends ScenarioTools {
  /** To be saved; with the segments that were copied in. */
  readonly definition: ScenarioDefinition
  toJSON(): ScenarioDefinition
}

export type ReadScenario =
  | { readonly ok: true; readonly scenario: StoredScenario }
  /** What is wrong with the JSON as such, path by path, as `parseScenario` tells it. */
  | { readonly ok: false; readonly problems: readonly DefinitionProblem[] }

/** Stands for segments that are not there, so that all else can be read; never part of an answer. */
const nobody = { kind: 'not', of: { kind: 'everyone' } } as const

/** See `Model.readScenario`. Throws `definition.invalid` for options that are none. */
export const readScenario = (model: DeclaredModel, json: unknown, options: ReadScenarioOptions = {}): ReadScenario => {
  const loose = readOptions('readScenario', options, ['templates', 'segments', 'language'])
  requireList('readScenario.templates', loose.templates, 'template')
  requireList('readScenario.segments', loose.segments, 'segment')
  const language = readChoice('readScenario.language', loose.language, ['en', 'ja'], 'en')
  const { templates = null, segments = [] } = options
  const missing = missingSegments(json)
  const given = segments.filter(({ name }) => missing.has(name)).map(({ name, tree }) => [name, tree] as const)
  const unknown = [...missing].filter((name) => segments.every((segment) => segment.name !== name))
  const stand = unknown.map((name) => [name, nobody] as const)
  const parsed = parseScenario(withSegments(json, Object.fromEntries([...stand, ...given])), { language })
  if (!parsed.ok) return parsed
  const kept = Object.entries(parsed.definition.segments).filter(([name]) => !unknown.includes(name))
  const definition = { ...parsed.definition, segments: Object.fromEntries(kept) }
  const misfits = () =>
    definitionMisfits(definition, { model, templates }).flatMap(({ code, ...misfit }) =>
      code === null ? [] : [findingOf(code, misfit)],
    )
  const tools = createScenarioTools(definition, { model, templates, misfits })
  return { ok: true, scenario: Object.freeze({ definition, toJSON: () => definition, ...tools }) }
}

const requireList = (path: string, list: unknown, kind: 'template' | 'segment'): void => {
  if (list === undefined) return
  if (!Array.isArray(list)) throw mustBe(path, `a list of ${kind}s`, list)
  const stranger = list.findIndex((one: unknown) => !isOptions(one) || one.kind !== kind)
  if (stranger !== -1) throw mustBe(`${path}[${stranger}]`, `a ${kind} of the model`, list[stranger])
}

const withSegments = (json: unknown, segments: object): unknown =>
  Object.keys(segments).length > 0 && isOptions(json) && isOptions(json.segments)
    ? { ...json, segments: { ...json.segments, ...segments } }
    : json

const findingOf = (code: NonNullable<Misfit['code']>, { path, problem, step }: Omit<Misfit, 'code'>): BareFinding => ({
  code,
  step,
  words: { path, problem, name: /"([^"]*)"/.exec(problem)?.[1] ?? path },
})
