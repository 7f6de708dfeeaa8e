import type * as z from 'zod'
import { tellValue } from './tell-value.ts'

/** What a value must be and what it is instead. Undefined: zod's own words do. */
export const sentenceOf = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.code === 'unrecognized_keys') return `has keys that are not known: ${listOf(issue.keys)}.`
  const expected = expectedBy(issue)
  const got = givenIn(issue)
  if (expected === null) return got === undefined && issue.code === 'invalid_union' ? 'is missing.' : unfitOf(issue.code, got)
  return got === undefined ? `is missing: it must be ${expected}.` : `must be ${expected}, got ${tellValue(got)}.`
}

const expectedBy = (issue: z.core.$ZodRawIssue): string | null => {
  switch (issue.code) {
    case 'invalid_type':
      return kindNames[issue.expected] ?? `a ${issue.expected}`
    case 'invalid_value':
      return choiceOf(issue.values)
    case 'invalid_union':
      return Array.isArray(issue.options) ? choiceOf(issue.options) : null
    case 'too_small':
      return leastOf(issue)
    case 'too_big':
      return mostOf(issue)
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_format':
      return formNames[issue.format] ?? 'a text of the right form'
    default:
      return null
  }
}

const unfitOf = (code: string, got: unknown): string | undefined =>
  code === 'invalid_union' ? `fits none of the possible forms, got ${tellValue(got)}.` : undefined

type RawIssue<C extends z.core.$ZodIssue['code']> = Extract<z.core.$ZodRawIssue, { code: C }>

const leastOf = ({ origin, minimum, inclusive, exact }: RawIssue<'too_small'>): string | null => {
  const sized = sizes[origin]
  if (sized !== undefined) return `${sized[0]} of ${exact === true ? `exactly ${minimum}` : `${minimum} or more`} ${sized[1]}`
  if (!isOfNumbers(origin)) return null
  return inclusive === false ? `more than ${minimum}` : `at least ${minimum}`
}

const mostOf = ({ origin, maximum, inclusive, exact }: RawIssue<'too_big'>): string | null => {
  const sized = sizes[origin]
  if (sized !== undefined) return `${sized[0]} of ${exact === true ? `exactly ${maximum}` : `${maximum} or fewer`} ${sized[1]}`
  if (!isOfNumbers(origin)) return null
  return inclusive === false ? `less than ${maximum}` : `at most ${maximum}`
}

const sizes: { readonly [origin: string]: readonly [of: string, unit: string] } = {
  string: ['a text', 'characters'],
  array: ['a list', 'elements'],
}

const formNames: { readonly [format: string]: string } = {
  date: 'a date such as 2026-01-31',
  datetime: 'a date and time such as 2026-01-31T10:00:00+09:00',
}

const isOfNumbers = (origin: string): boolean => origin === 'number' || origin === 'int'

const choiceOf = (options: readonly unknown[]): string => (options.length === 1 ? listOf(options) : `one of ${listOf(options)}`)

const listOf = (words: readonly unknown[]): string => words.map((word) => JSON.stringify(word)).join(', ')

/** Of a union the word that would tell which part is meant. */
const givenIn = (issue: z.core.$ZodRawIssue): unknown => {
  const { input } = issue
  if (issue.code !== 'invalid_union' || typeof issue.discriminator !== 'string') return input
  return typeof input === 'object' && input !== null ? Reflect.get(input, issue.discriminator) : input
}

const kindNames: { readonly [kind: string]: string } = {
  int: 'a whole number',
  record: 'an object',
  object: 'an object',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
}
