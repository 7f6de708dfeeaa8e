import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { day } from '../time/instant.ts'
import { evaluateSegment, type SegmentEvent, type SegmentMessage } from './evaluate-segment.ts'
import type { EventNode, FieldNode, MessageNode, SegmentNode } from './segment-node.ts'

const now = Date.UTC(2026, 10, 21)
const matches = (tree: SegmentNode, attributes: JsonObject = {}, events: Iterable<SegmentEvent> = []) =>
  evaluateSegment({ tree, now, today: '2026-11-21' }, { attributes }, events)

const field = (type: FieldNode['type'], operator: FieldNode['operator'], value?: FieldNode['value']): FieldNode => ({
  kind: 'attribute',
  field: 'x',
  type,
  operator,
  ...(value === undefined ? {} : { value }),
})

describe('a comparison', () => {
  it('is false on what is missing, null or of another type, whatever the operator', () => {
    for (const operator of ['=', '!=', '<', '<=', '>', '>='] as const) {
      for (const attributes of [{}, { x: null }, { x: '3' }, { x: true }, { x: [3] }]) {
        expect(matches(field('number', operator, 3), attributes)).toBe(false)
      }
    }
    expect(matches(field('number', 'isSet'), { x: 'abc' })).toBe(false)
    expect(matches(field('string', 'isSet'), { x: 3 })).toBe(false)
    expect(matches(field('string', 'isSet'), { x: '' })).toBe(true)
    expect(matches(field('list', 'isSet'), { x: [] })).toBe(true)
  })

  it('takes != for set and different', () => {
    expect(matches(field('string', '!=', 'pro'), { x: 'free' })).toBe(true)
    expect(matches(field('string', '!=', 'pro'), { x: 'pro' })).toBe(false)
    expect(matches(field('string', '!=', 'pro'))).toBe(false)
    expect(matches({ kind: 'not', of: field('string', '=', 'pro') })).toBe(true)
  })

  it('does not read inherited properties', () => {
    expect(matches({ ...field('string', 'isSet'), field: 'constructor' })).toBe(false)
  })

  it('orders numbers as numbers, texts by code point, dates and instants in time', () => {
    expect(matches(field('number', '<', 10), { x: 9 })).toBe(true)
    expect(matches(field('number', '>=', 0.1 + 0.2), { x: 0.3 })).toBe(false)
    expect(matches(field('string', '<', '😀'), { x: 'ﾊ' })).toBe(true)
    expect(matches(field('date', '<', '2026-02-01'), { x: '2026-01-31' })).toBe(true)
    const at = Date.UTC(2026, 0, 1)
    expect(matches(field('instant', '>=', at), { x: '2026-01-01T00:00:00.000Z' })).toBe(true)
    expect(matches(field('instant', '>', at), { x: '2026-01-01T00:00:00.000Z' })).toBe(false)
    expect(matches(field('instant', 'in', [at, 0]), { x: '2026-01-01T00:00:00.000Z' })).toBe(true)
  })

  it('finds a value in a list of values', () => {
    expect(matches(field('string', 'in', ['a', 'b']), { x: 'b' })).toBe(true)
    expect(matches(field('string', 'in', ['a', 'b']), { x: 'c' })).toBe(false)
    expect(matches(field('number', 'in', []), { x: 3 })).toBe(false)
  })
})

describe('a list', () => {
  it('has an element by type and value, any or all of several', () => {
    const x = ['a', 1, true]
    expect(matches(field('list', 'has', 'a'), { x })).toBe(true)
    expect(matches(field('list', 'has', '1'), { x })).toBe(false)
    expect(matches(field('list', 'has', 1), { x: [true] })).toBe(false)
    expect(matches(field('list', 'hasAny', ['b', 1]), { x })).toBe(true)
    expect(matches(field('list', 'hasAny', ['b', false]), { x })).toBe(false)
    expect(matches(field('list', 'hasAll', [true, 'a', 'a']), { x })).toBe(true)
    expect(matches(field('list', 'hasAll', ['a', 'b']), { x })).toBe(false)
    expect(matches(field('list', 'has', 'a'), { x: [['a']] })).toBe(false)
  })

  it('that is missing, null or none has nothing and is empty, but not set', () => {
    for (const attributes of [{}, { x: null }, { x: 'a' }]) {
      expect(matches(field('list', 'has', 'a'), attributes)).toBe(false)
      expect(matches(field('list', 'hasAll', []), attributes)).toBe(false)
      expect(matches(field('list', 'isEmpty'), attributes)).toBe(true)
      expect(matches(field('list', 'isSet'), attributes)).toBe(false)
    }
    expect(matches(field('list', 'isEmpty'), { x: [] })).toBe(true)
    expect(matches(field('list', 'isEmpty'), { x: ['a'] })).toBe(false)
  })
})

