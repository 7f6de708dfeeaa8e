import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { day } from '../domain/time/instant.ts'
import { defineModel } from './index.ts'

const model = defineModel({
  contact: z.object({
    plan: z.enum(['free', 'pro']),
    birthday: z.iso.date().optional(),
    renewsAt: z.iso.datetime().optional(),
    name: z.string(),
    tags: z.array(z.string()),
  }),
  events: { 'order.placed': z.object({ total: z.number(), plan: z.string() }) },
  topics: {},
})
type Build = Parameters<typeof model.segment>[1]
const tree = (build: Build) => model.segment('x', build).tree

describe('model.segment', () => {
  it('builds the tree that is stored', () => {
    const built = tree(({ attribute, did, all }) =>
      all(
        attribute('plan', '=', 'pro'),
        attribute('renewsAt', '>', '2026-01-01T09:00:00+09:00'),
        did('order.placed', { within: '30 days', where: (order) => order('total', '>=', 10_000) }),
      ),
    )
    expect(built).toEqual({
      kind: 'all',
      of: [
        { kind: 'attribute', field: 'plan', type: 'string', operator: '=', value: 'pro' },
        { kind: 'attribute', field: 'renewsAt', type: 'instant', operator: '>', value: Date.UTC(2026, 0, 1) },
        {
          kind: 'event',
          event: 'order.placed',
          within: 30 * day,
          count: { operator: '>=', value: 1 },
          where: { kind: 'attribute', field: 'total', type: 'number', operator: '>=', value: 10_000 },
        },
      ],
    })
  })

  it('asks about mail, however it was sent', () => {
    const built = tree(({ received, opened, clicked, all, not }) =>
      all(
        received({ count: ['>=', 5] }),
        not(opened({ within: '90 days' })),
        clicked({ scenario: 'welcome', step: 'hello', count: ['=', 0] }),
      ),
    )
    expect(built).toEqual({
      kind: 'all',
      of: [
        { kind: 'message', did: 'sent', count: { operator: '>=', value: 5 } },
        { kind: 'not', of: { kind: 'message', did: 'opened', within: 90 * day, count: { operator: '>=', value: 1 } } },
        { kind: 'message', did: 'clicked', count: { operator: '=', value: 0 }, scenario: 'welcome', step: 'hello' },
      ],
    })
  })

  it('asks what a list has', () => {
    const built = tree(({ attribute, all }) =>
      all(attribute('tags', 'has', 'a'), attribute('tags', 'hasAny', ['a', 'b']), attribute('tags', 'isEmpty')),
    )
    const tags = { kind: 'attribute', field: 'tags', type: 'list' }
    expect(built).toEqual({
      kind: 'all',
      of: [
        { ...tags, operator: 'has', value: 'a' },
        { ...tags, operator: 'hasAny', value: ['a', 'b'] },
        { ...tags, operator: 'isEmpty' },
      ],
    })
  })

  it('does not change with a list that was given to it', () => {
    const plans: ('free' | 'pro')[] = ['pro']
    const built = tree(({ attribute }) => attribute('plan', 'in', plans))
    plans.push('free')
    expect(built).toMatchObject({ value: ['pro'] })
  })

  it.each<[string, Build, string]>([
    ['a date that is none', ({ attribute }) => attribute('birthday', '=', '2026-02-30'), 'compares with a date'],
    [
      'an instant without a zone',
      ({ attribute }) => attribute('renewsAt', '=', '2026-01-01T00:00:00'),
      'ISO text that has an offset',
    ],
    ['an invalid Date', ({ attribute }) => attribute('renewsAt', '=', new Date('x')), 'compares with a Date'],
    ['an empty list', ({ attribute }) => attribute('plan', 'in', []), 'value'],
    ['no elements', ({ attribute }) => attribute('tags', 'hasAll', []), 'value'],
    ['a NUL in an element', ({ attribute }) => attribute('tags', 'has', 'a\u0000'), 'NUL'],
    ['a NUL', ({ attribute }) => attribute('name', '=', 'a\u0000'), 'NUL'],
    ['a negative count', ({ did }) => did('order.placed', { count: ['>=', -1] }), "count: is ['>=', 2]"],
    ['a span of nothing', ({ did }) => did('order.placed', { within: '0 days' }), 'must be a span'],
    ['a step without its scenario', ({ opened }) => opened({ step: 'hello' }), 'name the scenario too'],
    ['a scenario without a name', ({ opened }) => opened({ scenario: '' }), 'opened, scenario: a name has'],
    [
      'too many conditions',
      ({ any, attribute }) => any(...Array.from({ length: 65 }, () => attribute('plan', '=', 'pro'))),
      'more than 64',
    ],
    [
      'a condition of the payload outside',
      ({ did, any, everyone }) => {
        let inner: unknown
        did('order.placed', {
          where: (order) => {
            inner = order('plan', '=', 'pro')
            return inner as never
          },
        })
        return any(everyone(), inner as never)
      },
      'mixes conditions',
    ],
  ])('refuses %s', (_, build, message) => {
    expect(() => tree(build)).toThrow(message)
  })
})
