import { evaluateSegment } from '@tobiishi/core'
import type { Instant, SegmentNode, SegmentQuery, TimeLeaf } from '@tobiishi/core/ports'
import fc from 'fast-check'
import { evaluatedAt } from '../arbitraries/nasty-values.ts'
import { segmentTree, spans, timeLeaf } from '../arbitraries/segment-tree.ts'
import {
  contactRows,
  deliveryRows,
  eventRows,
  messageRows,
  type Person,
  people,
  segmentMessages,
} from '../arbitraries/segment-world.ts'
import { aContact, start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'

const queryOf = (tree: SegmentNode): SegmentQuery => ({ tree, now: evaluatedAt, today: '2026-01-05' })

export const segmentCases: Capability = ({ test, expect, open, numRuns }) => {
  test('everyone, nobody, and a segment without contacts', async ({ run, read }) => {
    const count = (tree: SegmentNode) => read((reader) => reader.segments.count(queryOf(tree)))
    expect(await count({ kind: 'everyone' })).toBe(0)
    await run((tx) => tx.contacts.ensure([aContact({ id: 'c1' })], start))
    expect(await count({ kind: 'everyone' })).toBe(1)
    expect(await count({ kind: 'all', of: [] })).toBe(1)
    expect(await count({ kind: 'any', of: [] })).toBe(0)
    expect(await count({ kind: 'not', of: { kind: 'everyone' } })).toBe(0)
  })

  test('generated segments have exactly the members that evaluateSegment says, in every way of asking', async () => {
    const worlds = fc.tuple(people, fc.array(segmentTree, { minLength: 1, maxLength: 12 }))
    await fc.assert(
      fc.asyncProperty(worlds, ([some, trees]) =>
        open(async (world) => {
          await save(world, some)
          const all = some.map((person) => person.id)
          for (const tree of trees) {
            const members = some.filter((person) => isMember(person, tree)).map((person) => person.id)
            expect(await ask(world, tree, all), JSON.stringify(tree)).toEqual({
              count: members.length,
              countOfNot: all.length - members.length,
              pages: members.toSorted(byCodePoint),
              matching: members.toSorted(byCodePoint),
              matchingOfSome: members.filter((id) => all.indexOf(id) % 2 === 0).toSorted(byCodePoint),
              inTransaction: members.length,
            })
          }
        }),
      ),
      { numRuns },
    )
  }, 300_000)

  test('the earliest of what a leaf counts is found for each contact that has one', async () => {
    const afters = [Number.MIN_SAFE_INTEGER, evaluatedAt, ...spans.map((span) => evaluatedAt - span)]
    const worlds = fc.tuple(people, fc.array(timeLeaf, { minLength: 1, maxLength: 12 }), fc.constantFrom(...afters))
    await fc.assert(
      fc.asyncProperty(worlds, ([some, leaves, after]) =>
        open(async (world) => {
          await save(world, some)
          const asked = some.filter((_, n) => n !== 1)
          const ids = [...asked.map((person) => person.id), 'nobody']
          for (const leaf of leaves) {
            const found = await world.read((reader) => reader.segments.earliest(leaf, ids, after))
            const expected = asked.flatMap((person) => {
              const times = timesOf(leaf, person).filter((at) => at > after)
              return times.length === 0 ? [] : [{ contactId: person.id, at: Math.min(...times) }]
            })
            const byId = (a: { readonly contactId: string }, b: { readonly contactId: string }) =>
              byCodePoint(a.contactId, b.contactId)
            expect(found.toSorted(byId), JSON.stringify(leaf)).toEqual(expected.toSorted(byId))
          }
          expect(await world.read((reader) => reader.segments.earliest(leaves[0] ?? neverLeaf, [], after))).toEqual([])
        }),
      ),
      { numRuns },
    )
  }, 300_000)
}

const neverLeaf: TimeLeaf = { kind: 'event', event: 'never', within: 1, count: { operator: '>=', value: 1 } }

const isMember = (person: Person, tree: SegmentNode): boolean =>
  evaluateSegment(queryOf(tree), { attributes: person.attributes }, person.events, segmentMessages(person))

/** When each thing that a leaf counts happened: what alone makes somebody a member. */
const timesOf = ({ within: _, ...leaf }: TimeLeaf, person: Person): Instant[] => {
  const once: SegmentNode = { ...leaf, count: { operator: '>=', value: 1 } }
  if (leaf.kind === 'event') {
    const counted = person.events.filter((event) => isMember({ ...person, events: [event] }, once))
    return counted.map((event) => event.occurredAt)
  }
  return person.mails
    .filter((mail) => isMember({ ...person, mails: [mail] }, once))
    .map(({ finishedAt, openedAt, clickedAt }) => {
      if (leaf.did === 'sent') return finishedAt
      const opened = Math.min(openedAt ?? Number.POSITIVE_INFINITY, clickedAt ?? Number.POSITIVE_INFINITY)
      return leaf.did === 'opened' ? opened : (clickedAt ?? Number.NaN)
    })
}

const save = ({ run }: Pick<World, 'run'>, some: readonly Person[]): Promise<void> =>
  run(function* (tx) {
    const contacts = contactRows(some)
    yield* tx.contacts.ensure(contacts, start)
    yield* tx.contacts.save(contacts)
    yield* tx.events.record(eventRows(some))
    yield* tx.messages.enqueue(messageRows(some).map((message) => ({ message, queue: null })))
    yield* tx.messages.recordDelivery(deliveryRows(some))
  })

/** Everything a storage can be asked about one tree. */
const ask = async ({ read, run }: Pick<World, 'read' | 'run'>, tree: SegmentNode, all: readonly string[]) => {
  const query = queryOf(tree)
  const answers = await read(function* (reader) {
    const pages: string[] = []
    for (let after: string | null = null; ; ) {
      const page: string[] = yield* reader.segments.page(query, { after, limit: 4 })
      pages.push(...page)
      const last = page.at(-1)
      if (last === undefined) break
      after = last
    }
    const some = [...all.filter((_, n) => n % 2 === 0), 'nobody']
    return {
      count: yield* reader.segments.count(query),
      countOfNot: yield* reader.segments.count(queryOf({ kind: 'not', of: tree })),
      pages,
      matching: (yield* reader.segments.matching(query, all)).toSorted(byCodePoint),
      matchingOfSome: (yield* reader.segments.matching(query, some)).toSorted(byCodePoint),
    }
  })
  return { ...answers, inTransaction: await run((tx) => tx.segments.count(query)) }
}

/** Written apart from core's, as a check on it. */
const byCodePoint = (a: string, b: string): number => {
  const [left, right] = [[...a], [...b]].map((text) => text.map((character) => character.codePointAt(0) ?? 0))
  const at = left?.findIndex((point, n) => point !== right?.[n]) ?? -1
  if (at === -1) return (left?.length ?? 0) - (right?.length ?? 0)
  return (left?.[at] ?? 0) - (right?.[at] ?? -1)
}
