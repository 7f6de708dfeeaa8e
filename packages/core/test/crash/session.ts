import { minute } from '../../src/domain/time/instant.ts'
import { createTobiishi } from '../../src/index.ts'
import { memoryStorage } from '../../src/memory/index.ts'
import { createAddressKeys } from '../../src/message/address-keys.ts'
import type { Logger } from '../../src/ports/logger.ts'
import type { Storage } from '../../src/ports/storage/index.ts'
import { model } from '../club.ts'
import { manualClock, start } from '../delivery/delivery-world.ts'
import { accepted } from '../delivery/scripted-transport.ts'
import type { Fate } from './fate.ts'
import { type Surroundings, storageUnderFate, transportUnderFate } from './process.ts'
import { type Rows, readRows } from './rows.ts'
import type { Act, App, Code, Scene } from './scene.ts'
import { newWitness } from './witness.ts'

const addressKey = 'an address key for tests, long enough'
const options = {
  model,
  senders: {
    default: { legalName: '株式会社飛石', displayName: '飛石', email: 'a@shop.test', postalAddress: '東京都', contact: '03-0' },
  },
  baseUrl: 'https://shop.test/mail',
  secrets: [{ id: 'k1', value: 'a secret for tests, long enough to pass' }],
  addressKey,
}
/** What an operator is told of interruptions. */
const toldOfInterruptions = ['message.becameUnknown', 'transport.overran']
/** A worker that finds work again and again without getting on with it. */
const mostRounds = 40

/** One life of a scene: rows, clock and the outside world, with the processes that come and go. */
export class Session {
  readonly scene: Scene
  readonly storage: Storage = memoryStorage()
  readonly clock = manualClock()
  readonly witness = newWitness()
  /** Warnings and errors of the processes, and what went wrong with them. */
  readonly said: string[] = []
  #release = 0
  #next = 0
  #isActing = false
  #turn = 0
  #processes = 0

  constructor(scene: Scene) {
    this.scene = scene
  }

  /** In an act of the app, which waits for its process. */
  get isActing(): boolean {
    return this.#isActing
  }

  /** How far the story has come. */
  get position(): string {
    return `act ${this.#next}${this.#isActing ? ' under way' : ''} of release ${this.#release} at ${this.clock.now()}`
  }

  /** Starts a process, and goes on with the story from where it is to its end, or until another process takes the turn. */
  async run(fate: Fate, until: 'next act' | 'end' = 'end'): Promise<void> {
    const isOurs = this.#takeTurn()
    this.#isActing = false
    let mail = await this.#start(fate)
    const { acts } = this.scene
    for (let act = acts[this.#next]; act !== undefined && isOurs(); act = acts[this.#next]) {
      await this.#workUntil(mail, start + act.at, isOurs)
      if (!isOurs()) return
      mail = await this.#perform(act, mail, fate, isOurs)
      if (until === 'next act') return
    }
    if (isOurs()) await this.#workUntil(mail, start + this.scene.until, isOurs)
  }

  /** Another process takes the turn and works for so long, or until the next act. */
  async work(fate: Fate, span: number): Promise<void> {
    const isOurs = this.#takeTurn()
    const mail = await this.#start(fate)
    const act = this.scene.acts[this.#next]
    const next = start + (act?.at ?? this.scene.until)
    await this.#workUntil(mail, Math.max(this.clock.now(), Math.min(next, this.clock.now() + span)), isOurs)
  }

  /** Another process works for so long, while the one that acts is waited for. */
  async help(fate: Fate, span: number): Promise<void> {
    const mail = await this.#start(fate)
    await this.#workUntil(mail, this.clock.now() + span, () => true)
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

  #takeTurn(): () => boolean {
    this.#turn += 1
    const turn = this.#turn
    return () => this.#turn === turn
  }

  async #perform(act: Act, mail: App, fate: Fate, isOurs: () => boolean): Promise<App> {
    if ('release' in act) {
      this.#release = act.release
      const next = await this.#start(fate)
      if (isOurs()) this.#next += 1
      return next
    }
    this.#isActing = true
    await act.run(mail)
    this.#isActing = false
    this.#next += 1
    return mail
  }

  async #workUntil(mail: App, target: number, isOurs: () => boolean): Promise<void> {
    let rounds = 0
    while (isOurs()) {
      const { nextDueAt } = await mail.tick()
      if (!isOurs()) return
      const now = this.clock.now()
      const isDue = nextDueAt !== null && nextDueAt <= now
      rounds = isDue ? rounds + 1 : 0
      if (isDue && rounds < mostRounds) continue
      if (isDue) this.said.push('goes round without an end')
      if (now >= target) return
      this.clock.advance(isDue ? minute : Math.min(nextDueAt ?? target, target) - now)
    }
  }

  async #start(fate: Fate): Promise<App> {
    this.#processes += 1
    const { storage, witness, clock } = this
    const surroundings: Surroundings = { storage, witness, fate, process: this.#processes, now: clock.now }
    const code = this.scene.releases[this.#release]
    if (code === undefined) throw new Error('there is no such release')
    const mail = createTobiishi({
      ...options,
      scenarios: code.scenarios,
      templates: code.templates ?? [],
      caps: code.caps ?? [],
      handlers: this.#handlersOf(code, fate),
      storage: storageUnderFate(surroundings),
      transport: transportUnderFate(surroundings, this.scene.answer ?? (() => accepted)),
      clock,
      waker: { hint: () => {}, wait: async () => {} },
      logger: this.#logger(),
    })
    await mail.prepare()
    return mail
  }

  #handlersOf({ handlers = {} }: Code, fate: Fate) {
    const { handled, facts } = this.witness
    return Object.fromEntries(
      Object.entries(handlers).map(([name, handler]) => [
        name,
        async (call: Parameters<typeof handler>[0]) => {
          handled.push({ idemKey: call.idemKey, attempt: call.attempt, after: facts.length })
          await fate.pass('before handler')
          handler(call)
          await fate.pass('after handler')
        },
      ]),
    )
  }

  #logger(): Logger {
    const { says = [] } = this.scene
    const write = (event: string, fields?: Readonly<Record<string, unknown>>) => {
      if (![...toldOfInterruptions, ...says].includes(event)) this.said.push(`${event} ${JSON.stringify(fields)}`)
    }
    return { debug: () => {}, info: () => {}, warn: write, error: write }
  }
}
