import { fieldNameRule, isFieldName } from '../domain/name.ts'
import type { Expression } from '../domain/reference/expression.ts'
import { scenarioLimits } from '../domain/scenario/parse/value-schema.ts'
import { second } from '../domain/time/instant.ts'
import type { CompileNode } from './compile-context.ts'
import { readPayloadValue } from './fill.ts'
import { invalidDefinition, mustBe, requireName } from './invalid-definition.ts'
import { isOptions, readFlag, readOptions } from './options.ts'
import { readElapsedSpan } from './span.ts'

const optionNames = ['wait', 'timeout', 'attempts', 'failed'] as const

export const compileCall: CompileNode<'call'> = ({ graph, path, next, compileArms }, step) => {
  const options = readOptions(path, step.options, optionNames)
  if (step.options === undefined) refuseMisplaced(path, step.payload)
  const waits = readFlag(`${path}.wait`, options.wait, true)
  if (!waits && options.failed !== undefined)
    throw invalidDefinition(`${path}.failed`, 'a call that is not waited for cannot fail. Leave out failed, or wait: false.')
  const [failed] = compileArms([{ path: `${path}.failed`, steps: options.failed }])
  return {
    node: {
      kind: 'call',
      id: step.id,
      handler: requireName(`${path}, handler`, step.handler),
      payload: readPayload(`${path}, payload`, step.payload, graph.origin),
      waits,
      timeout: options.timeout === undefined ? 30 * second : readElapsedSpan(`${path}.timeout`, options.timeout),
      attempts: options.attempts === undefined ? 8 : readAttempts(`${path}.attempts`, options.attempts),
      next,
      failed: failed?.first ?? null,
    },
    passes: true,
  }
}

/** A payload of nothing but constants under the names of options is one that was forgotten before them. */
const refuseMisplaced = (path: string, payload: unknown): void => {
  if (!isOptions(payload)) return
  const entries = Object.entries(payload)
  const isMisplaced = ([name, value]: [string, unknown]) =>
    optionNames.some((option) => option === name) && (typeof value !== 'object' || Array.isArray(value))
  if (entries.length === 0 || !entries.every(isMisplaced)) return
  throw invalidDefinition(
    `${path}, payload`,
    'holds nothing but options. Give {} as the payload before them; if the handler is to get them, give {} as options after it.',
  )
}

export const compileGoTo: CompileNode<'go-to'> = ({ graph, path }, step) => {
  const { scenario } = step
  const name = typeof scenario === 'string' ? scenario : scenario?.definition?.name
  return {
    node: {
      kind: 'go-to',
      id: step.id,
      scenario: requireName(`${path}, scenario`, name),
      event: readPayload(`${path}, event`, step.event, graph.origin),
    },
    passes: false,
  }
}

const readPayload = (path: string, payload: unknown, origin: symbol): { readonly [name: string]: Expression } => {
  if (payload === undefined) return {}
  if (!isOptions(payload)) throw mustBe(path, 'an object of constants and references', payload)
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      if (!isFieldName(name)) throw invalidDefinition(`${path}.${name}`, fieldNameRule)
      return [name, readPayloadValue(`${path}.${name}`, value, origin)]
    }),
  )
}

const readAttempts = (path: string, attempts: unknown): number => {
  if (typeof attempts === 'number' && Number.isInteger(attempts) && attempts >= 1 && attempts <= scenarioLimits.attempts)
    return attempts
  throw mustBe(path, `a whole number from 1 to ${scenarioLimits.attempts}`, attempts)
}
