import { describe, expect, it } from 'vitest'
import { parseInstant } from '../time/parse-instant.ts'
import type { CapRule, CapWish } from './cap-rule.ts'
import { rulesFor } from './cap-rule.ts'
import { type CapCandidate, type CapQuestion, decideCaps } from './decide-caps.ts'

const at = (text: string) => parseInstant(`${text}+09:00`)
const now = at('2026-01-05T10:00')
const daily: CapRule = { name: 'daily', per: 'day', limit: 1, topic: null, policy: 'defer' }

const mail = (id: string, change: Partial<CapCandidate> = {}): CapCandidate => ({
  id,
  topic: 'news',
  priority: 0,
  plannedAt: now,
  at: now,
  expiresAt: at('2026-01-06T10:00'),
  opening: (instant) => instant,
  ...change,
})
const rival = (id: string, change: Partial<CapWish> = {}): CapWish => mail(id, change)

const decide = (change: Partial<CapQuestion>, used: { readonly [place: string]: number } = {}) => {
  const decisions = decideCaps({
    rules: [daily],
    candidates: [],
    rivals: [],
    zone: 'Asia/Tokyo',
    used: (cap, bucket) => used[`${cap} ${bucket}`] ?? 0,
    ...change,
  })
  return Object.fromEntries(
    [...decisions].map(([id, decision]) => [
      id,
      decision.kind === 'defer' ? `defer ${new Date(decision.until + 9 * 3_600_000).toISOString().slice(0, 16)}` : decision.kind,
    ]),
  )
}

describe('which caps a mail falls under', () => {
  it('are those of its topic and those of all marketing mail, and none for transactional mail', () => {
    const ofTopic: CapRule = { ...daily, name: 'tips', topic: 'tips' }
    expect(rulesFor([daily, ofTopic], { purpose: 'marketing', topic: 'news' })).toEqual([daily])
    expect(rulesFor([daily, ofTopic], { purpose: 'marketing', topic: 'tips' })).toEqual([daily, ofTopic])
    expect(rulesFor([daily, ofTopic], { purpose: 'transactional', topic: 'tips' })).toEqual([])
  })
})

describe('a cap', () => {
  it('lets out as many as it has places, and names the places taken', () => {
    const decisions = decideCaps({
      rules: [{ ...daily, limit: 2 }],
      candidates: [mail('a')],
      rivals: [],
      zone: 'Asia/Tokyo',
      used: () => 1,
    })
    expect(decisions.get('a')).toEqual({ kind: 'send', places: [{ cap: 'daily', bucket: '2026-01-05', limit: 2 }] })
  })

  it('counts the local day of the contact', () => {
    expect(decide({ candidates: [mail('a')], zone: 'Asia/Tokyo' }, { 'daily 2026-01-05': 1 })).toEqual({
      a: 'defer 2026-01-06T00:00',
    })
    expect(decide({ candidates: [mail('a')], zone: 'Pacific/Honolulu' }, { 'daily 2026-01-05': 1 })).toEqual({ a: 'send' })
  })

  it('counts mails of one moment against each other: the earlier planned goes first', () => {
    const candidates = [mail('late', { plannedAt: now - 1 }), mail('early', { plannedAt: now - 2 })]
    expect(decide({ candidates })).toEqual({ early: 'send', late: 'defer 2026-01-06T00:00' })
  })

  it.each(['skip', 'advance'] as const)('leaves out what is too many where its policy is %s', (policy) => {
    expect(decide({ rules: [{ ...daily, policy }], candidates: [mail('a'), mail('b')] })).toEqual({ a: 'send', b: policy })
  })

  it('defers through window and quiet hours to the first opening of a bucket with room', () => {
    const opening = (instant: number) => Math.max(instant, at('2026-01-06T08:00'))
    expect(decide({ candidates: [mail('a', { opening })] }, { 'daily 2026-01-05': 1 })).toEqual({ a: 'defer 2026-01-06T08:00' })
  })

  it('defers past buckets that are full too, and spreads over those with room', () => {
    const expiresAt = at('2026-01-09T00:00')
    const candidates = ['a', 'b', 'c', 'd'].map((id) => mail(id, { expiresAt }))
    expect(decide({ candidates }, { 'daily 2026-01-06': 1 })).toEqual({
      a: 'send',
      b: 'defer 2026-01-07T00:00',
      c: 'defer 2026-01-08T00:00',
      d: 'skip',
    })
  })

  it('skips what would expire before there is room', () => {
    const expiresAt = at('2026-01-06T00:00')
    expect(decide({ candidates: [mail('a', { expiresAt })] }, { 'daily 2026-01-05': 1 })).toEqual({ a: 'skip' })
  })

  it('waits for the next week and month from Monday and the first', () => {
    const expiresAt = at('2026-02-10T00:00')
    const weekly: CapRule = { ...daily, name: 'weekly', per: 'week' }
    const monthly: CapRule = { ...daily, name: 'monthly', per: 'month' }
    const candidates = [mail('a', { expiresAt })]
    expect(decide({ rules: [weekly], candidates }, { 'weekly 2026-01-05': 1 })).toEqual({ a: 'defer 2026-01-12T00:00' })
    expect(decide({ rules: [monthly], candidates }, { 'monthly 2026-01': 1 })).toEqual({ a: 'defer 2026-02-01T00:00' })
  })
})

