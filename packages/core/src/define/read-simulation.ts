import type { SimulationOptions } from '../domain/scenario/simulate/script.ts'
import { mustBe } from './invalid-definition.ts'
import { isOptions, readOptions } from './options.ts'
import { readAnswers, readReactions } from './read-reaction.ts'
import { readContacts, readInstant, requireZone } from './read-script.ts'
import type { SimulatedScenario, SimulateOptions } from './simulation-script.ts'
import { readClockEnd, readClockTime } from './span.ts'

const known = ['from', 'days', 'contacts', 'reacts', 'answers', 'timeZone', 'isHoliday', 'quietHours'] as const

/** More days than anybody plans for; with it a wrong unit is told at once. */
const mostDays = 36_525

/**
 * The options of `simulate`, read against the model. Contacts are read one by one as they come. Throws `definition.invalid`,
 * `event.unknown`, `event.invalid_payload`, `contact.invalid_attributes`, `definition.unknown_reference` and `time.invalid`, each
 * with its path.
 */
export const readSimulation = (scenario: SimulatedScenario, options: SimulateOptions): SimulationOptions => {
  const loose = readOptions('simulate', options ?? null, known)
  const { timeZone, isHoliday, quietHours, reacts, answers } = options
  requireZone('timeZone', loose.timeZone)
  requireFunction('isHoliday', loose.isHoliday)
  requireFunction('reacts', loose.reacts)
  requireFunction('answers', loose.answers)
  requireQuietHours(loose.quietHours)
  if (!isIterable(loose.contacts)) throw mustBe('contacts', 'a list of contacts', loose.contacts)
  return {
    from: readInstant('from', loose.from),
    days: readDays(loose.days),
    contacts: readContacts(scenario, options.contacts),
    isTransactional: (name) => scenario.templates.get(name)?.purpose === 'transactional',
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(isHoliday === undefined ? {} : { isHoliday }),
    ...(quietHours === undefined ? {} : { quietHours }),
    ...(reacts === undefined ? {} : { reacts: readReactions(scenario, reacts) }),
    ...(answers === undefined ? {} : { answers: readAnswers(answers) }),
  }
}

const readDays = (days: unknown): number => {
  if (typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= mostDays) return days
  throw mustBe('days', `a whole number from 1 to ${mostDays}`, days)
}

const requireFunction = (path: string, value: unknown): void => {
  if (value !== undefined && typeof value !== 'function') throw mustBe(path, 'a function', value)
}

const requireQuietHours = (band: unknown): void => {
  if (band === undefined || band === null) return
  if (!isOptions(band)) throw mustBe('quietHours', "{ from: '21:00', to: '08:00' } or null", band)
  const { from, to } = readOptions('quietHours', band, ['from', 'to'])
  readClockTime('quietHours.from', from)
  readClockEnd('quietHours.to', to)
}

const isIterable = (value: unknown): boolean => typeof value === 'object' && value !== null && Symbol.iterator in value
