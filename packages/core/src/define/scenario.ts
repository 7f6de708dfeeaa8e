import type * as z from 'zod'
import type { ScenarioDefinition, SendWindow } from '../domain/scenario/scenario-definition.ts'
import { hour } from '../domain/time/instant.ts'
import { compileSteps } from './compile-steps.ts'
import type { DeclaredScenario } from './declared.ts'
import { invalidDefinition, requireName } from './invalid-definition.ts'
import { createReferences } from './reference.ts'
import { createStepBuilder, type Step, type StepBuilder } from './scenario-builder.ts'
import type { SegmentVocabulary } from './segment-builder.ts'
import { type ClockTime, type ElapsedSpan, readClockTime, readElapsedSpan } from './span.ts'
import type { Fields } from './template.ts'
import type { ObjectType } from './value-type.ts'

/** A scenario as the app holds it. */
export interface Scenario extends DeclaredScenario {}

type Events = { readonly [name: string]: z.ZodObject }

/** A scenario in the app's words; `K` is the event that starts it. */
export interface ScenarioOptions<E extends Events, K extends keyof E & string> {
  /** Whole and positive. Raise it with every change: a published number keeps its meaning. */
  readonly version: number
  /** The event that starts it. Without it the scenario starts by `enrol` only, and `event` has no fields. */
  readonly enterOn?: K
  /** One or several events that end it. */
  readonly exitOn?: (keyof E & string) | readonly (keyof E & string)[]
  /** Default `once`. */
  readonly reentry?: 'once' | 'every-event'
  /** When mail may go out, in the contact's zone: half-open, `22:00`–`06:00` wraps. `days` defaults to `any`. */
  readonly window?: { readonly days?: SendWindow['days']; readonly from: ClockTime; readonly to: ClockTime }
  /** An older event does not start it. Default `24 hours`. */
  readonly maxEventAge?: ElapsedSpan
  readonly steps: (builder: StepBuilder<[K] extends [never] ? Record<never, never> : Fields<z.output<E[K]>>>) => readonly Step[]
}

interface LooseOptions {
  readonly version: unknown
  readonly enterOn?: unknown
  readonly exitOn?: unknown
  readonly reentry?: unknown
  readonly window?: unknown
  readonly maxEventAge?: unknown
  readonly steps: unknown
}

/** Checks a scenario and compiles it to what is stored. Throws `definition.invalid`, `.unknown_event`, `.duplicate` and more, with paths. */
export const createScenario = (vocabulary: SegmentVocabulary, name: string, options: LooseOptions): Scenario => {
  const owner = `scenario "${requireName('scenario', name)}"`
  const enterOn = options.enterOn === undefined ? null : readEvent(`${owner}, enterOn`, vocabulary, options.enterOn)
  const origin = Symbol('scenario')
  const steps = buildSteps(owner, enterOn === null ? nothing : (vocabulary.events[enterOn] ?? nothing), origin, options.steps)
  const { first, nodes, segments, templates } = compileSteps({ owner, vocabulary, origin }, steps)
  const definition: ScenarioDefinition = {
    format: 2,
    name,
    version: readVersion(owner, options.version),
    trigger: enterOn === null ? null : { kind: 'event', event: enterOn, where: null },
    exitOn: readExits(owner, vocabulary, options.exitOn),
    exitWhen: null,
    goal: null,
    reentry: readReentry(owner, options.reentry),
    window: options.window === undefined ? null : readWindow(`${owner}, window`, options.window),
    maxEventAge: options.maxEventAge === undefined ? 24 * hour : readElapsedSpan(`${owner}, maxEventAge`, options.maxEventAge),
    minGap: 12 * hour,
    priority: 0,
    inFlight: 'pin',
    successors: {},
    first,
    steps: nodes,
    segments,
  }
  return Object.freeze({ kind: 'scenario', definition, templates })
}

const nothing: ObjectType = { kind: 'object', isOptional: false, fields: {} }

const buildSteps = (owner: string, event: ObjectType, origin: symbol, steps: unknown): readonly Step[] => {
  if (typeof steps !== 'function') throw invalidDefinition(`${owner}, steps`, 'is a function that returns a list of steps.')
  const references = createReferences(event, { scope: 'event', path: [], origins: new Set([origin]), owner })
  const built: unknown = steps(createStepBuilder(references))
  if (Array.isArray(built) && built.length > 0) return built as readonly Step[]
  throw invalidDefinition(`${owner}, steps`, 'must return a list of at least one step.')
}

const readVersion = (owner: string, version: unknown): number => {
  if (Number.isSafeInteger(version) && Number(version) > 0) return Number(version)
  throw invalidDefinition(`${owner}, version`, 'is a whole number from 1 up.')
}

const readEvent = (path: string, vocabulary: SegmentVocabulary, event: unknown): string => {
  if (typeof event === 'string' && Object.hasOwn(vocabulary.events, event)) return event
  throw invalidDefinition(path, `the model has no event ${JSON.stringify(event)}.`, 'definition.unknown_event')
}

const readExits = (owner: string, vocabulary: SegmentVocabulary, exitOn: unknown): readonly string[] => {
  const exits: readonly unknown[] = exitOn === undefined ? [] : Array.isArray(exitOn) ? exitOn : [exitOn]
  return [...new Set(exits.map((event) => readEvent(`${owner}, exitOn`, vocabulary, event)))]
}

const readReentry = (owner: string, reentry: unknown): ScenarioDefinition['reentry'] => {
  if (reentry === undefined) return { kind: 'once' }
  if (reentry === 'once' || reentry === 'every-event') return { kind: reentry }
  throw invalidDefinition(`${owner}, reentry`, "is 'once' or 'every-event'.")
}

const readWindow = (path: string, window: unknown): SendWindow => {
  if (typeof window !== 'object' || window === null)
    throw invalidDefinition(path, "is { days: 'business', from: '09:00', to: '20:00' }.")
  const { days = 'any', from, to } = window as { readonly days?: unknown; readonly from?: unknown; readonly to?: unknown }
  if (days !== 'any' && days !== 'weekdays' && days !== 'business') {
    throw invalidDefinition(`${path}.days`, "is 'any', 'weekdays' or 'business'.")
  }
  const read = { days, from: readClockTime(`${path}.from`, from), to: readClockTime(`${path}.to`, to) } as const
  if (read.from === read.to) throw invalidDefinition(path, 'from and to are the same, so it would never open.')
  return read
}
