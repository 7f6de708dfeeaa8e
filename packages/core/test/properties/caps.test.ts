import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CapRule, CapWish } from '../../src/domain/caps/cap-rule.ts'
import { type CapCandidate, type CapDecision, decideCaps } from '../../src/domain/caps/decide-caps.ts'
import { capBucket, nextBucketStart } from '../../src/domain/time/cap-bucket.ts'
import { day, hour, minute } from '../../src/domain/time/instant.ts'
import { isSendable, nextSendable, type SendRules } from '../../src/domain/time/next-sendable.ts'
import { toWallTime } from '../../src/domain/time/time-zone.ts'
import { windowEnd } from '../../src/domain/time/window-end.ts'

const now = Date.parse('2026-01-30T03:00:00Z')
const zones = fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/Berlin', 'Pacific/Chatham', 'UTC')
const topics = fc.constantFrom('news', 'tips')
const rules = fc.uniqueArray(
  fc.record<CapRule>({
    name: fc.constantFrom('a', 'b', 'c'),
    per: fc.constantFrom('day', 'week', 'month'),
    limit: fc.integer({ min: 1, max: 3 }),
    topic: fc.option(topics),
    policy: fc.constantFrom('skip', 'defer', 'advance'),
  }),
  { selector: ({ name }) => name, minLength: 1 },
)
const wish = {
  topic: topics,
  priority: fc.integer({ min: -1, max: 2 }),
  plannedAt: fc.integer({ min: -40, max: 0 }).map((hours) => now + hours * hour),
}
const candidates = fc.array(fc.record({ ...wish, lives: fc.integer({ min: 1, max: 200 }) }), { maxLength: 6 }).map((list) =>
  list.map(
    ({ lives, ...rest }, index): CapCandidate => ({
      ...rest,
      id: `m${index}`,
      at: now,
      expiresAt: now + lives * hour,
      opening: (at) => at,
    }),
  ),
)
const rivals = fc
  .array(fc.record({ ...wish, waits: fc.integer({ min: 0, max: 60 }) }), { maxLength: 4 })
  .map((list) => list.map(({ waits, ...rest }, index): CapWish => ({ ...rest, id: `r${index}`, at: now + waits * hour })))
const usedCounts = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 }))
const worlds = fc.record({ rules, candidates, rivals, usedCounts, zone: zones })
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never

const decide = ({ rules, candidates, rivals, usedCounts, zone }: World) => {
  const isNow = (cap: string, bucket: string) =>
    rules.some(({ name, per }) => name === cap && capBucket(per, now, zone) === bucket)
  const used = (cap: string, bucket: string) => (isNow(cap, bucket) ? (usedCounts[cap] ?? 0) : 0)
  return { used, decisions: decideCaps({ rules, candidates, rivals, used, zone }) }
}

const isUnder = (rule: CapRule, mail: CapWish) => rule.topic === null || rule.topic === mail.topic
const isSent = (decision: CapDecision | undefined) => decision?.kind === 'send'
const isAhead = (a: CapWish, b: CapWish) =>
  a.priority !== b.priority ? a.priority > b.priority : a.plannedAt !== b.plannedAt ? a.plannedAt < b.plannedAt : a.id < b.id

