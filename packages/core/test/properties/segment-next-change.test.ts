import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateSegment } from '../../src/domain/segment/evaluate-segment.ts'
import { earliestOf, nextChangeAt, timeLeaves } from '../../src/domain/segment/next-change.ts'
import type { SegmentNode } from '../../src/domain/segment/segment-node.ts'
import { events, messages, now, records, trees } from './segment-arbitrary.ts'

const hour = 3_600_000

const people = fc.record({ attributes: records, events, messages })
type Person = typeof people extends fc.Arbitrary<infer P> ? P : never

const isMember = (tree: SegmentNode, person: Person, at: number): boolean =>
  evaluateSegment({ tree, now: at, today: '2026-11-21' }, person, person.events, person.messages)

const nextOf = (tree: SegmentNode, person: Person, at: number): number | null =>
  nextChangeAt(tree, (leaf, after) => earliestOf(leaf, after, person.events, person.messages), at)

/** Every instant at which something enters or leaves a window of the tree, and those beside them. */
const momentsOf = (tree: SegmentNode, person: Person): number[] => {
  const times = [
    ...person.events.map((event) => event.occurredAt),
    ...person.messages.flatMap(({ sentAt, openedAt, clickedAt }) => [sentAt, openedAt, clickedAt].filter((at) => at !== null)),
  ]
  const lengths = [0, ...timeLeaves(tree).map((leaf) => leaf.within)]
  const borders = times.flatMap((at) => lengths.map((within) => at + within))
  return [...new Set(borders.flatMap((at) => [at - 1, at, at + 1]))].sort((a, b) => a - b)
}

describe('nextChangeAt', () => {
  it('is never too late: nobody enters or leaves a segment before it', () => {
    let changes = 0
    fc.assert(
      fc.property(trees, people, fc.integer({ min: -5 * hour, max: 5 * hour }), (tree, person, offset) => {
        const from = now + offset
        const next = nextOf(tree, person, from)
        const before = isMember(tree, person, from)
        if (next !== null) expect(next).toBeGreaterThan(from)
        for (const at of momentsOf(tree, person).filter((moment) => moment > from && (next === null || moment < next))) {
          expect(isMember(tree, person, at), `at ${at - from} ms`).toBe(before)
        }
        if (next !== null && isMember(tree, person, next) !== before) changes += 1
      }),
      { numRuns: 3_000 },
    )
    expect(changes).toBeGreaterThan(20)
  })

  it('leads through a whole life: waking only then sees every change, and comes to an end', () => {
    fc.assert(
      fc.property(trees, people, (tree, person) => {
        const moments = momentsOf(tree, person)
        let at = (moments[0] ?? now) - 1
        const seen = [isMember(tree, person, at)]
        for (let wakes = 0; ; wakes += 1) {
          expect(wakes).toBeLessThanOrEqual(1_000)
          const next = nextOf(tree, person, at)
          if (next === null) break
          at = next
          seen.push(isMember(tree, person, at))
        }
        const flips = (answers: readonly boolean[]) => answers.filter((answer, n) => n > 0 && answer !== answers[n - 1]).length
        const truth = [
          isMember(tree, person, (moments[0] ?? now) - 1),
          ...moments.map((moment) => isMember(tree, person, moment)),
        ]
        expect(flips(seen)).toBe(flips(truth))
      }),
      { numRuns: 1_000 },
    )
  })

  it('does not need to know which payloads count', () => {
    fc.assert(
      fc.property(trees, people, (tree, person) => {
        const exact = nextOf(tree, person, now)
        const careless = nextChangeAt(
          tree,
          (leaf, after) => {
            const all =
              leaf.kind === 'event' ? { kind: leaf.kind, event: leaf.event, count: leaf.count, within: leaf.within } : leaf
            return earliestOf(all, after, person.events, person.messages)
          },
          now,
        )
        if (exact !== null) expect(careless ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(exact)
      }),
    )
  })

  it('is none for what has no window', () => {
    expect(nextChangeAt({ kind: 'everyone' }, () => now, now)).toBeNull()
    const ever: SegmentNode = { kind: 'event', event: 'order', count: { operator: '>=', value: 1 } }
    expect(nextChangeAt({ kind: 'not', of: ever }, () => now, now)).toBeNull()
  })
})