describe('events', () => {
  const order = (at: number, total: number): SegmentEvent => ({ name: 'order', payload: { x: total }, occurredAt: at })
  const did = (rest: Partial<EventNode> = {}): EventNode => ({
    kind: 'event',
    event: 'order',
    count: { operator: '>=', value: 1 },
    ...rest,
  })

  it('count in a window that is open at its old end and closed at now', () => {
    const window = did({ within: 30 * day })
    expect(matches(window, {}, [order(now, 1)])).toBe(true)
    expect(matches(window, {}, [order(now - 30 * day + 1, 1)])).toBe(true)
    expect(matches(window, {}, [order(now - 30 * day, 1)])).toBe(false)
    expect(matches(window, {}, [order(now + 1, 1)])).toBe(false)
    expect(matches(did(), {}, [order(now + 1, 1)])).toBe(true)
  })

  it('count those whose payload fits', () => {
    const large = did({ where: field('number', '>=', 100), count: { operator: '=', value: 2 } })
    expect(matches(large, {}, [order(1, 100), order(2, 99), order(3, 500)])).toBe(true)
    expect(matches(large, {}, [order(1, 100), order(2, 99)])).toBe(false)
  })

  it('of nobody are nought', () => {
    expect(matches(did({ count: { operator: '=', value: 0 } }))).toBe(true)
    expect(matches(did({ count: { operator: '<=', value: 3 } }))).toBe(true)
    expect(matches(did(), {}, [{ name: 'visit', payload: {}, occurredAt: now }])).toBe(false)
  })

  it('may come from an iterable that can be read only once', () => {
    const once = function* () {
      yield order(now, 1)
    }
    expect(matches({ kind: 'all', of: [did(), did()] }, {}, once())).toBe(true)
  })
})

describe('mail', () => {
  const mail = (change: Partial<SegmentMessage> = {}): SegmentMessage => ({
    scenario: 'welcome',
    stepId: 'hello',
    sentAt: now - 3 * day,
    openedAt: null,
    clickedAt: null,
    ...change,
  })
  const holds = (leaf: Partial<MessageNode>, ...messages: SegmentMessage[]) => {
    const tree: MessageNode = { kind: 'message', did: 'opened', count: { operator: '>=', value: 1 }, ...leaf }
    return evaluateSegment({ tree, now, today: '2026-11-21' }, { attributes: {} }, [], messages)
  }

  it('counts when it was handed over, not when it was planned or given up', () => {
    expect(holds({ did: 'sent' }, mail())).toBe(true)
    expect(holds({ did: 'sent' }, mail({ sentAt: null }))).toBe(false)
    expect(holds({ did: 'sent', within: 3 * day }, mail())).toBe(false)
    expect(holds({ did: 'sent', within: 3 * day + 1 }, mail())).toBe(true)
  })

  it('takes a click for an open, by the earlier of the two', () => {
    expect(holds({}, mail({ clickedAt: now }))).toBe(true)
    expect(holds({ did: 'clicked' }, mail({ openedAt: now }))).toBe(false)
    expect(holds({ within: day }, mail({ openedAt: now, clickedAt: now - 2 * day }))).toBe(false)
    expect(holds({ within: day }, mail({ openedAt: now - 2 * day, clickedAt: now }))).toBe(false)
  })

  it('counts each mail once, of any scenario or of one', () => {
    const read = mail({ openedAt: now, clickedAt: now })
    const broadcast = mail({ scenario: null, stepId: null, openedAt: now })
    expect(holds({ count: { operator: '=', value: 2 } }, read, broadcast)).toBe(true)
    expect(holds({ count: { operator: '=', value: 1 }, scenario: 'welcome' }, read, broadcast)).toBe(true)
    expect(holds({ scenario: 'welcome', step: 'nudge' }, read, broadcast)).toBe(false)
  })

  it('of contacts that have none is nought', () => {
    expect(matches({ kind: 'message', did: 'sent', count: { operator: '=', value: 0 } })).toBe(true)
  })
})

describe('groups', () => {
  it('of nothing: all is everyone, any is nobody', () => {
    expect(matches({ kind: 'all', of: [] })).toBe(true)
    expect(matches({ kind: 'any', of: [] })).toBe(false)
    expect(matches({ kind: 'everyone' })).toBe(true)
  })
})
