import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findingSentences } from './finding.ts'

const guide = readFileSync(new URL('../../../../../../docs/scenarios.md', import.meta.url), 'utf8')
const table = guide.slice(guide.indexOf('| Level | Codes |'))

test.each(['error', 'warning', 'note'] as const)('the guide names every finding of the level %s', (level) => {
  const row = table.split('\n').find((line) => line.startsWith(`| \`${level}\` |`)) ?? ''
  const named = [...row.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code).slice(1)
  const found = Object.entries(findingSentences).flatMap(([code, finding]) => (finding.level === level ? [code] : []))
  expect(named.toSorted()).toEqual(found.toSorted())
})