describe('several caps', () => {
  const weekly: CapRule = { name: 'weekly', per: 'week', limit: 2, topic: null, policy: 'skip' }

  it('all need room', () => {
    expect(decide({ rules: [daily, weekly], candidates: [mail('a')] }, { 'weekly 2026-01-05': 2 })).toEqual({ a: 'skip' })
    expect(
      decide({ rules: [daily, weekly], candidates: [mail('a')] }, { 'daily 2026-01-05': 1, 'weekly 2026-01-05': 1 }),
    ).toEqual({
      a: 'defer 2026-01-06T00:00',
    })
  })

  it('are strictest first: a full cap that skips is not waited out', () => {
    const used = { 'daily 2026-01-05': 1, 'weekly 2026-01-05': 2 }
    expect(decide({ rules: [daily, weekly], candidates: [mail('a')] }, used)).toEqual({ a: 'skip' })
  })

  it('keep no place of one for a mail that another leaves out', () => {
    const tips: CapRule = { name: 'tips', per: 'day', limit: 1, topic: 'tips', policy: 'skip' }
    const candidates = [mail('a', { topic: 'tips', priority: 2 }), mail('b')]
    expect(decide({ rules: [daily, tips], candidates }, { 'tips 2026-01-05': 1 })).toEqual({ a: 'skip', b: 'send' })
  })
})

describe('priority', () => {
  it('decides who gets the place, whatever came first', () => {
    const candidates = [mail('early', { plannedAt: now - 5 }), mail('high', { priority: 1 })]
    expect(decide({ candidates })).toEqual({ high: 'send', early: 'defer 2026-01-06T00:00' })
  })

  it('yields to higher mail that waits for later the same day, and not to that of another day', () => {
    const today = rival('r', { priority: 1, at: at('2026-01-05T20:00') })
    const tomorrow = rival('r', { priority: 1, at: at('2026-01-06T00:00') })
    expect(decide({ candidates: [mail('a')], rivals: [today] })).toEqual({ a: 'defer 2026-01-06T00:00' })
    expect(decide({ candidates: [mail('a')], rivals: [tomorrow] })).toEqual({ a: 'send' })
  })

  it('does not yield to lower mail, nor to equal mail that is planned for later', () => {
    const rivals = [rival('low', { priority: -1, plannedAt: now - 9 }), rival('later', { plannedAt: now + 1, at: now + 1 })]
    expect(decide({ candidates: [mail('a')], rivals })).toEqual({ a: 'send' })
  })

  it('yields only while those ahead would fill the cap', () => {
    const rivals = [rival('r', { priority: 1, at: at('2026-01-05T20:00') })]
    expect(decide({ rules: [{ ...daily, limit: 2 }], candidates: [mail('a'), mail('b')], rivals })).toEqual({
      a: 'send',
      b: 'defer 2026-01-06T00:00',
    })
  })

  it('keeps the turn of what was deferred before', () => {
    const deferred = rival('deferred', { plannedAt: at('2026-01-04T10:00'), at: at('2026-01-05T12:00') })
    expect(decide({ candidates: [mail('a')], rivals: [deferred] })).toEqual({ a: 'defer 2026-01-06T00:00' })
  })

  it('names the cap, and the wish ahead for which its place is kept', () => {
    const question = { rules: [daily], candidates: [mail('a')], zone: 'Asia/Tokyo' } as const
    const full = decideCaps({ ...question, rivals: [], used: () => 1 })
    expect(full.get('a')).toMatchObject({ kind: 'skip', cap: 'daily', keptFor: null })
    const kept = decideCaps({ ...question, rivals: [rival('high', { priority: 1 })], used: () => 0 })
    expect(kept.get('a')).toMatchObject({ kind: 'defer', cap: 'daily', keptFor: 'high' })
    const taken = decideCaps({ ...question, candidates: [mail('a'), mail('high', { priority: 1 })], rivals: [], used: () => 0 })
    expect(taken.get('a')).toMatchObject({ kind: 'defer', cap: 'daily', keptFor: null })
  })

  it('counts a mail once that is named as a rival too', () => {
    expect(decide({ candidates: [mail('a')], rivals: [rival('a', { priority: 9 })] })).toEqual({ a: 'send' })
  })
})
