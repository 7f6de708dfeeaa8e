import { describe, expect, it } from 'vitest'
import { evaluateExpression } from './evaluate-expression.ts'
import type { Expression, Scope } from './expression.ts'

const contact = (...path: string[]): Expression => ({ kind: 'reference', scope: 'contact', path })
const literal = (value: string | number | boolean | null): Expression => ({ kind: 'literal', value })
const scope: Scope = {
  contact: { company: '飛石', plan: null, points: 12_800, born: '1985-04-01', renewsAt: '2026-01-05T01:00:00.000Z' },
  recipient: { locale: 'ja', timeZone: 'Asia/Tokyo', name: { family: '山田' } },
  item: 'りんご',
}
const evaluate = (expression: Expression, on: Scope = scope) => evaluateExpression(expression, on)

describe('evaluateExpression', () => {
  it('reads own properties along the path and nothing else', () => {
    expect(evaluate(contact('company'))).toBe('飛石')
    expect(evaluate({ kind: 'reference', scope: 'item', path: [] })).toBe('りんご')
    for (const path of [['nope'], ['plan'], ['company', 'length'], ['constructor'], ['plan', 'x'], ['__proto__']]) {
      expect(evaluate(contact(...path))).toBeUndefined()
    }
    expect(evaluate({ kind: 'reference', scope: 'event', path: ['x'] })).toBeUndefined()
  })

  it('falls back only where a value is missing or null', () => {
    expect(evaluate({ kind: 'or', value: contact('plan'), fallback: literal('free') })).toBe('free')
    expect(evaluate({ kind: 'or', value: literal(''), fallback: literal('x') })).toBe('')
    expect(evaluate({ kind: 'or', value: literal(0), fallback: literal(1) })).toBe(0)
    expect(evaluate({ kind: 'or', value: literal(false), fallback: literal(true) })).toBe(false)
  })

  it('compares, asks and negates with two values', () => {
    expect(evaluate({ kind: 'eq', left: contact('company'), right: literal('飛石') })).toBe(true)
    expect(evaluate({ kind: 'eq', left: contact('plan'), right: contact('nope') })).toBe(false)
    expect(evaluate({ kind: 'isSet', value: contact('plan') })).toBe(false)
    expect(evaluate({ kind: 'not', value: { kind: 'isSet', value: contact('company') } })).toBe(false)
  })

  it("formats by the reader's language and zone", () => {
    const date = (value: Expression, options = {}): Expression => ({ kind: 'format', format: 'date', value, options })
    const english: Scope = { ...scope, recipient: { locale: 'en', timeZone: 'America/New_York' } }
    expect(evaluate({ kind: 'format', format: 'currency', value: contact('points') })).toBe('12,800円')
    expect(evaluate({ kind: 'format', format: 'currency', value: contact('points') }, english)).toBe('¥12,800')
    expect(evaluate({ kind: 'format', format: 'number', value: contact('points'), options: { digits: 1 } })).toBe('12,800.0')
    expect(evaluate(date(contact('renewsAt'), { weekday: true, time: true }))).toBe('2026年1月5日(月) 10:00')
    expect(evaluate(date(contact('renewsAt'), { time: true }), english)).toBe('January 4, 2026 at 20:00')
    expect(evaluate(date(contact('renewsAt'), { timeZone: 'UTC', style: 'short' }))).toBe('2026/1/5')
  })

  it('shows a date as that date in every zone', () => {
    for (const timeZone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      const there: Scope = { ...scope, recipient: { locale: 'ja', timeZone } }
      expect(evaluate({ kind: 'format', format: 'date', value: contact('born'), options: { time: true } }, there)).toBe(
        '1985年4月1日',
      )
    }
  })

  it('passes on what is missing and refuses what is unfit, without showing it', () => {
    expect(evaluate({ kind: 'format', format: 'number', value: contact('plan') })).toBeUndefined()
    const broken: Expression = { kind: 'format', format: 'number', value: contact('company') }
    expect(() => evaluate(broken)).toThrow('contact.company cannot be shown as a number')
    expect(() => evaluate(broken)).not.toThrow('飛石')
  })

  it('addresses the reader', () => {
    expect(evaluate({ kind: 'honorific' })).toBe('山田 様')
    expect(evaluate({ kind: 'honorific', locale: 'en' })).toBe('山田')
    expect(evaluate({ kind: 'honorific' }, {})).toBe('お客様')
  })
})
