import { scenarioLimits } from '../domain/scenario/parse/value-schema.ts'
import type { DateTrigger, ScenarioDefinition, Trigger } from '../domain/scenario/scenario-definition.ts'
import { type Graph, keepSegment } from './compile-context.ts'
import { readEvent, readEventMatch } from './event-condition.ts'
import { invalidDefinition, mustBe } from './invalid-definition.ts'
import { isOptions, readChoice, readFlag, readOptions } from './options.ts'
import { readClockTime } from './span.ts'

/** `enterOn` as data. */
export const readTrigger = (graph: Graph, enterOn: unknown): Trigger | null => {
  const path = `${graph.owner}, enterOn`
  if (enterOn === undefined) return null
  if (!isOptions(enterOn)) return { kind: 'event', event: readEvent(path, graph.vocabulary, enterOn), where: null }
  if ('event' in enterOn) return readEventMatch(path, graph.vocabulary, enterOn)
  if ('segment' in enterOn) {
    const { segment, on } = readOptions(path, enterOn, ['segment', 'on'])
    return {
      kind: 'segment',
      segment: keepSegment(graph, `${path}.segment`, segment, 'it'),
      on: readChoice(`${path}.on`, on, ['entry', 'exit'], 'entry'),
    }
  }
  if ('date' in enterOn) return readDateTrigger(graph, path, enterOn)
  throw mustBe(path, 'the name of an event, { event, where }, { segment } or { date, at }', enterOn)
}

const readDateTrigger = ({ vocabulary }: Graph, path: string, options: object): DateTrigger => {
  const { date, days = 0, at, yearly, leapDay } = readOptions(path, options, ['date', 'days', 'at', 'yearly', 'leapDay'])
  const { fields } = vocabulary.contact
  if (typeof date !== 'string' || !Object.hasOwn(fields, date) || fields[date]?.kind !== 'date')
    throw invalidDefinition(`${path}.date`, `the model has no date ${JSON.stringify(date)}.`, 'definition.unknown_attribute')
  if (typeof days !== 'number' || !Number.isInteger(days) || Math.abs(days) > scenarioLimits.units)
    throw mustBe(`${path}.days`, 'a whole number, negative before the date', days)
  const isYearly = readFlag(`${path}.yearly`, yearly, false)
  if (leapDay !== undefined && !isYearly) throw invalidDefinition(`${path}.leapDay`, 'only counts with yearly: true.')
  return {
    kind: 'date',
    attribute: date,
    days: days + 0,
    at: readClockTime(`${path}.at`, at),
    yearly: isYearly,
    leapDay: readChoice(`${path}.leapDay`, leapDay, ['feb-28', 'mar-1', 'skip'], 'feb-28'),
  }
}

/** `goal` as data. */
export const readGoal = (graph: Graph, goal: unknown): ScenarioDefinition['goal'] => {
  const path = `${graph.owner}, goal`
  if (goal === undefined) return null
  if (!isOptions(goal)) return { kind: 'event', event: readEvent(path, graph.vocabulary, goal), where: null }
  if (!('segment' in goal)) return readEventMatch(path, graph.vocabulary, goal)
  const { segment } = readOptions(path, goal, ['segment'])
  return { kind: 'segment', segment: keepSegment(graph, `${path}.segment`, segment, 'it') }
}

/** `exitOn` as data. */
export const readExits = ({ owner, vocabulary }: Graph, exitOn: unknown): readonly string[] => {
  const exits: readonly unknown[] = exitOn === undefined ? [] : Array.isArray(exitOn) ? exitOn : [exitOn]
  return [...new Set(exits.map((event) => readEvent(`${owner}, exitOn`, vocabulary, event)))]
}
