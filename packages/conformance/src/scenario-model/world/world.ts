import { type Scenario, TobiishiError } from '@tobiishi/core'
import type { Storage } from '@tobiishi/core/ports'
import { castOf } from '../catalogue/catalogue.ts'
import type { Shape } from '../catalogue/shape.ts'
import type { Setup } from '../command.ts'
import { contactIdsOf, type Deed, type Told } from '../deed.ts'
import { type App, type Diary, startApp } from './app.ts'
import { Observer, type Sighting } from './sighting.ts'
import { templatesOf, Versions } from './versions.ts'

/** A Thursday, 10:00 in Tokyo. Clocks change in New York on the 8th and in Berlin on the 29th. */
export const firstInstant = Date.parse('2026-03-05T01:00:00Z')

const browser = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'
const consent = { basis: 'opt-in', evidence: { source: 'form:/signup' } } as const

interface Process {
  readonly app: App
  readonly scenarios: ReadonlyMap<string, Scenario>
  /** How much of its outbox has been read. */
  read: number
}

/** The app on a storage: its processes come and go, and all of them see one clock, which stands still until it is moved. */
export class World {
  readonly setup: Setup
  readonly cast: readonly Shape[]
  readonly contactIds: readonly string[]
  readonly versions: Versions
  readonly diary: Diary = { accepted: [], tried: [], errors: [] }
  readonly observer: Observer
  readonly #storage: Storage<unknown>
  readonly #secondStorage: Storage<unknown>
  #main: Process | null = null
  #second: Process | null = null
  now = firstInstant

  private constructor(storages: readonly [Storage<unknown>, Storage<unknown>], setup: Setup) {
    this.#storage = storages[0]
    this.#secondStorage = storages[1]
    this.setup = setup
    this.cast = castOf(setup.cast)
    this.contactIds = contactIdsOf(setup)
    this.versions = new Versions(this.cast)
    const experiments = this.cast.some(({ name }) => name === 'after-sale') ? ['after-sale:share'] : []
    this.observer = new Observer(storages[0], { contactIds: this.contactIds, experiments })
  }

  /** The first process on an empty, migrated storage. */
  static async open(storages: readonly [Storage<unknown>, Storage<unknown>], setup: Setup): Promise<World> {
    const world = new World(storages, setup)
    await world.#restart()
    if (setup.origin === 'json') for (const scenario of world.versions.declared()) await world.#publishJson(scenario)
    return world
  }

  look(): Promise<Sighting> {
    return this.observer.look(this.now)
  }

  /** Time passes and nobody works. */
  jumpTo(instant: number): void {
    this.now = Math.max(this.now, instant)
  }

  /** All that is due is done. Answers when something is due next. */
  async settle(): Promise<number | null> {
    const { nextDueAt } = await this.#app().settle()
    this.#readOutboxes()
    return nextDueAt
  }

  /** Does it; answers the code of a refusal, or null. Nothing of what is due else is done. */
  async play(deed: Deed): Promise<string | null> {
    try {
      await this.#play(deed)
      return null
    } catch (error) {
      if (TobiishiError.is(error)) return error.code
      throw error
    } finally {
      this.#readOutboxes()
    }
  }

  #app(): App {
    if (this.#main === null) throw new Error('No process runs.')
    this.#main.app.clock.jumpTo(this.now)
    return this.#main.app
  }

