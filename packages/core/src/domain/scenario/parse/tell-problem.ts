import type { BareProblem, DefinitionProblem } from './problem.ts'
import { holes } from './problem-holes.ts'
import { type DefinitionProblemCode, problemSentences } from './problem-sentences.ts'

export type ProblemLanguage = 'ja' | 'en'

interface Told {
  readonly code: DefinitionProblemCode
  readonly ja: string
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const brace = /\{(\w+)\}/

/** Split by braces: literal, name, literal, name, …, literal. */
const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template
      .split(brace)
      .map((part, index) => (index % 2 === 0 ? literally(part) : `(${holes[part]?.pattern ?? '.+?'})`))
      .join('')}$`,
    'su',
  )

const compiled = problemSentences.map(({ code, en, ja }) => {
  const names = [...en.matchAll(new RegExp(brace, 'g'))].map(([, name = '']) => name)
  return { code, ja, names, pattern: patternOf(en) }
})

const read = (problem: string): Told | null => {
  for (const { code, ja, names, pattern } of compiled) {
    const found = pattern.exec(problem)
    if (found !== null) return { code, ja: filled(ja, names, found.slice(1)) }
  }
  return null
}

/** The n-th brace of a name takes the n-th words of that name. */
const filled = (template: string, names: readonly string[], words: readonly string[]): string => {
  const said = names.map((name, index) => ({ name, text: inJapaneseBy(name, words[index] ?? '') }))
  return template.replaceAll(new RegExp(brace, 'g'), (_, name: string) => {
    const index = said.findIndex((one) => one.name === name)
    return said.splice(index === -1 ? said.length : index, 1)[0]?.text ?? ''
  })
}

const inJapaneseBy = (name: string, words: string): string =>
  name === 'sentence' ? readProblem(words).ja : (holes[name]?.ja(words) ?? words)

/** Whose rule it is: ` (template "hello").` at the end. */
const owned = /^(.*) \((?:template "([^"]*)"|the model)\)\.$/s

/** What a problem is and how Japanese says it. What a schema of the app says in words of its own is kept as it is. */
export const readProblem = (problem: string): Told => {
  const [, own, template] = owned.exec(problem) ?? []
  if (own === undefined) return read(problem) ?? unfit(problem)
  const place = template === undefined ? 'モデル' : `テンプレート「${template}」`
  const { code, ja } = read(`${own}.`) ?? unfit(own)
  return { code, ja: `${place}では、${ja}` }
}

const unfit = (words: string): Told => ({ code: 'unfit', ja: `条件に合いません（${words}）。` })

/** The problem with its code, in this language. */
export const tellProblem = ({ path, problem }: BareProblem, language: ProblemLanguage = 'en'): DefinitionProblem => {
  const { code, ja } = readProblem(problem)
  return { path, code, problem: language === 'ja' ? ja : problem }
}
