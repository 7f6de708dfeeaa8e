import type { ScenarioDefinition, SendWindow } from '../domain/scenario/scenario-definition.ts'
import { highestVersion, isVersion } from '../domain/scenario/version-number.ts'
import { hour, type Milliseconds } from '../domain/time/instant.ts'
import { invalidDefinition, mustBe } from './invalid-definition.ts'
import { isOptions, readChoice, readOptions } from './options.ts'
import { readClockEnd, readClockTime, readElapsedSpan } from './span.ts'

/** What a scenario says of versions, entries and times, as callers without types may give it. */
export interface LoosePolicies {
  readonly version?: unknown
  readonly reentry?: unknown
  readonly window?: unknown
  readonly maxEventAge?: unknown
  readonly minGap?: unknown
  readonly priority?: unknown
  readonly inFlight?: unknown
  readonly successors?: unknown
}

type Policies = Pick<ScenarioDefinition, keyof LoosePolicies>

/** The policies with their defaults. */
export const readPolicies = (owner: string, options: LoosePolicies): Policies => {
  const inFlight = readChoice(`${owner}, inFlight`, options.inFlight, ['pin', 'migrate', 'exit'], 'pin')
  return {
    version: readVersion(owner, options.version),
    reentry: readReentry(`${owner}, reentry`, options.reentry),
    window: options.window === undefined ? null : readWindow(`${owner}, window`, options.window),
    maxEventAge: options.maxEventAge === undefined ? 24 * hour : readElapsedSpan(`${owner}, maxEventAge`, options.maxEventAge),
    minGap: options.minGap === undefined ? 12 * hour : readGap(`${owner}, minGap`, options.minGap),
    priority: options.priority === undefined ? 0 : readPriority(owner, options.priority),
    inFlight,
    successors: options.successors === undefined ? {} : readSuccessors(`${owner}, successors`, options.successors, inFlight),
  }
}

const readVersion = (owner: string, version: unknown): number => {
  if (isVersion(version)) return version
  throw mustBe(`${owner}, version`, `a whole number from 1 to ${highestVersion}`, version)
}

const readReentry = (path: string, reentry: unknown): ScenarioDefinition['reentry'] => {
  if (reentry === undefined) return { kind: 'once' }
  if (reentry === 'once' || reentry === 'after-exit' || reentry === 'every-event') return { kind: reentry }
  if (!isOptions(reentry)) throw mustBe(path, "'once', 'after-exit', 'every-event' or { cooldown: '30 days' }", reentry)
  const { cooldown } = readOptions(path, reentry, ['cooldown'])
  return { kind: 'cooldown', ms: readElapsedSpan(`${path}.cooldown`, cooldown) }
}

const readWindow = (path: string, window: unknown): SendWindow => {
  if (!isOptions(window)) throw mustBe(path, "{ days: 'business', from: '09:00', to: '20:00' }", window)
  const { days, from, to } = readOptions(path, window, ['days', 'from', 'to'])
  const read = {
    days: readChoice(`${path}.days`, days, ['any', 'weekdays', 'business'], 'any'),
    from: readClockTime(`${path}.from`, from),
    to: readClockEnd(`${path}.to`, to),
  }
  if (read.from === read.to) throw invalidDefinition(path, 'from and to are the same, so it would never open.')
  return read
}

/** Unlike other spans it may be none at all. */
const readGap = (path: string, gap: unknown): Milliseconds =>
  typeof gap === 'string' && /^0 (?:second|minute|hour|day|week)s?$/.test(gap) ? 0 : readElapsedSpan(path, gap)

const readPriority = (owner: string, priority: unknown): number => {
  if (typeof priority === 'number' && Number.isSafeInteger(priority)) return priority + 0
  throw mustBe(`${owner}, priority`, 'a whole number', priority)
}

const readSuccessors = (
  path: string,
  successors: unknown,
  inFlight: ScenarioDefinition['inFlight'],
): ScenarioDefinition['successors'] => {
  if (!isOptions(successors)) throw mustBe(path, "{ 'old-step': 'new-step', 'other-step': null }", successors)
  const entries = Object.entries(successors).map(([gone, next]) => {
    if (next === null || typeof next === 'string') return [gone, next] as const
    throw mustBe(`${path}.${gone}`, 'the id of a step, or null to complete', next)
  })
  if (entries.length > 0 && inFlight !== 'migrate') throw invalidDefinition(path, "only counts with inFlight: 'migrate'.")
  return Object.fromEntries(entries)
}
