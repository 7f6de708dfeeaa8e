import type * as z from 'zod'
import type { DefinitionProblemCode } from './problem-sentences.ts'

/** Something wrong in a definition, as it is found: in English. */
export interface BareProblem {
  /** Where, as `steps.hello.next` or `steps["2nd.mail"].props.brochure`; empty: the whole. */
  readonly path: string
  /** What is wrong there, as a sentence. */
  readonly problem: string
}

/** Something wrong in a definition that was given as JSON. */
export interface DefinitionProblem extends BareProblem {
  /** Stable; what it is whatever the language. */
  readonly code: DefinitionProblemCode
  /** What is wrong there, as a sentence in the language asked for. */
  readonly problem: string
}

/** A path as people write it: a key that could be misread stands in brackets. */
export const spellPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((spelled, key) => {
    if (typeof key === 'number') return `${spelled}[${key}]`
    const text = String(key)
    if (!/^[\p{L}\p{N}\p{M}_$-]+$/u.test(text)) return `${spelled}[${JSON.stringify(text)}]`
    return spelled === '' ? text : `${spelled}.${text}`
  }, '')

/** zod's findings, in words that fit after a path; a key that is not known is a problem of its own. */
export const problemsOf = (error: z.ZodError): readonly BareProblem[] =>
  error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: spellPath([...issue.path, key]), problem: 'is not known here.' }))
    if (issue.code === 'invalid_key') return [{ path: spellPath(issue.path), problem: issue.issues[0]?.message ?? issue.message }]
    return [{ path: spellPath(issue.path), problem: issue.message }]
  })