  async #play(deed: Deed): Promise<void> {
    const app = this.#app()
    switch (deed.do) {
      case 'identify': {
        const { id, email, zone, attributes, grants } = deed
        await app.contacts.identify(id, {
          attributes,
          ...(email === undefined ? {} : { email }),
          ...(zone === undefined ? {} : { timeZone: zone }),
          ...(grants ? { consent: [consent] } : {}),
        })
        return
      }
      case 'track':
        return await this.#tell(app, deed)
      case 'tell again':
        for (const told of deed.events) await this.#tell(app, told)
        return
      case 'pause and resume':
        await app.scenarios.pause(deed.scenario)
        return app.scenarios.resume(deed.scenario, { missed: deed.missed })
      case 'enrol':
        return await this.#enrol(app, deed)
      case 'publish':
        return await this.#publish(deed)
      case 'pause':
        return app.scenarios.pause(deed.scenario)
      case 'resume':
        return app.scenarios.resume(deed.scenario, { missed: deed.missed })
      case 'stop':
        return app.scenarios.stop(deed.scenario, { inFlight: deed.inFlight })
      case 'start again':
        await app.scenarios.publish(deed.scenario)
        return
      case 'merge':
        return app.contacts.merge(deed.from, deed.into)
      case 'erase':
        return app.contacts.erase(deed.id)
      case 'withdraw':
      case 'grant':
        return await this.#say(app, deed)
      case 'unsubscribe':
        return await this.#unsubscribe(app, deed.message.id)
      case 'read': {
        const { message, how } = deed
        await app.ingest([
          { messageId: message.id, kind: how, method: 'GET', userAgent: browser, ...(how === 'clicked' ? { link: 1 } : {}) },
        ])
        return
      }
      case 'restart':
        return await this.#restart()
      case 'second worker':
        return await this.#workBeside()
      default:
        return
    }
  }

  async #tell(app: App, { contact, event, n, id, occurredAt }: Told): Promise<void> {
    await app.track(contact, event, { n }, { id, occurredAt })
  }

  async #enrol(app: App, { contact, scenario, key, at, payload }: Extract<Deed, { do: 'enrol' }>): Promise<void> {
    const declared =
      this.#main?.scenarios.get(scenario) ?? this.versions.declared().find(({ definition }) => definition.name === scenario)
    if (declared === undefined) throw new Error(`${scenario} is not in the cast.`)
    await app.enrol(contact, declared, {
      ...(key === null ? {} : { key }),
      ...(at === null ? {} : { at }),
      ...(payload === null ? {} : { event: payload }),
    })
  }

  async #say(app: App, { do: what, id, topic }: Extract<Deed, { do: 'withdraw' | 'grant' }>): Promise<void> {
    const said = { evidence: consent.evidence, ...(topic === null ? {} : { topics: [topic] }) }
    if (what === 'withdraw') await app.consent.withdraw(id, said)
    else await app.consent.grant(id, { ...said, basis: consent.basis })
  }

  /** By a deploy that declares it, or by name: as a draft that a deploy brought, or as JSON that an editor made. */
  async #publish({ scenario, by }: Extract<Deed, { do: 'publish' }>): Promise<void> {
    if (this.setup.origin === 'json') return await this.#publishJson(scenario)
    const { name } = scenario.definition
    await this.#restart(by === 'name' ? name : null)
    if (by === 'name') await this.#app().scenarios.publish(name)
  }

  async #publishJson({ definition }: Scenario): Promise<void> {
    const app = this.#app()
    await app.scenarios.save(JSON.parse(JSON.stringify(definition)))
    await app.scenarios.publish(definition.name)
  }

  /** One click, as mail programs do it (RFC 8058). */
  async #unsubscribe(app: App, messageId: string): Promise<void> {
    const url = this.diary.accepted.find(({ mail }) => mail.messageId === messageId)?.mail.unsubscribeUrl
    if (url == null) throw new Error('A marketing mail has no link to leave by.')
    const answer = await app.handler(
      new Request(url, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }),
    )
    if (answer.status !== 200) throw new Error(`Leaving by one click answered ${answer.status}.`)
  }

  async #restart(draft: string | null = null): Promise<void> {
    this.#main = await this.#start(this.#storage, draft)
  }

  /** It declares what was current when it started: an old process beside new ones. */
  async #workBeside(): Promise<void> {
    this.#second ??= await this.#start(this.#secondStorage, null)
    this.#second.app.clock.jumpTo(this.now)
    await this.#second.app.tick()
  }

  async #start(storage: Storage<unknown>, draft: string | null): Promise<Process> {
    const scenarios = this.setup.origin === 'json' ? [] : this.versions.declared(draft)
    const process = { now: this.now, scenarios, templates: templatesOf(this.cast) }
    const app = await startApp(storage, this.setup, process, this.diary)
    return { app, scenarios: new Map(scenarios.map((scenario) => [scenario.definition.name, scenario])), read: 0 }
  }

  #readOutboxes(): void {
    for (const process of [this.#main, this.#second]) {
      if (process === null) continue
      const fresh = process.app.outbox.slice(process.read)
      process.read += fresh.length
      this.diary.accepted.push(...fresh.map((mail) => ({ mail, at: this.now })))
    }
  }
}
