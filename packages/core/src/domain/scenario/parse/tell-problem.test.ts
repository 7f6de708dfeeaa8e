import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isJapanese } from '../../../../test/english-in.ts'
import { problemSentences } from './problem-sentences.ts'
import { readProblem, tellProblem } from './tell-problem.ts'

const samples: { readonly [hole: string]: string } = {
  n: '3',
  raw: 'event.title',
  name: '"my.name"',
  names: '"one", "two"',
  kind: 'string',
  value: 'a text',
  range: 'at least 2',
  choice: 'one of "a", "b"',
  expected: 'a whole number',
  sentence: 'must be an object, got 5.',
}
const written = (sentence: string): string => sentence.replaceAll(/\{(\w+)\}/g, (_, hole: string) => samples[hole] ?? '?')

test.each(problemSentences)('$code: $en', ({ code, en }) => {
  const told = readProblem(written(en))
  expect(told.code).toBe(code)
  expect(told.ja).not.toContain('{')
  expect(isJapanese(told.ja), told.ja).toBe(true)
  expect(tellProblem({ path: 'steps', problem: written(en) })).toEqual({ path: 'steps', code, problem: written(en) })
})

test.each([
  [
    'must be one of "event", "segment", got "weather".',
    'choice',
    '「event」、「segment」のいずれかを指定してください（現在の値: 「weather」）。',
  ],
  ['must be "event", got nothing.', 'choice', '「event」を指定してください（現在の値: なし）。'],
  ['must be 2, got "2".', 'choice', '2を指定してください（現在の値: 「2」）。'],
  [
    'must be a text of 2 or more characters, got "x" (the model).',
    'range',
    'モデルでは、2文字以上にしてください（現在の値: 「x」）。',
  ],
  ['must be a text, got 5 (template "hello").', 'kind', 'テンプレート「hello」では、テキストを指定してください（現在の値: 5）。'],
  ['is required (template "hello").', 'missing', 'テンプレート「hello」では、必須です。'],
  ['must be at least 1, got 0.', 'range', '1以上にしてください（現在の値: 0）。'],
  ['event.titel does not exist.', 'reference', 'event.titel はありません。'],
  [
    'is missing: it must be one of "literal", "or". Write a constant as {…} and what the event brought as {!}.',
    'expression',
    '値がありません。「literal」、「or」のいずれかを指定してください。定数は {…}、イベントの値は {!} と書きます。',
  ],
])('%s', (problem, code, ja) => {
  expect(readProblem(problem)).toEqual({ code, ja })
})

test('what a schema of the app says in its own words is kept', () => {
  expect(readProblem('Choose a colour (template "hello").')).toEqual({
    code: 'unfit',
    ja: 'テンプレート「hello」では、条件に合いません（Choose a colour）。',
  })
})

test('the guide names every code', () => {
  const guide = readFileSync(new URL('../../../../../../docs/scenarios.md', import.meta.url), 'utf8')
  const [, row = ''] = /Codes of problems: (.*)/.exec(guide) ?? []
  const named = [...row.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code)
  expect(named.toSorted()).toEqual([...new Set(problemSentences.map(({ code }) => code)), 'unfit'].toSorted())
})
