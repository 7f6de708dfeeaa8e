import type * as z from 'zod'
import { nearestName } from '../../domain/nearest-name.ts'
import type { TobiishiOptions } from './options.ts'

type Every<T> = { readonly [K in keyof Required<T>]: true }

/** All that `createTobiishi` takes; the type keeps it whole. */
const top: Every<TobiishiOptions> = {
  model: true,
  scenarios: true,
  templates: true,
  storage: true,
  transport: true,
  markup: true,
  senders: true,
  baseUrl: true,
  secrets: true,
  addressKey: true,
  timeZone: true,
  defaultLocale: true,
  jurisdiction: true,
  audience: true,
  environment: true,
  bounceAddress: true,
  handlers: true,
  callConcurrency: true,
  quietHours: true,
  caps: true,
  isHoliday: true,
  retry: true,
  unknownPolicy: true,
  attribution: true,
  clock: true,
  waker: true,
  logger: true,
}
const retry: Every<NonNullable<TobiishiOptions['retry']>> = { attempts: true, firstDelay: true, maxDelay: true }
const unknownPolicy: Every<NonNullable<TobiishiOptions['unknownPolicy']>> = { marketing: true, transactional: true }
const attribution: Every<NonNullable<TobiishiOptions['attribution']>> = { events: true, by: true, within: true, value: true }
const quietHours: Every<NonNullable<TobiishiOptions['quietHours']>> = { from: true, to: true }
const caps: Every<NonNullable<TobiishiOptions['caps']>[number]> = {
  name: true,
  per: true,
  limit: true,
  topic: true,
  policy: true,
}
const parts: { readonly [part: string]: object } = { retry, unknownPolicy, attribution, quietHours, caps }

/** Options that `createTobiishi` does not know: a misspelt one would be an option that is silently left out. */
export const unknownOptions = (options: object): readonly string[] =>
  Object.keys(options)
    .filter((name) => !Object.hasOwn(top, name))
    .map((name) => strange(name, name, Object.keys(top)))

/** The same for the keys of an option that a schema refused. */
export const strangeKeys = ({ path, keys }: z.core.$ZodIssueUnrecognizedKeys): readonly string[] =>
  keys.map((key) => strange([...path, key].map(String).join('.'), key, Object.keys(parts[String(path[0])] ?? {})))

const strange = (path: string, name: string, known: readonly string[]): string => {
  const nearest = nearestName(name, known)
  return `${path}: is not known here${nearest === null ? '' : ` (did you mean ${nearest}?)`}`
}
