import { expect, test } from 'vitest'
import type { FieldNode, SegmentNode } from '../../segment/segment-node.ts'
import { reachOf } from './satisfiable.ts'

const tags = (operator: FieldNode['operator'], value?: FieldNode['value']): FieldNode => ({
  kind: 'attribute',
  field: 'tags',
  type: 'list',
  operator,
  ...(value === undefined ? {} : { value }),
})
const not = (of: SegmentNode): SegmentNode => ({ kind: 'not', of })
const together = (...of: readonly SegmentNode[]) => reachOf({ kind: 'all', of })

test('a list has not what it must not have, nor anything when it is empty', () => {
  expect(together(tags('has', 'a'), tags('isEmpty'))).toBe('never')
  expect(together(tags('hasAll', ['a', 'b']), not(tags('has', 'b')))).toBe('never')
  expect(together(tags('hasAny', ['a', 'b']), not(tags('hasAny', ['a', 'b', 'c'])))).toBe('never')
  expect(together(tags('has', 'a'), tags('has', 'b'), not(tags('hasAll', ['b', 'a'])))).toBe('never')
  expect(together(tags('has', 'a'), not(tags('isSet')))).toBe('never')
})

test('what can be is left alone: a list without a value is empty, and elements differ by type', () => {
  expect(together(tags('isEmpty'), not(tags('isSet')))).toBe('depends')
  expect(together(tags('isEmpty'), tags('isSet'))).toBe('depends')
  expect(together(tags('has', 1), not(tags('has', '1')))).toBe('depends')
  expect(together(tags('hasAny', ['a', 'b']), not(tags('has', 'a')))).toBe('depends')
  expect(together(tags('has', 'a'), not(tags('hasAll', ['a', 'b'])))).toBe('depends')
})