describe('deciding about caps', () => {
  it('never lets out more than a cap has places, now or in the bucket that it defers to', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { used, decisions } = decide(world)
        for (const rule of world.rules) {
          const goesAt = world.candidates
            .filter((mail) => isUnder(rule, mail))
            .flatMap(({ id }) => {
              const decision = decisions.get(id)
              return decision?.kind === 'send' ? [now] : decision?.kind === 'defer' ? [decision.until] : []
            })
          const buckets = Map.groupBy(goesAt, (at) => capBucket(rule.per, at, world.zone))
          for (const [bucket, mails] of buckets)
            expect(used(rule.name, bucket) + mails.length, `${rule.name} ${bucket}`).toBeLessThanOrEqual(rule.limit)
        }
      }),
    )
  })

  it('decides about every mail, in whatever order they are given', () => {
    fc.assert(
      fc.property(worlds, fc.array(fc.nat(), { maxLength: 6 }), (world, swaps) => {
        const shuffled = [...world.candidates]
        for (const swap of swaps) shuffled.push(...shuffled.splice(swap % Math.max(1, shuffled.length), 1))
        const { decisions } = decide(world)
        expect([...decisions.keys()].sort()).toEqual(world.candidates.map(({ id }) => id).sort())
        expect(Object.fromEntries(decide({ ...world, candidates: shuffled }).decisions)).toEqual(Object.fromEntries(decisions))
      }),
    )
  })

  it('sends those of the highest priority: with one cap, exactly the first of all who want its places', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const [rule] = world.rules
        if (rule === undefined) return
        const one = { ...world, rules: [rule] }
        const { used, decisions } = decide(one)
        const bucket = capBucket(rule.per, now, world.zone)
        const wanting = [...world.candidates, ...world.rivals]
          .filter((mail) => isUnder(rule, mail) && capBucket(rule.per, mail.at, world.zone) === bucket)
          .sort((a, b) => (isAhead(a, b) ? -1 : 1))
        const first = new Set(wanting.slice(0, Math.max(0, rule.limit - used(rule.name, bucket))).map(({ id }) => id))
        for (const mail of world.candidates)
          expect(isSent(decisions.get(mail.id)), mail.id).toBe(!isUnder(rule, mail) || first.has(mail.id))
      }),
    )
  })

  it('leaves nobody out for the sake of one who is behind', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { used, decisions } = decide(world)
        for (const mail of world.candidates.filter(({ id }) => !isSent(decisions.get(id)))) {
          const isBlocked = world.rules.some((rule) => {
            const bucket = capBucket(rule.per, now, world.zone)
            const ahead = [...world.candidates, ...world.rivals].filter(
              (other) =>
                other.id !== mail.id &&
                isUnder(rule, other) &&
                isAhead(other, mail) &&
                (isSent(decisions.get(other.id)) || capBucket(rule.per, other.at, world.zone) === bucket),
            )
            return isUnder(rule, mail) && used(rule.name, bucket) + ahead.length >= rule.limit
          })
          expect(isBlocked, mail.id).toBe(true)
        }
      }),
    )
  })

  it('defers only to openings in a later bucket, before the expiry', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const quiet: SendRules = {
          window: null,
          quietHours: { from: '21:00', to: '08:00' },
          zone: world.zone,
          isHoliday: () => false,
        }
        const opening = (at: number) => nextSendable(at, quiet)
        const mails = world.candidates.map((mail) => ({ ...mail, opening, at: opening(now) }))
        const { decisions } = decide({ ...world, candidates: mails })
        for (const mail of mails) {
          const decision = decisions.get(mail.id)
          if (decision?.kind !== 'defer') continue
          expect(decision.until).toBeLessThan(mail.expiresAt)
          expect(opening(decision.until)).toBe(decision.until)
          const later = world.rules.some(
            (rule) => isUnder(rule, mail) && decision.until >= nextBucketStart(rule.per, mail.at, world.zone),
          )
          expect(later).toBe(true)
        }
      }),
    )
  })

  it('ends every mail, and holds each cap, when deferred mail is decided again at its time', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const used = new Map<string, number>()
        const open = new Map(world.candidates.map((mail) => [mail.id, mail]))
        const sent: { readonly mail: CapCandidate; readonly at: number }[] = []
        for (let rounds = 0; open.size > 0; rounds += 1) {
          expect(rounds).toBeLessThan(100)
          const at = Math.min(...[...open.values()].map((mail) => mail.at))
          const due = [...open.values()].filter((mail) => mail.at === at)
          const rivals = [...open.values()].filter((mail) => mail.at !== at)
          const decisions = decideCaps({
            rules: world.rules,
            candidates: due,
            rivals,
            zone: world.zone,
            used: (cap, bucket) => used.get(`${cap} ${bucket}`) ?? 0,
          })
          for (const mail of due) {
            const decision = decisions.get(mail.id)
            if (decision?.kind === 'defer') {
              open.set(mail.id, { ...mail, at: decision.until })
              continue
            }
            open.delete(mail.id)
            if (decision?.kind !== 'send') continue
            sent.push({ mail, at })
            for (const { cap, bucket } of decision.places) used.set(`${cap} ${bucket}`, (used.get(`${cap} ${bucket}`) ?? 0) + 1)
          }
        }
        for (const rule of world.rules) {
          const buckets = Map.groupBy(
            sent.filter(({ mail }) => isUnder(rule, mail)),
            ({ at }) => capBucket(rule.per, at, world.zone),
          )
          for (const mails of buckets.values()) expect(mails.length).toBeLessThanOrEqual(rule.limit)
        }
        for (const { mail, at } of sent) expect(at).toBeLessThan(mail.expiresAt)
      }),
    )
  })
})

describe('windowEnd', () => {
  const times = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30'))
    .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${minutes}`)
  const bands = fc.record({ from: times, to: times }).filter(({ from, to }) => from !== to)
  const sendRules = fc.record({
    window: fc.option(
      fc.record({ days: fc.constantFrom('any' as const, 'weekdays' as const, 'business' as const), from: times, to: times }),
    ),
    quietHours: fc.option(bands),
    zone: fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Asia/Beirut'),
  })
  const instants = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) })

  it('is where sending stops to be possible, found minute by minute', () => {
    fc.assert(
      fc.property(instants, sendRules, fc.integer({ min: 1, max: 40 }), (instant, given, hours) => {
        const rules: SendRules = { ...given, isHoliday: (date) => date.endsWith('-03') }
        fc.pre(isSendable(toWallTime(instant, rules.zone), rules))
        const until = instant + hours * hour
        let expected: number | null = null
        for (let at = Math.floor(instant / minute + 1) * minute; at < until && expected === null; at += minute)
          if (!isSendable(toWallTime(at, rules.zone), rules)) expected = at
        expect(windowEnd(instant, until, rules)).toBe(expected)
      }),
      {
        examples: [
          [
            Date.parse('2026-03-08T06:59:30Z'),
            { window: { days: 'any', from: '01:00', to: '02:30' }, quietHours: null, zone: 'America/New_York' },
            3,
          ],
        ],
      },
    )
  })

  it('is none where nothing closes', () => {
    expect(windowEnd(now, now + 9 * day, { window: null, quietHours: null, zone: 'UTC', isHoliday: () => true })).toBeNull()
  })
})
