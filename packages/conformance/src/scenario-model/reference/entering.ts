import type { JsonObject, ScenarioDefinition } from '@tobiishi/core'
import { coursesOf, type Knowledge, type Standing } from './standing.ts'
import { type Course, newCourse } from './state.ts'

/** Something that would start a scenario. */
export interface Occasion {
  readonly key: string
  readonly occurredAt: number
  readonly payload: JsonObject
  /** A date is entered once, whatever the re-entry. */
  readonly isDate?: boolean
  /** Where it starts; default the first step. */
  readonly at?: string | null
}

/** The key under which a contact may enter; null: it may not. */
export const keyFor = (
  reentry: ScenarioDefinition['reentry'],
  { key, occurredAt, isDate }: Occasion,
  earlier: readonly Course[],
) => {
  if (isDate !== true && reentry.kind === 'once') return earlier.length === 0 ? 'once' : null
  if (earlier.some((course) => course.key === key)) return null
  if (isDate === true) return key
  const wasIn = ({ state, enteredAt, endedAt }: Course) =>
    state === 'active' || (enteredAt <= occurredAt && occurredAt < (endedAt ?? 0))
  if (reentry.kind === 'after-exit' && earlier.some(wasIn)) return null
  if (reentry.kind === 'cooldown' && earlier.some(({ enteredAt }) => Math.abs(occurredAt - enteredAt) < reentry.ms)) return null
  return key
}

/** A new course, if re-entry lets the contact in. */
export const enter = (known: Knowledge, standing: Standing, contact: string, occasion: Occasion): Course | null => {
  const definition = standing.versions.get(standing.version)
  if (definition === undefined) throw new Error(`${standing.name} has no version ${standing.version}.`)
  const earlier = coursesOf(known, contact).filter(({ scenario }) => scenario === standing.name)
  const key = keyFor(definition.reentry, occasion, earlier)
  if (key === null) return null
  const course = newCourse({
    scenario: standing.name,
    version: standing.version,
    contact,
    key,
    enteredAt: occasion.occurredAt,
    payload: occasion.payload,
    step: occasion.at ?? definition.first,
  })
  course.isPunctual = !known.hasCaps
  known.courses.push(course)
  known.sometimes(earlier.length === 0 ? 'entered' : 're-entered')
  return course
}
