import { expect, test } from 'vitest'
import { documentText, isSameJson, storable } from './json-text.ts'

test('what PostgreSQL text cannot hold is replaced in documents, keys included; everything else stays as it is', () => {
  const value = { 'a\u0000b': ['x\u0000', '\ud800', '😀', 'C:\\u0000'], nested: { n: 1.5, t: true, z: null } }
  const kept = { 'a\ufffdb': ['x\ufffd', '\ufffd', '😀', 'C:\\u0000'], nested: { n: 1.5, t: true, z: null } }
  expect(JSON.parse(documentText(value))).toEqual(kept)
  expect(storable(value)).toEqual(kept)
})

test('two values are the same whatever the order of their keys, never across types', () => {
  expect(isSameJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true)
  expect(isSameJson({ a: 1 }, { a: '1' })).toBe(false)
  expect(isSameJson({ a: 1 }, { a: 1, b: null })).toBe(false)
  expect(isSameJson([], {})).toBe(false)
})
