import { minute } from '../../src/domain/time/instant.ts'
import { memoryStorage } from '../../src/memory/index.ts'
import { createAddressKeys } from '../../src/message/address-keys.ts'
import type { Storage } from '../../src/ports/storage/index.ts'
import { manualClock, start } from '../delivery/delivery-world.ts'
import type { Fate } from './fate.ts'
import { type Rows, readRows } from './rows.ts'
import type { Act, App, Scene } from './scene.ts'
import { addressKey, startProcess } from './start-process.ts'
import { newWitness } from './witness.ts'

/** A worker that finds work again and again without getting on with it. */
const mostRounds = 40

/** Whether nobody has taken the turn since. */
type Turn = () => boolean

/** One life of a scene: rows, clock and the outside world, with the processes that come and go. */
export class Session {
  readonly scene: Scene
  readonly storage: Storage
  readonly clock = manualClock()
  readonly witness = newWitness()
  /** Warnings and errors of the processes that do not belong to the story. */
  readonly said: string[] = []
  readonly #workers: number
  #release = 0
  #next = 0
  #isActing = false
  #turns = 0
  #processes = 0

  /** `workers`: how many go round at once, each time that something may be due. Default one. */
  constructor(scene: Scene, { workers = 1 }: { readonly workers?: number } = {}) {
    this.scene = scene
    this.#workers = workers
    const storage = memoryStorage()
    this.storage = { ...storage, traits: { ...storage.traits, singleWorker: scene.isSingleWorker ?? false } }
  }

  /** In an act of the app, which waits for its process. */
  get isActing(): boolean {
    return this.#isActing
  }

  /** How far the story has come. */
  get position(): string {
    const hours = (this.clock.now() - start) / (60 * minute)
    return `${this.#isActing ? 'in' : 'before'} act ${this.#next} of release ${this.#release}, hour ${hours}`
  }

  /**
   * Starts a process, and goes on with the story from where it is to its end. Where another takes the turn meanwhile, it goes round
   * once more and leaves the rest to that one.
   */
  async run(fate: Fate, until: 'next act' | 'end' = 'end'): Promise<void> {
    const isOurs = this.#takeTurn()
    this.#isActing = false
    let crew = await this.#start(fate)
    const { acts, until: end } = this.scene
    for (let act = acts[this.#next]; act !== undefined && isOurs(); act = acts[this.#next]) {
      await this.#workUntil(crew, start + act.at, isOurs)
      if (!isOurs()) break
      crew = await this.#perform(act, crew, { fate, isOurs })
      if (until === 'next act') return
    }
    await this.#workUntil(crew, start + end, isOurs)
  }

  /** Another process takes the turn and works for so long, or until the next act. */
  async work(fate: Fate, span: number): Promise<void> {
    const isOurs = this.#takeTurn()
    const crew = await this.#start(fate)
    const next = start + (this.scene.acts[this.#next]?.at ?? this.scene.until)
    await this.#workUntil(crew, Math.min(next, this.clock.now() + span), isOurs)
  }

  /** Another process works for so long, while the one that acts is waited for. */
  async help(fate: Fate, span: number): Promise<void> {
    await this.#workUntil(await this.#start(fate), this.clock.now() + span, () => true)
  }

  /** When something is due next. */
  async nextDueAt(): Promise<number | null> {
    return await this.storage.transaction((tx) => tx.schema.nextDueAt(this.clock.now()))
  }

  rows(): Rows {
    const { contactIds, releases, suppressed } = this.scene
    const handlers = releases.flatMap((code) => Object.keys(code.handlers ?? {}))
    const suppression = suppressed === undefined ? null : createAddressKeys(addressKey).address(suppressed)
    return readRows(this.storage, this.witness, { contactIds, handlers, suppression })
  }

  #takeTurn(): Turn {
    this.#turns += 1
    const turn = this.#turns
    return () => this.#turns === turn
  }

  /** The processes of a release; the first is the one that acts. */
  async #start(fate: Fate): Promise<readonly App[]> {
    const { scene, storage, witness, clock, said } = this
    const code = scene.releases[this.#release]
    if (code === undefined) throw new Error('there is no such release')
    const crew: App[] = []
    while (crew.length < this.#workers) {
      this.#processes += 1
      const surroundings = { storage, witness, fate, process: this.#processes, now: clock.now }
      crew.push(await startProcess(surroundings, { scene, code, clock, said }))
    }
    return crew
  }

  async #perform(
    act: Act,
    crew: readonly App[],
    { fate, isOurs }: { readonly fate: Fate; readonly isOurs: Turn },
  ): Promise<readonly App[]> {
    if ('release' in act) {
      this.#release = act.release
      const next = await this.#start(fate)
      if (isOurs()) this.#next += 1
      return next
    }
    const [mail] = crew
    if (mail === undefined) throw new Error('nobody is there')
    this.#isActing = true
    await act.run(mail)
    this.#isActing = false
    this.#next += 1
    return crew
  }

  async #workUntil(crew: readonly App[], target: number, isOurs: Turn): Promise<void> {
    for (let rounds = 0; ; ) {
      const wasOurs = isOurs()
      const reports = await Promise.all(crew.map((mail) => mail.tick()))
      if (!isOurs() && wasOurs) continue
      if (!isOurs()) return
      const now = this.clock.now()
      const nextDueAt = reports.length > 1 ? await this.nextDueAt() : (reports[0]?.nextDueAt ?? null)
      const isDue = nextDueAt !== null && nextDueAt <= now
      rounds = isDue ? rounds + 1 : 0
      if (isDue && rounds < mostRounds) continue
      if (isDue) this.said.push('goes round without an end')
      if (now >= target) return
      this.clock.advance(isDue ? minute : Math.min(nextDueAt ?? target, target) - now)
    }
  }
}
