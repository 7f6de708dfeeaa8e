import type { ScenarioDefinition } from '@tobiishi/core'
import type { Happened, Person } from './state.ts'

/** What is known around one enrolment when it is looked at. */
export interface Surroundings {
  readonly now: number
  readonly definition: ScenarioDefinition
  readonly person: Person
  /** The contact's, else the app's. */
  readonly zone: string
  readonly quietHours: { readonly from: string; readonly to: string } | null
  isMarketing(template: string): boolean
  isMember(segment: string): boolean
  /** Of the contact, as far as they have been worked in. */
  readonly events: readonly Happened[]
  /** When a person opened, or clicked in, the mail of a step of this enrolment. */
  openedAt(step: string): number | null
  /** Which arm of a split the contact is in, as written down. The reference does not know how it is drawn. */
  variantOf(experiment: string): string
  /** When the enrolment was seen to have completed; null: it was not. */
  readonly seenEndedAt: number | null
}

/** Conditions over a payload, as the vocabulary uses them: `n >= …`. */
export const fits = (
  match: { readonly event: string; readonly where: object | null },
  { name, payload }: Pick<Happened, 'name' | 'payload'>,
): boolean => {
  if (name !== match.event) return false
  if (match.where === null) return true
  const value = 'value' in match.where ? match.where.value : undefined
  if (typeof value !== 'number') throw new Error('The reference knows only conditions of the kind n >= …')
  return Number(payload.n) >= value
}
