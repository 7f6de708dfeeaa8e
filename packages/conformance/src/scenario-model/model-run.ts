import { HandOvers } from './checks/hand-overs.ts'
import { atTheEnd, invariants } from './checks/invariants.ts'
import { mustHold, Violation } from './checks/violation.ts'
import type { Command } from './command.ts'
import { addressOf, type Deed, deedOf, type Scene, type Told } from './deed.ts'
import { applyDeed } from './reference/apply-deed.ts'
import { noteCalls } from './reference/calls.ts'
import { startKnowing } from './reference/knowledge.ts'
import { Matching, reconcile } from './reference/reconcile.ts'
import { settle } from './reference/reference.ts'
import { nextDueAt } from './reference/rounds.ts'
import type { Knowledge } from './reference/standing.ts'
import type { Sometimes } from './sometimes.ts'
import { dateAt, day, minute } from './wall-clock.ts'
import { nothingSeen, type Sighting } from './world/sighting.ts'
import type { World } from './world/world.ts'

/** All that anybody waits for in this world is over after this. */
const horizon = 45 * day

const nothing: Deed = { do: 'nothing' }

/** Plays commands to an app and to the reference at once, and compares them wherever a worker has come to rest. */
export class ModelRun {
  readonly #world: World
  readonly #known: Knowledge
  readonly #sometimes: Sometimes
  readonly #handOvers = new HandOvers()
  readonly #told = new Map<string, Told[]>()
  #seen: Sighting = nothingSeen
  #matching = new Matching(nothingSeen)
  /** Nothing is due, and nothing waits to be worked in. */
  #isAtRest = false
  #wasAway = false
  #hasHeld = false
  #accepted = 0
  #tried = 0

