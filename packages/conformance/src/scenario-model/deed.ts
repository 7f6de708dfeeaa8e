import type { Scenario } from '@tobiishi/core'
import type { Shape } from './catalogue/shape.ts'
import type { Command, Setup } from './command.ts'
import type { EventName } from './vocabulary.ts'
import { dateAt, day, minute } from './wall-clock.ts'
import { appZone } from './world/app.ts'
import type { SeenMessage, Sighting } from './world/sighting.ts'
import type { Versions } from './world/versions.ts'

export interface Told {
  readonly contact: string
  readonly event: EventName
  readonly id: string
  readonly n: number
  readonly occurredAt: number
}

/** A command with everything in it that it depends on: the same for the app and for the reference. */
export type Deed =
  | {
      readonly do: 'identify'
      readonly id: string
      readonly email?: string
      readonly zone?: string | null
      readonly attributes: { readonly plan?: 'free' | 'pro' | null; readonly renewsOn?: string | null }
      readonly grants: boolean
    }
  | ({ readonly do: 'track'; readonly isHeld: boolean } & Told)
  | {
      readonly do: 'enrol'
      readonly contact: string
      readonly scenario: string
      readonly key: string | null
      readonly at: string | null
      readonly payload: { readonly n: number } | null
    }
  | { readonly do: 'publish'; readonly scenario: Scenario; readonly by: 'deploy' | 'name' }
  | { readonly do: 'pause' | 'start again'; readonly scenario: string }
  | { readonly do: 'tell again'; readonly events: readonly Told[] }
  | { readonly do: 'resume' | 'pause and resume'; readonly scenario: string; readonly missed: 'continue' | 'skip' | 'shift' }
  | { readonly do: 'stop'; readonly scenario: string; readonly inFlight: 'finish' | 'exit' }
  | { readonly do: 'merge'; readonly from: string; readonly into: string }
  | { readonly do: 'erase'; readonly id: string }
  | { readonly do: 'withdraw' | 'grant'; readonly id: string; readonly topic: 'news' | 'tips' | null }
  | { readonly do: 'unsubscribe'; readonly message: SeenMessage }
  | { readonly do: 'read'; readonly message: SeenMessage; readonly how: 'opened' | 'clicked' }
  | { readonly do: 'advance' | 'outage'; readonly to: number }
  | { readonly do: 'restart' | 'second worker' | 'nothing' }

export interface Scene {
  readonly now: number
  readonly origin: Setup['origin']
  readonly contactIds: readonly string[]
  readonly cast: readonly Shape[]
  readonly versions: Versions
  readonly seen: Sighting
  /** What the contact was told of, as long as it is the same contact. */
  toldOf(contact: string): readonly Told[]
  isActive(scenario: string): boolean
}

const names = ['ann', 'bob', 'cat', 'dan']
const nothing: Deed = { do: 'nothing' }

export const contactIdsOf = ({ people }: Setup): readonly string[] => people.map(({ salt }, index) => `${names[index]}${salt}`)

export const addressOf = (id: string): string => `${id}@example.test`

const pick = <T>(list: readonly T[], index: number): T => {
  const found = list[index % list.length]
  if (found === undefined) throw new Error('There is nothing to pick from.')
  return found
}

/** The contact's latest mail that was sent, and that fits. */
const latestMail = ({ seen }: Scene, contactId: string, fits: (message: SeenMessage) => boolean): SeenMessage | null => {
  const sent = seen.messages.filter((message) => message.contactId === contactId && message.state === 'sent' && fits(message))
  const byTime = sent.toSorted((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0) || (a.template < b.template ? -1 : 1))
  return byTime[0] ?? null
}

