import { expect, it } from 'vitest'
import { finding } from './explain-finding.ts'

it.each([
  ['2026-01-05T01:00:59Z', '2026-01-05 10:00 (Asia/Tokyo)'],
  ['+010026-01-05T01:00:00Z', '10026-01-05 10:00 (Asia/Tokyo)'],
])('says when %s is', (at, said) => {
  const speaker = { language: 'en', timeZone: 'Asia/Tokyo' } as const
  expect(finding(speaker, 'waiting', { kind: 'waiting', at: Date.parse(at), step: 'a', waitsFor: null }).text).toContain(said)
})