  private constructor(world: World, sometimes: Sometimes) {
    this.#world = world
    this.#sometimes = sometimes
    this.#known = startKnowing(world, {
      sometimes: sometimes.note,
      variantOf: (experiment, contact) => this.#seen.variants.get(`${experiment} ${contact}`),
      seenEndedAt: (course) => {
        const row = this.#matching.rowOf(course)
        return row?.state === 'completed' ? row.endedAt : null
      },
    })
  }

  /** Begins with the people of the setup. */
  static async begin(world: World, sometimes: Sometimes): Promise<ModelRun> {
    const run = new ModelRun(world, sometimes)
    for (const [index, { zone, plan, hasConsent }] of world.setup.people.entries()) {
      const id = world.contactIds[index] ?? ''
      await run.#do({ do: 'identify', id, email: addressOf(id), zone, attributes: { plan }, grants: hasConsent })
    }
    return run
  }

  async command(command: Command): Promise<void> {
    const isTakingAway = command.do === 'merge' || command.do === 'erase'
    // What was due while nobody worked is done before somebody is taken away, so that it can be seen.
    if (this.#wasAway && isTakingAway) await this.#rest(nothing, null)
    // Whether what is told in one go with a new zone is worked in by that zone is left open.
    if (this.#hasHeld && command.do === 'identify' && command.zone !== undefined) await this.#rest(nothing, null)
    const deed = deedOf(command, this.#scene())
    if (deed.do === 'advance') await this.#advance(deed.to)
    else if (deed.do === 'outage') this.#outage(deed.to)
    else await this.#do(deed)
  }

  /** Once nothing is added any more: everything is resumed and comes to its end. */
  async finish(): Promise<void> {
    for (const { name } of this.#world.cast)
      if (this.#known.scenarios.get(name)?.state === 'paused')
        await this.#do({ do: 'resume', scenario: name, missed: 'continue' })
    await this.#advance(this.#world.now + horizon)
    mustHold(atTheEnd, this.#seen)
  }

  get seen(): Sighting {
    return this.#seen
  }

  #scene(): Scene {
    const { now, contactIds, cast, versions, setup } = this.#world
    return {
      ...{ now, origin: setup.origin, contactIds, cast, versions, seen: this.#seen },
      toldOf: (contact) => this.#told.get(contact) ?? [],
      isActive: (scenario) => this.#known.scenarios.get(scenario)?.state === 'active',
    }
  }

  async #do(deed: Deed): Promise<void> {
    const refusal = await this.#world.play(deed)
    const isHeld = deed.do === 'track' && deed.isHeld
    if (!isHeld) await this.#rest(deed, refusal)
    else this.#apply(deed, refusal)
    this.#isAtRest = !isHeld
    this.#hasHeld ||= isHeld
  }

  #outage(to: number): void {
    this.#moveTo(to)
    for (const course of this.#known.courses) course.isPunctual = false
    this.#isAtRest = false
    this.#wasAway = true
  }

  /** Stops wherever the app or the reference expects something to happen. */
  async #advance(to: number): Promise<void> {
    for (;;) {
      const due = await this.#rest(nothing, null)
      const expected = [due, nextDueAt(this.#known)].filter((at) => at !== null)
      const next = Math.min(...expected, Number.POSITIVE_INFINITY)
      if (next > to) break
      this.#moveTo(next)
    }
    this.#moveTo(to)
    await this.#rest(nothing, null)
  }

  #moveTo(instant: number): void {
    this.#world.jumpTo(instant)
    this.#known.now = this.#world.now
  }

  #apply(deed: Deed, refusal: string | null): void {
    const expected = applyDeed(this.#known, deed, (message) => this.#matching.mailOf(this.#known.courses, message))
    if (refusal !== expected)
      throw new Violation('the same is refused', [`${deed.do} was refused with ${refusal}, not ${expected}`])
    if (deed.do === 'track') this.#told.set(deed.contact, [...(this.#told.get(deed.contact) ?? []), deed])
    if (deed.do === 'merge' && refusal === null) {
      this.#handOvers.merged(deed.from, deed.into)
      this.#told.delete(deed.from)
    }
    if (deed.do === 'erase') {
      this.#handOvers.erased(deed.id)
      // What others were told of under an id that is free again is news now.
      this.#told.clear()
    }
  }

  /** Lets the worker come to rest, and compares. Answers when it wants to go on. */
  async #rest(deed: Deed, refusal: string | null): Promise<number | null> {
    const { now, setup, diary } = this.#world
    const [before, wasAtRest] = [this.#seen, this.#isAtRest]
    const dueAt = await this.#world.settle()
    this.#seen = await this.#world.look()
    this.#matching = new Matching(this.#seen)
    this.#isAtRest = true
    this.#hasHeld = false
    this.#apply(deed, refusal)
    const handedOver = this.#follow()
    mustHold(invariants, {
      ...{ deed, wasAtRest, before, after: this.#seen, known: this.#known, matching: this.#matching },
      ...{ caps: setup.caps, handedOver, handOvers: this.#handOvers, dueAt, errors: diary.errors },
    })
    return dueAt === null ? null : Math.max(dueAt, now + (dueAt <= now ? minute : 0))
  }

  /** The reference does what is due too, and learns what it cannot foresee. Answers what went out. */
  #follow(): ReturnType<HandOvers['add']> {
    const { diary, observer, setup } = this.#world
    const known = this.#known
    const accepted = diary.accepted.slice(this.#accepted)
    const tried = diary.tried.slice(this.#tried)
    this.#accepted += accepted.length
    this.#tried += tried.length
    if (this.#wasAway && accepted.length > 0) this.#sometimes.note('sent after an outage')
    this.#wasAway = false
    settle(known)
    noteCalls(known, tried, (enrolmentId) => observer.seen(enrolmentId))
    reconcile(known, this.#matching, setup.caps)
    return this.#handOvers.add(accepted, this.#seen, (contact) =>
      dateAt(known.now, known.people.get(contact)?.zone ?? known.zone),
    )
  }
}
