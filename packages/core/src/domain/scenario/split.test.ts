import { describe, expect, it } from 'vitest'
import { entered, feed, type Life, live, mails, scenario, send, tokyo } from '../../../test/fixtures/scenario-life.ts'
import { chooseVariant } from './choose-variant.ts'
import type { ScenarioStep, SplitStep } from './scenario-definition.ts'
import { splitHash } from './split-hash.ts'

const start = tokyo('2026-01-05T10:00')
const split = (changes: Partial<SplitStep> = {}): SplitStep => ({
  kind: 'split',
  id: 'test',
  experiment: 'subject-line',
  arms: [
    { name: 'long', weight: 1, next: 'long' },
    { name: 'short', weight: 1, next: 'short' },
  ],
  holdout: null,
  ...changes,
})
const mailsOf = [send('long', 'both'), send('short', 'both'), send('both', null)]
const ways = (step: SplitStep, life: Life = {}, more: readonly ScenarioStep[] = mailsOf) =>
  mails(live(scenario([step, ...more]), start, life).effects)

describe('a split', () => {
  it('writes the variant down the first time, and keeps to what is written', () => {
    const variant = chooseVariant(split(), 'c_1')?.name
    expect(ways(split())[0]).toBe(`subject-line ${variant}`)
    for (const kept of ['long', 'short']) {
      expect(ways(split(), { variants: { 'subject-line': kept } })).toEqual([`${kept} 2026-01-05T10:00`, 'both 2026-01-05T10:00'])
    }
  })

  it('keeps a contact whose variant the weights would change', () => {
    const arms = [
      { name: 'long', weight: 0, next: 'long' },
      { name: 'short', weight: 1, next: 'short' },
    ]
    expect(ways(split({ arms }), { variants: { 'subject-line': 'long' } })[0]).toBe('long 2026-01-05T10:00')
  })

  it('chooses anew where the variant is no more', () => {
    expect(ways(split(), { variants: { 'subject-line': 'loud' } })[0]).toMatch(/^subject-line (long|short)$/)
    expect(ways(split(), { variants: { 'subject-line': 'holdout' } })[0]).toMatch(/^subject-line (long|short)$/)
  })

  it('gives the same variant twice in one run', () => {
    const second = split({ id: 'again', arms: split().arms.map((arm) => ({ ...arm, next: null })) })
    const definition = scenario([
      split({ arms: split().arms.map((arm) => ({ ...arm, next: 'again' })) }),
      { ...second, arms: second.arms.toReversed() },
    ])
    const { effects } = feed(definition, entered(definition, start), { kind: 'enter' }, start)
    expect(effects).toHaveLength(1)
  })
})

describe('the holdout', () => {
  const held = (until: string | null) => split({ holdout: { weight: 1_000_000, until }, arms: split().arms })

  it('walks the first arm, and every mail is written down as left out', () => {
    expect(ways(held(null))).toEqual(['subject-line holdout', 'long holdout', 'both holdout'])
  })

  it('ends where the definition says', () => {
    expect(ways(held('both'))).toEqual(['subject-line holdout', 'long holdout', 'both 2026-01-05T10:00'])
  })
})

describe('the shares', () => {
  const people = Array.from({ length: 20_000 }, (_, n) => `c_${n}`)
  const shareOf = (step: SplitStep, name: string) =>
    people.filter((id) => chooseVariant(step, id)?.name === name).length / people.length

  it('follow the weights', () => {
    const arms = split().arms.map((arm, n) => ({ ...arm, weight: n === 0 ? 70 : 20 }))
    const step = split({ arms, holdout: { weight: 10, until: null } })
    expect(shareOf(step, 'long')).toBeCloseTo(0.7, 1.7)
    expect(shareOf(step, 'short')).toBeCloseTo(0.2, 1.7)
    expect(shareOf(step, 'holdout')).toBeCloseTo(0.1, 1.7)
  })

  it('of two experiments are independent', () => {
    const other = split({ experiment: 'send-time' })
    const both = people.filter(
      (id) => chooseVariant(split(), id)?.name === 'long' && chooseVariant(other, id)?.name === 'long',
    ).length
    expect(both / people.length).toBeCloseTo(0.25, 1.7)
  })

  it('are the same on every machine and for ever', () => {
    expect([splitHash('c_1', 'subject-line'), splitHash('c_2', 'subject-line'), splitHash('山田', '件名')]).toEqual([
      1095050534, 1648370445, 1950379357,
    ])
  })

  it('of nothing are nothing', () => {
    expect(chooseVariant(split({ arms: [] }), 'c_1')).toBeNull()
    expect(chooseVariant(split({ arms: [{ name: 'only', weight: 0, next: null }] }), 'c_1')?.name).toBe('only')
  })
})
