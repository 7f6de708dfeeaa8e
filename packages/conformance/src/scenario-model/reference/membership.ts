import { day } from '../wall-clock.ts'
import type { Happened, Person } from './state.ts'

const recently = 2 * day

/** Who is in the segments of the vocabulary, in plain words. */
export const isMember = (segment: string, { attributes }: Person, events: readonly Happened[], now: number): boolean => {
  switch (segment) {
    case 'pros':
      return attributes.plan === 'pro'
    case 'customers':
      return attributes.stage === 'customer'
    case 'recent':
      return events.some(({ name, occurredAt }) => name === 'viewed' && occurredAt > now - recently && occurredAt <= now)
    default:
      throw new Error(`The reference does not know the segment ${segment}.`)
  }
}

/** When time alone changes that; null: never. */
export const changesAt = (segment: string, events: readonly Happened[], now: number): number | null => {
  if (segment !== 'recent') return null
  const views = events.filter(({ name, occurredAt }) => name === 'viewed' && occurredAt > now - recently)
  return views.length === 0 ? null : Math.max(...views.map(({ occurredAt }) => occurredAt)) + recently
}
