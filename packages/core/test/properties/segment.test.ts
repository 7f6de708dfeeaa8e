import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/domain/json.ts'
import { describeSegment } from '../../src/domain/segment/describe-segment.ts'
import { evaluateSegment, type SegmentEvent, type SegmentMessage } from '../../src/domain/segment/evaluate-segment.ts'
import { parseSegmentNode } from '../../src/domain/segment/parse-segment-node.ts'
import type { EventNode, FieldNode, SegmentNode } from '../../src/domain/segment/segment-node.ts'
import { events, fieldNodes, messages, now, records, trees } from './segment-arbitrary.ts'

interface Person {
  readonly attributes: JsonObject
  readonly events: SegmentEvent[]
  readonly messages: SegmentMessage[]
}
const people: fc.Arbitrary<Person> = fc.record({ attributes: records, events, messages })

const holds = (tree: SegmentNode, person: Person): boolean =>
  evaluateSegment({ tree, now, today: '2026-11-21' }, person, person.events, person.messages)
const not = (of: SegmentNode): SegmentNode => ({ kind: 'not', of })
const all = (...of: SegmentNode[]): SegmentNode => ({ kind: 'all', of })
const any = (...of: SegmentNode[]): SegmentNode => ({ kind: 'any', of })
const same = (left: SegmentNode, right: SegmentNode, person: Person) => expect(holds(left, person)).toBe(holds(right, person))

describe('laws of segments', () => {
  it('count(P) + count(not P) = count(all)', () => {
    fc.assert(
      fc.property(trees, fc.array(people, { maxLength: 20 }), (tree, crowd) => {
        const inside = crowd.filter((person) => holds(tree, person)).length
        const outside = crowd.filter((person) => holds(not(tree), person)).length
        expect(inside + outside).toBe(crowd.length)
      }),
    )
  })

  it('de Morgan, and order does not matter', () => {
    fc.assert(
      fc.property(trees, trees, people, (p, q, person) => {
        same(not(all(p, q)), any(not(p), not(q)), person)
        same(not(any(p, q)), all(not(p), not(q)), person)
        same(all(p, q), all(q, p), person)
        same(any(p, q), any(q, p), person)
        same(not(not(p)), p, person)
      }),
    )
  })

  it('operators are made of each other, a missing or unfit value being in none', () => {
    const field = fieldNodes.filter(
      ({ operator, type }) => operator !== 'isSet' && operator !== 'in' && type !== 'boolean' && type !== 'list',
    )
    fc.assert(
      fc.property(field, people, (node, person) => {
        const by = (operator: FieldNode['operator']): SegmentNode => ({ ...node, operator })
        const { value: _, ...rest } = node
        const isSet: SegmentNode = { ...rest, operator: 'isSet' }
        same(by('!='), all(isSet, not(by('='))), person)
        same(by('<='), any(by('<'), by('=')), person)
        same(by('>='), any(by('>'), by('=')), person)
        same(by('>'), all(isSet, not(by('<='))), person)
        same(by('<'), all(isSet, not(by('>='))), person)
        same({ ...node, operator: 'in', value: [node.value ?? null] }, by('='), person)
      }),
      { numRuns: 500 },
    )
  })

  it('what a list has is made of single elements, and what is empty has none', () => {
    const list = fieldNodes.filter((node) => Array.isArray(node.value) && node.type === 'list')
    fc.assert(
      fc.property(list, people, (node, person) => {
        const { value, ...rest } = node
        const single = (value as readonly string[]).map((one): SegmentNode => ({ ...rest, operator: 'has', value: one }))
        same({ ...node, operator: 'hasAny' }, any(...single), person)
        same({ ...node, operator: 'hasAll' }, all(...single), person)
        if (holds(any(...single), person)) expect(holds({ ...rest, operator: 'isEmpty' }, person)).toBe(false)
        if (holds({ ...rest, operator: 'isEmpty' }, person)) expect(holds(node, person)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('counts fit together, whatever the order of events', () => {
    const node = fc.record({
      kind: fc.constant('event' as const),
      event: fc.constantFrom('order', 'visit'),
      where: fieldNodes,
    })
    fc.assert(
      fc.property(node, fc.integer({ min: 1, max: 4 }), people, (event, times, person) => {
        const count = (operator: '>=' | '=' | '<=', value: number): EventNode => ({ ...event, count: { operator, value } })
        same(count('>=', times), not(count('<=', times - 1)), person)
        same(count('=', times), all(count('>=', times), count('<=', times)), person)
        same(count('>=', times), count('>=', times), { ...person, events: [...person.events].reverse() })
        const narrow: SegmentNode = { ...count('>=', times), within: 1_000 }
        const wide: SegmentNode = { ...count('>=', times), within: 10_000_000 }
        if (holds(narrow, person)) expect(holds(wide, person)).toBe(true)
        if (holds(wide, person)) expect(holds(count('>=', times), person)).toBe(true)
      }),
    )
  })

  it('a tree is JSON: stored, parsed and read aloud it stays the same', () => {
    fc.assert(
      fc.property(trees, people, (tree, person) => {
        const stored = parseSegmentNode(JSON.parse(JSON.stringify(tree)))
        if (!stored.ok) throw new Error(JSON.stringify(stored.problems))
        same(stored.tree, tree, person)
        expect(describeSegment(stored.tree, 'ja')).toBe(describeSegment(tree, 'ja'))
        expect(describeSegment(tree, 'en')).not.toMatch(/undefined|\[object/)
      }),
    )
  })
})
