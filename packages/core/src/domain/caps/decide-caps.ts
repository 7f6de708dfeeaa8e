import { compareCodePoints } from '../segment/code-point-order.ts'
import { capBucket, nextBucketStart } from '../time/cap-bucket.ts'
import { type Instant, minute } from '../time/instant.ts'
import { type CapPlace, type CapRule, type CapWish, rulesFor } from './cap-rule.ts'

/** A mail to decide about: it could go out at `at`. */
export interface CapCandidate extends CapWish {
  /** Half-open: at this instant it is too late. */
  readonly expiresAt: Instant
  /** The instant itself or the next at which window and quiet hours let it out. What this throws is thrown on. */
  opening(at: Instant): Instant
}

/** The cap that decided about a mail without a place. */
export interface CapRefusal {
  readonly cap: string
  /** The wish ahead that waits and for which a place is kept; null: its places are taken, or will be at once. */
  readonly keptFor: string | null
}

/** `skip` and `advance` leave the mail out; `defer` keeps it until a bucket with room, always before it expires. */
export type CapDecision =
  | { readonly kind: 'send'; readonly places: readonly CapPlace[] }
  | ({ readonly kind: 'skip' } & CapRefusal)
  | ({ readonly kind: 'advance' } & CapRefusal)
  | ({ readonly kind: 'defer'; readonly until: Instant } & CapRefusal)

/** All marketing mail of one contact that is known at one instant. */
export interface CapQuestion {
  readonly rules: readonly CapRule[]
  readonly candidates: readonly CapCandidate[]
  /** Other mail that wants places: queued for later, held by another worker, or about to be queued. */
  readonly rivals: readonly CapWish[]
  /** Places that are taken already. */
  used(cap: string, bucket: string): number
  /** IANA zone of the contact. */
  readonly zone: string
}

const ahead = (a: CapWish, b: CapWish): number =>
  b.priority - a.priority || a.plannedAt - b.plannedAt || compareCodePoints(a.id, b.id)

interface Asked {
  readonly rule: CapRule
  readonly place: CapPlace
}

/** Who takes what is left of a bucket: now, or it waits. */
interface Taker {
  readonly id: string
  readonly waits: boolean
}

/** The places that are taken, as they fill. */
class Places {
  readonly #question: CapQuestion
  /** The wishes that take what is left of a bucket, in their order. */
  readonly #takers = new Map<string, Taker[]>()

  constructor(question: CapQuestion) {
    this.#question = question
  }

  /** What a mail needs in order to go out at that instant. */
  asked({ topic }: CapWish, at: Instant): readonly Asked[] {
    const { rules, zone } = this.#question
    return rulesFor(rules, { purpose: 'marketing', topic }).map((rule) => ({
      rule,
      place: { cap: rule.name, bucket: capBucket(rule.per, at, zone), limit: rule.limit },
    }))
  }

  isFull({ place: { cap, bucket, limit } }: Asked): boolean {
    return this.#question.used(cap, bucket) + this.#takersOf(cap, bucket).length >= limit
  }

  take(asked: readonly Asked[], taker: Taker): void {
    for (const { place } of asked) {
      const { cap, bucket } = place
      this.#takers.set(`${cap}\n${bucket}`, [...this.#takersOf(cap, bucket), taker])
    }
  }

  refusalBy({ place: { cap, bucket } }: Asked): CapRefusal {
    return { cap, keptFor: this.#takersOf(cap, bucket).findLast(({ waits }) => waits)?.id ?? null }
  }

  #takersOf(cap: string, bucket: string): readonly Taker[] {
    return this.#takers.get(`${cap}\n${bucket}`) ?? []
  }
}

/**
 * Who gets the places of a contact's caps: by priority, then by planned time, rivals counting like candidates, so that a mail
 * yields to what is ahead of it in the same bucket. A mail takes a place in all of its caps or in none; never is a cap
 * overdrawn. Where several caps are full, the first that does not defer says what happens. A deferred mail takes its place in
 * the later bucket; where none has room before it expires, it is skipped. Answers by the ids of the candidates.
 */
export const decideCaps = (question: CapQuestion): ReadonlyMap<string, CapDecision> => {
  const places = new Places(question)
  const decisions = new Map<string, CapDecision>()
  const candidates = new Map(question.candidates.map((candidate) => [candidate.id, candidate]))
  const rivals = question.rivals.filter(({ id }) => !candidates.has(id))
  for (const wish of [...question.candidates, ...rivals].sort(ahead)) {
    const candidate = candidates.get(wish.id)
    const asked = places.asked(wish, wish.at)
    const full = asked.filter((each) => places.isFull(each))
    const decisive = full.find(({ rule }) => rule.policy !== 'defer') ?? full[0]
    if (decisive === undefined) {
      places.take(asked, { id: wish.id, waits: candidate === undefined })
      if (candidate !== undefined) decisions.set(wish.id, { kind: 'send', places: asked.map(({ place }) => place) })
    } else if (candidate !== undefined) decisions.set(wish.id, leaveOut(candidate, decisive, places, question.zone))
  }
  return decisions
}

const leaveOut = (candidate: CapCandidate, decisive: Asked, places: Places, zone: string): CapDecision => {
  const refusal = places.refusalBy(decisive)
  const { policy } = decisive.rule
  if (policy !== 'defer') return { kind: policy, ...refusal }
  const until = nextRoom(candidate, places, zone)
  if (until === null) return { kind: 'skip', ...refusal }
  places.take(places.asked(candidate, until), { id: candidate.id, waits: true })
  return { kind: 'defer', until, ...refusal }
}

/** The first opening in a bucket with room in every cap, before the mail expires; null: there is none. */
const nextRoom = (candidate: CapCandidate, places: Places, zone: string): Instant | null => {
  let at = candidate.at
  while (at < candidate.expiresAt) {
    const full = places.asked(candidate, at).filter((each) => places.isFull(each))
    if (full.length === 0) return at
    const next = Math.max(...full.map(({ rule }) => nextBucketStart(rule.per, at, zone)))
    // Clocks that go back over midnight show the end of a bucket twice: the later one must not lead back to the earlier.
    at = candidate.opening(Math.max(next, at + minute))
  }
  return null
}
