import type { Json, JsonObject } from '@tobiishi/core'
import { keyFor } from './entering.ts'
import { workJobs } from './migrating.ts'
import { moveTo } from './people.ts'
import { drain, workAll } from './rounds.ts'
import { append, coursesOf, type Knowledge } from './standing.ts'
import type { Happened, Said } from './state.ts'

/** Changed parts of a contact. */
export interface Changes {
  readonly address?: string
  readonly zone?: string | null
  readonly attributes?: { readonly [name: string]: Json | null }
  readonly said?: readonly Said[]
}

/** Works in what is known of a contact. Answers the code of a refusal, or null. */
export const identify = (known: Knowledge, id: string, { address, zone, attributes, said }: Changes): string | null => {
  const holder = [...known.people.values()].find((person) => address !== undefined && person.address === address)
  if (holder !== undefined && holder.id !== id) return 'contact.address_taken'
  const person = known.people.get(id) ?? { id, address: null, zone: null, attributes: {}, said: [] }
  known.people.set(id, person)
  if (address !== undefined) person.address = address
  if (zone !== undefined) moveTo(known, person, zone)
  const changed = Object.entries({ ...person.attributes, ...attributes }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  )
  person.attributes = Object.fromEntries(changed)
  person.said = [...person.said, ...(said ?? [])]
  append(known, id, { kind: 'look', occurredAt: known.now, starts: true })
  drain(known, id)
  return null
}

/** Only written down; worked in when the contact's turn comes. */
export const track = (known: Knowledge, contact: string, event: Happened): null => {
  append(known, contact, { kind: 'event', ...event })
  return null
}

export const enrol = (
  known: Knowledge,
  id: string,
  {
    scenario,
    key,
    at,
    payload,
  }: { readonly scenario: string; readonly key: string; readonly at: string | null; readonly payload: JsonObject },
): string | null => {
  if (!known.isDeclared) return 'scenario.unknown'
  const standing = known.scenarios.get(scenario)
  const definition = standing?.versions.get(standing.version)
  if (standing === undefined || definition === undefined || standing.state === 'stopped') return 'scenario.state'
  drain(known, id)
  if (!known.people.has(id)) return 'contact.unknown'
  const earlier = coursesOf(known, id).filter((course) => course.scenario === scenario)
  if (keyFor(definition.reentry, { key, occurredAt: known.now, payload }, earlier) === null) return null
  append(known, id, { kind: 'enrol', occurredAt: known.now, scenario, key, payload, at })
  drain(known, id)
  return null
}

export const say = (known: Knowledge, id: string, kind: Said['kind'], topic: string | null): string | null => {
  drain(known, id)
  const person = known.people.get(id)
  if (person === undefined) return 'contact.unknown'
  person.said = [...person.said, { kind, topic, at: known.now }]
  return null
}

/** What a worker does that comes now. */
export const settle = (known: Knowledge): void => {
  workJobs(known)
  workAll(known)
}
