import type * as z from 'zod'
import { tellValue } from './tell-value.ts'

/** What a value must be and what it is instead. Undefined: zod's own words do. */
export const sentenceOf = (issue: z.core.$ZodRawIssue): string | undefined => {
  const expected = expectedBy(issue)
  const got = givenIn(issue)
  if (expected === null) return got === undefined && issue.code === 'invalid_union' ? 'is missing.' : undefined
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
      return isOfNumbers(issue.origin) ? `at least ${issue.minimum}` : null
    case 'too_big':
      return isOfNumbers(issue.origin) ? `at most ${issue.maximum}` : null
    default:
      return null
  }
}

const isOfNumbers = (origin: string): boolean => origin === 'number' || origin === 'int'

const choiceOf = (options: readonly unknown[]): string => {
  const words = options.map((option) => JSON.stringify(option))
  return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`
}

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