/** Scenarios in which somebody is, and before all those whose mail waits: there a pause or a version makes a difference. */
const busyOf = ({ cast, seen }: Scene): readonly Shape[] => {
  const busy = (names: readonly (string | null)[]) => cast.filter(({ name }) => names.includes(name))
  const sending = busy(seen.messages.filter(({ state }) => state === 'queued').map(({ scenario }) => scenario))
  const running = busy(seen.courses.filter(({ row }) => row.state === 'active').map(({ row }) => row.scenario))
  return [sending, running].find(({ length }) => length > 0) ?? cast
}

/** A scenario that can go on, if there is one. */
const heldOf = ({ cast, isActive }: Scene): readonly Shape[] => {
  const held = cast.filter(({ name }) => !isActive(name))
  return held.length > 0 ? held : cast
}

const identify = (command: Extract<Command, { do: 'identify' }>, { now, contactIds, seen }: Scene): Deed => {
  const id = pick(contactIds, command.who)
  const { renewsIn, plan, zone, address } = command
  const renewsOn = renewsIn == null ? renewsIn : dateAt(now + renewsIn * day, appZone)
  return {
    do: 'identify',
    id,
    ...(seen.contacts.get(id)?.email == null
      ? { email: address === 'own' ? addressOf(id) : addressOf(`${id}.${now / minute}`) }
      : {}),
    ...(zone === undefined ? {} : { zone }),
    attributes: { ...(plan === undefined ? {} : { plan }), ...(renewsOn === undefined ? {} : { renewsOn }) },
    grants: false,
  }
}

/** What a command comes to as things stand. */
export const deedOf = (command: Command, scene: Scene): Deed => {
  const { now, contactIds, cast, versions } = scene
  const who = (index: number) => pick(contactIds, index)
  const shape = (index: number) => pick(cast, index)
  switch (command.do) {
    case 'identify':
      return identify(command, scene)
    case 'track': {
      const { event, id, n, ago, isHeld } = command
      const contact = who(command.who)
      return {
        do: 'track',
        contact,
        event,
        n,
        isHeld,
        id: id === 0 ? 'shared' : `${contact}-${id}`,
        occurredAt: now - ago * minute,
      }
    }
    case 'enrol': {
      const { name, lastStep, event } = shape(command.scenario)
      const key = command.key === null ? null : `key-${command.key}`
      const at = command.isAtLastStep ? lastStep : null
      return { do: 'enrol', contact: who(command.who), scenario: name, key, at, payload: event ?? null }
    }
    case 'publish':
      return {
        do: 'publish',
        scenario: versions.raise(pick(busyOf(scene), command.scenario), command),
        by: scene.origin === 'json' ? 'name' : command.by,
      }
    case 'pause':
      return { do: 'pause', scenario: pick(busyOf(scene), command.scenario).name }
    case 'start again':
      return { do: 'start again', scenario: pick(heldOf(scene), command.scenario).name }
    case 'resume':
      return { ...command, scenario: pick(heldOf(scene), command.scenario).name }
    case 'pause and resume': {
      const scenario = shape(command.scenario).name
      return scene.isActive(scenario) ? { ...command, scenario } : nothing
    }
    case 'tell again':
      return { do: 'tell again', events: scene.toldOf(who(command.who)).slice(-5).toReversed() }
    case 'stop':
      return { ...command, scenario: pick(busyOf(scene), command.scenario).name }
    case 'merge': {
      const [from, into] = [who(command.from), who(command.into)]
      return from === into ? nothing : { do: 'merge', from, into }
    }
    case 'erase':
      return { do: 'erase', id: who(command.who) }
    case 'withdraw':
    case 'grant':
      return { do: command.do, id: who(command.who), topic: command.topic }
    case 'unsubscribe': {
      const message = latestMail(scene, who(command.who), ({ purpose }) => purpose === 'marketing')
      return message === null ? nothing : { do: 'unsubscribe', message }
    }
    case 'read': {
      const message = latestMail(scene, who(command.who), () => true)
      return message === null ? nothing : { do: 'read', message, how: command.how }
    }
    case 'advance':
    case 'outage':
      return { do: command.do, to: now + command.minutes * minute }
    default:
      return { do: command.do }
  }
}
