import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isJapanese } from '../../../../test/english-in.ts'
import { findingSentences } from './finding.ts'

const guide = readFileSync(new URL('../../../../../../docs/scenarios.md', import.meta.url), 'utf8')
const table = guide.slice(guide.indexOf('| Level | Codes |'))

test.each(['error', 'warning', 'note'] as const)('the guide names every finding of the level %s', (level) => {
  const row = table.split('\n').find((line) => line.startsWith(`| \`${level}\` |`)) ?? ''
  const named = [...row.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code).slice(1)
  const found = Object.entries(findingSentences).flatMap(([code, finding]) => (finding.level === level ? [code] : []))
  expect(named.toSorted()).toEqual(found.toSorted())
})

/** What stands in the sentences: names and numbers, and what is wrong with a value. */
const problem = 'must be a text, got 5 (template "hello").'
const words = new Proxy({}, { get: (_, key) => (key === 'problem' ? problem : 'x1') })

test.each(Object.entries(findingSentences))('%s is Japanese throughout', (_, { ja }) => {
  expect(ja(words)).toSatisfy(isJapanese)
})

test.each(['enterOn', 'exitWhen', 'goal'])('tells where a segment is used: %s', (use) => {
  for (const code of ['unknown-segment', 'segment-never', 'segment-always'] as const)
    expect(findingSentences[code].ja({ segment: 'x', use })).not.toContain(use)
  expect(findingSentences['unknown-segment'].ja({ segment: 'x', use, step: use })).toContain(`「${use}」`)
})
