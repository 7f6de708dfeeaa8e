import type { ScenarioDefinition } from '@tobiishi/core'
import type { Course, Happened, Person, Waiting } from './state.ts'

/** How a scenario stands. */
export interface Standing {
  readonly name: string
  readonly versions: Map<number, ScenarioDefinition>
  /** The one that new enrolments get. */
  version: number
  state: 'active' | 'paused' | 'stopped'
  pausedAt: number | null
  /** Pauses that are over. */
  pauses: number
  /** What a published version or a stop still does to those who are in it. */
  job: { readonly kind: 'migrate' | 'exit'; readonly reason: 'replaced' | 'stopped'; readonly below: number | null } | null
}

/** What is remembered of a contact by a scenario that a segment or a date starts. */
export interface Watched {
  isMember: boolean
  /** Of the last change, or the first look; no two changes of a contact have the same instant. Null: there is nothing to know. */
  changedAt: number | null
  /** When time may change it, or the occurrence comes. */
  dueAt: number | null
  /** The date that is waited for. */
  date: string | null
}

/** Everything that the reference knows. */
export interface Knowledge {
  now: number
  /** IANA zone of the app. */
  readonly zone: string
  readonly quietHours: { readonly from: string; readonly to: string } | null
  readonly hasCaps: boolean
  /** Scenarios are declared in code, so that one can be entered by hand. */
  readonly isDeclared: boolean
  readonly people: Map<string, Person>
  /** By contact, in the order of telling. */
  readonly events: Map<string, Happened[]>
  /** Whose an event (name, id) is, and its payload as text. */
  readonly taken: Map<string, { contact: string; readonly payload: string }>
  readonly waiting: Map<string, Waiting[]>
  readonly scenarios: Map<string, Standing>
  courses: Course[]
  /** By scenario, then contact. */
  readonly watches: Map<string, Map<string, Watched>>
  readonly suppressed: Set<string>
  order: number
  readonly isMarketing: (template: string) => boolean
  /** What was seen of the arms of splits. */
  readonly variantOf: (experiment: string, contact: string) => string
  /** When an enrolment was seen to have completed; asked only where nothing foresees it. */
  readonly seenEndedAt: (course: Course) => number | null
  /** Notes that something rare happened. */
  readonly sometimes: (what: string) => void
}

export const definitionOf = ({ scenarios }: Knowledge, { scenario, version }: Pick<Course, 'scenario' | 'version'>) => {
  const definition = scenarios.get(scenario)?.versions.get(version)
  if (definition === undefined) throw new Error(`The reference knows no version ${version} of ${scenario}.`)
  return definition
}

export const isOpen = ({ state }: Standing): boolean => state !== 'stopped'

export const coursesOf = ({ courses }: Knowledge, contact: string): Course[] =>
  courses.filter((course) => course.contact === contact)

/** Has something worked in for a contact when its turn comes. */
export const append = (known: Knowledge, contact: string, row: DistributiveOmit<Waiting, 'order'>): void => {
  known.order += 1
  known.waiting.set(contact, [...(known.waiting.get(contact) ?? []), { ...row, order: known.order }])
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
