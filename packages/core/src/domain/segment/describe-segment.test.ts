import { describe, expect, it } from 'vitest'
import { day, hour } from '../time/instant.ts'
import { describeSegment } from './describe-segment.ts'
import type { FieldNode, MessageNode, SegmentNode } from './segment-node.ts'

const pro: SegmentNode = { kind: 'attribute', field: 'plan', type: 'string', operator: '=', value: 'pro' }
const rich: SegmentNode = { kind: 'attribute', field: 'total', type: 'number', operator: '>=', value: 10_000 }

describe('describeSegment', () => {
  it('reads a tree aloud in Japanese and English', () => {
    const tree: SegmentNode = {
      kind: 'all',
      of: [
        pro,
        { kind: 'event', event: 'order.placed', within: 30 * day, count: { operator: '>=', value: 2 }, where: rich },
        {
          kind: 'any',
          of: [
            { kind: 'not', of: pro },
            { kind: 'attribute', field: 'company', type: 'string', operator: 'isSet' },
          ],
        },
      ],
    }
    expect(describeSegment(tree, 'ja')).toBe(
      'plan が「pro」、かつ過去30日間に order.placed（total が10000以上）が2回以上、かつ（（plan が「pro」）ではない、または company がある）',
    )
    expect(describeSegment(tree, 'en')).toBe(
      'plan is “pro” and did order.placed (total is at least 10000) at least 2 times in the last 30 days and (not (plan is “pro”) or company is set)',
    )
  })

  it('says did and did not, and speaks of time as time', () => {
    const event = (value: number, operator: '=' | '>='): SegmentNode => ({
      kind: 'event',
      event: 'order',
      within: 36 * hour,
      count: { operator, value },
    })
    expect(describeSegment(event(0, '='), 'ja')).toBe('過去36時間に order がない')
    expect(describeSegment(event(1, '>='), 'en')).toBe('did order in the last 36 hours')
    const born: SegmentNode = { kind: 'attribute', field: 'birthday', type: 'date', operator: '<', value: '2000-01-01' }
    expect(describeSegment(born, 'ja')).toBe('birthday が2000-01-01より前')
    expect(describeSegment(born, 'en')).toBe('birthday is before 2000-01-01')
  })

  it.each<[Partial<MessageNode>, string, string]>([
    [{ did: 'opened', within: 30 * day }, '過去30日間にメールを開封した', 'opened a mail in the last 30 days'],
    [{ did: 'sent', count: { operator: '=', value: 0 } }, 'メールを受け取っていない', 'did not get any mail'],
    [
      { did: 'clicked', count: { operator: '<=', value: 0 }, scenario: 'welcome', step: 'hello' },
      '「welcome」の「hello」のメールのリンクをクリックしていない',
      'did not click in any mail “hello” of “welcome”',
    ],
    [
      { did: 'sent', count: { operator: '>=', value: 3 }, scenario: 'welcome' },
      '受け取った「welcome」のメールが3通以上',
      'got at least 3 mails of “welcome”',
    ],
    [
      { did: 'clicked', count: { operator: '=', value: 1 }, within: 36 * hour },
      '過去36時間にリンクをクリックしたメールが1通',
      'clicked in exactly 1 mail in the last 36 hours',
    ],
  ])('speaks of mail: %j', (part, japanese, english) => {
    const tree: MessageNode = { kind: 'message', did: 'sent', count: { operator: '>=', value: 1 }, ...part }
    expect([describeSegment(tree, 'ja'), describeSegment(tree, 'en')]).toEqual([japanese, english])
  })

  it.each<[Pick<FieldNode, 'operator' | 'value'>, string, string]>([
    [{ operator: 'has', value: 'course' }, 'tags に「course」を含む', 'tags has “course”'],
    [{ operator: 'hasAny', value: ['a', 3] }, 'tags に「a」・3のいずれかを含む', 'tags has any of “a”, 3'],
    [{ operator: 'hasAll', value: ['a', 'b'] }, 'tags に「a」・「b」をすべて含む', 'tags has all of “a”, “b”'],
    [{ operator: 'isEmpty' }, 'tags が空', 'tags is empty'],
  ])('speaks of lists: %j', (part, japanese, english) => {
    const tree: FieldNode = { kind: 'attribute', field: 'tags', type: 'list', ...part }
    expect([describeSegment(tree, 'ja'), describeSegment(tree, 'en')]).toEqual([japanese, english])
  })

  it('tells everyone from nobody', () => {
    expect(describeSegment({ kind: 'all', of: [] }, 'ja')).toBe('全員')
    expect(describeSegment({ kind: 'any', of: [] }, 'en')).toBe('nobody')
  })
})
