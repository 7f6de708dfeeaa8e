import { describe, expect, it } from 'vitest'
import { parseSegmentNode, requireSegmentNode } from './parse-segment-node.ts'

const plan = { kind: 'attribute', field: 'plan', type: 'string', operator: '=', value: 'pro' }
const problemOf = (json: unknown): string => {
  const result = parseSegmentNode(json)
  return result.ok ? 'none' : result.problems.map(({ path, problem }) => `${path}: ${problem}`).join('\n')
}
const nested = (depth: number): unknown => (depth === 1 ? plan : { kind: 'not', of: nested(depth - 1) })

describe('parseSegmentNode', () => {
  it('takes a tree as it is stored', () => {
    const tree = {
      kind: 'all',
      of: [
        plan,
        { kind: 'everyone' },
        { kind: 'event', event: 'order', within: 1_000, count: { operator: '>=', value: 2 }, where: { kind: 'not', of: plan } },
        {
          kind: 'message',
          did: 'clicked',
          within: 1_000,
          count: { operator: '=', value: 0 },
          scenario: 'welcome',
          step: 'hello',
        },
      ],
    }
    expect(parseSegmentNode(JSON.parse(JSON.stringify(tree)))).toEqual({ ok: true, tree })
  })

  it('names the place of what is wrong', () => {
    expect(problemOf({ kind: 'all', of: [plan, { ...plan, value: 3 }] })).toContain('of[1].value: ')
    expect(problemOf({ kind: 'any', of: [{ ...plan, operator: 'like' }] })).toContain('of[0].operator: ')
    expect(problemOf({ kind: 'sql', text: '1=1' })).toContain('kind: ')
    expect(problemOf({ ...plan, extra: 1 })).toContain('extra')
    expect(problemOf(null)).not.toBe('none')
  })

  it('refuses operators and operands that the type does not have', () => {
    expect(problemOf({ ...plan, type: 'boolean', operator: '<', value: true })).toBe('operator: < is not for a boolean.')
    expect(problemOf({ ...plan, type: 'list', operator: '=' })).toBe('operator: = is not for a list.')
    expect(problemOf({ ...plan, operator: 'isSet' })).toBe('value: isSet takes no value.')
    expect(problemOf({ ...plan, type: 'date', value: '2026-02-30' })).toContain('is not a date')
    expect(problemOf({ ...plan, operator: 'in', value: [] })).toContain('value: ')
    expect(problemOf({ ...plan, operator: 'in', value: Array(1_001).fill('a') })).toContain('value: ')
    expect(problemOf({ ...plan, operator: 'in', value: ['a', 1] })).toContain('value[1]: ')
    expect(problemOf({ kind: 'attribute', field: 'plan', type: 'string', operator: '=' })).toContain('value: ')
  })

  it('takes elements where lists are asked, and only there', () => {
    const tags = { kind: 'attribute', field: 'tags', type: 'list', operator: 'has', value: 'a' }
    expect(problemOf(tags)).toBe('none')
    expect(problemOf({ ...tags, value: ['a'] })).toContain('value: ')
    expect(problemOf({ ...tags, value: undefined })).toContain('value: ')
    expect(problemOf({ ...tags, operator: 'hasAny', value: ['a', 1, true] })).toBe('none')
    expect(problemOf({ ...tags, operator: 'hasAny', value: [] })).toContain('value: ')
    expect(problemOf({ ...tags, operator: 'hasAll', value: ['a', null] })).toContain('value[1]: ')
    expect(problemOf({ ...tags, operator: 'isEmpty' })).toBe('value: isEmpty takes no value.')
    expect(problemOf({ ...tags, type: 'string' })).toBe('operator: has is not for a string.')
  })

  it('refuses texts that databases cannot store', () => {
    expect(problemOf({ ...plan, value: 'a\u0000b' })).toContain('NUL')
    expect(problemOf({ ...plan, value: '\uD83D' })).toContain('surrogate')
    expect(problemOf({ ...plan, field: '\u0000' })).toContain('field: ')
  })

  it('asks only about the payload inside where', () => {
    const where = (node: unknown) => ({ kind: 'event', event: 'order', count: { operator: '>=', value: 1 }, where: node })
    expect(problemOf(where(plan))).toBe('none')
    expect(problemOf(where({ kind: 'everyone' }))).toContain('where')
    expect(problemOf(where({ kind: 'all', of: [where(plan)] }))).toContain('where.of[0]')
  })

  it('asks for a scenario where it asks for a step, and not about mail inside where', () => {
    const mail = { kind: 'message', did: 'opened', count: { operator: '>=', value: 1 } }
    expect(problemOf({ ...mail, scenario: 'welcome' })).toBe('none')
    expect(problemOf({ ...mail, step: 'hello' })).toBe('step: is a step of a scenario: name the scenario too.')
    expect(problemOf({ ...mail, did: 'read' })).toContain('did: ')
    expect(problemOf({ ...mail, within: 0 })).toContain('within: ')
    expect(problemOf({ kind: 'event', event: 'order', count: mail.count, where: mail })).toContain('where')
    expect(problemOf({ kind: 'any', of: Array(65).fill(mail) })).toContain('more than 64 conditions')
  })

  it('keeps depth and number of conditions within limits, hostile input included', () => {
    expect(problemOf(nested(8))).toBe('none')
    expect(problemOf(nested(9))).toContain('nested more than 8 deep')
    expect(problemOf(nested(5_000))).toContain('nested more than 8 deep')
    expect(problemOf({ kind: 'any', of: Array(64).fill(plan) })).toBe('none')
    expect(problemOf({ kind: 'any', of: Array(65).fill(plan) })).toContain('more than 64 conditions')
    expect(problemOf({ kind: 'any', of: Array(65).fill({ kind: 'all', of: [] }) })).toContain('more than 64 conditions')
  })

  it('throws with owner and path where a tree is required', () => {
    expect(() => requireSegmentNode({ kind: 'not', of: { ...plan, value: 3 } }, 'segment "x"')).toThrow(
      /^segment "x", of\.value: /,
    )
  })
})
