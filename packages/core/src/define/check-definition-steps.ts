import type * as z from 'zod'
import type { Expression } from '../domain/reference/expression.ts'
import { type BareProblem, spellPath } from '../domain/scenario/parse/problem.ts'
import type { CallStep, GoToStep, ScenarioStep, SendStep, UpdateStep, WaitStep } from '../domain/scenario/scenario-definition.ts'
import { type ErrorCode, TobiishiError } from '../errors/index.ts'
import type { DeclaredTemplate } from './declared.ts'
import { readEvent } from './event-condition.ts'
import { toWritten } from './expression-reference.ts'
import { readConstant, readPayloadValue, readProp } from './fill.ts'
import { invalidDefinition } from './invalid-definition.ts'
import type { SegmentVocabulary } from './segment-builder.ts'
import { elementOf } from './value-type.ts'

/** A problem with the finding that `check` makes of it; null: `check` looks at that itself. */
export interface Misfit extends BareProblem {
  readonly code: 'unknown-event' | 'unknown-attribute' | 'value-unfit' | null
  readonly step: string | null
}

/** What the steps of a stored definition may name. */
export interface Surroundings {
  readonly vocabulary: SegmentVocabulary
  readonly attributes: z.ZodObject
  /** Null: not looked at. */
  readonly templates: ReadonlyMap<string, DeclaredTemplate> | null
  /** Null: not looked at. */
  readonly handlers: ReadonlySet<string> | null
  /** References to what the event brings, and whose they are. */
  readonly event: object
  readonly origin: symbol
}

type Path = readonly PropertyKey[]

/** The problem that `work` throws, at this path; what is no problem of a definition is thrown on. */
export const problemsOf = (path: Path, work: () => unknown): readonly Misfit[] => {
  try {
    work()
    return []
  } catch (error) {
    if (!TobiishiError.is(error)) throw error
    const start = `${String(error.details.path)}: `
    const problem = error.message.startsWith(start) ? error.message.slice(start.length) : error.message
    return [{ path: spellPath(path), problem, code: codes[error.code] ?? 'value-unfit', step: stepIn(path) }]
  }
}

const codes: { readonly [code in ErrorCode]?: Misfit['code'] } = {
  'definition.unknown_event': 'unknown-event',
  'definition.unknown_attribute': 'unknown-attribute',
}

const stepIn = ([head, id]: Path): string | null => (head === 'steps' && typeof id === 'string' ? id : null)

/** What `check` finds by itself. */
const told = (path: Path, problem: string): Misfit => ({ path: spellPath(path), problem, code: null, step: stepIn(path) })

export const stepProblems = (step: ScenarioStep, surroundings: Surroundings): readonly Misfit[] => {
  const path = ['steps', step.id]
  switch (step.kind) {
    case 'send':
      return sendProblems(path, step, surroundings)
    case 'wait':
      return waitProblems(path, step, surroundings)
    case 'update':
      return updateProblems(path, step, surroundings)
    case 'call':
      return callProblems(path, step, surroundings)
    case 'go-to':
      return payloadProblems([...path, 'event'], step.event, surroundings)
    default:
      return []
  }
}

const sendProblems = (path: Path, step: SendStep, surroundings: Surroundings): readonly Misfit[] => {
  if (surroundings.templates === null) return []
  const template = surroundings.templates.get(step.template)
  if (template === undefined) return [told([...path, 'template'], `there is no template "${step.template}".`)]
  const shape = template.props?.shape ?? {}
  const isUrgentAd = step.urgent !== null && template.purpose === 'marketing'
  return [
    ...(isUrgentAd ? [told([...path, 'urgent'], `template "${template.name}" is marketing, and no marketing is urgent.`)] : []),
    ...Object.keys(step.props)
      .filter((name) => !Object.hasOwn(shape, name))
      .map((name) => told([...path, 'props', name], `template "${template.name}" has no such prop.`)),
    ...Object.entries(shape).flatMap(([name, schema]) => {
      const value = Object.hasOwn(step.props, name) ? step.props[name] : undefined
      const found = problemsOf([...path, 'props', name], () =>
        readProp(
          { path: '', schema, origin: surroundings.origin, of: `template "${template.name}"` },
          writtenOf(value, surroundings),
        ),
      )
      return value === undefined ? found.map((misfit) => ({ ...misfit, code: null })) : found
    }),
  ]
}

const writtenOf = (expression: Expression | undefined, { event }: Surroundings): unknown =>
  expression === undefined ? undefined : toWritten(expression, event)

const waitProblems = (path: Path, { from }: WaitStep, { vocabulary }: Surroundings): readonly Misfit[] => {
  if (from.kind === 'event') return problemsOf([...path, 'from', 'event'], () => readEvent('', vocabulary, from.event))
  if (from.kind !== 'attribute') return []
  const { fields } = vocabulary.contact
  if (Object.hasOwn(fields, from.attribute) && fields[from.attribute]?.kind === from.type) return []
  return problemsOf([...path, 'from', 'attribute'], () => {
    throw invalidDefinition('', `the model has no ${from.type} "${from.attribute}".`, 'definition.unknown_attribute')
  })
}

const updateProblems = (path: Path, step: UpdateStep, surroundings: Surroundings): readonly Misfit[] => [
  ...Object.entries(step.set).flatMap(([name, value]) =>
    problemsOf([...path, 'set', name], () => {
      const schema = schemaOf(surroundings, name)
      if (value === null) return
      const place = { path: '', schema, origin: surroundings.origin, of: 'the model', canStay: true }
      readProp(place, writtenOf(value, surroundings))
    }),
  ),
  ...(['add', 'remove'] as const).flatMap((part) =>
    Object.entries(step[part]).flatMap(([name, items]) =>
      problemsOf([...path, part, name], () => {
        const element = elementOf(schemaOf(surroundings, name))
        if (element === null) throw invalidDefinition('', 'is no list, so nothing can be added or removed. Use set.')
        for (const item of items) readConstant({ path: '', schema: element, of: 'the model' }, item)
      }),
    ),
  ),
]

const schemaOf = ({ attributes: { shape } }: Surroundings, name: string): z.core.$ZodType => {
  const schema = Object.hasOwn(shape, name) ? shape[name] : undefined
  if (schema !== undefined) return schema
  throw invalidDefinition('', `the model has no attribute "${name}".`, 'definition.unknown_attribute')
}

const callProblems = (path: Path, step: CallStep, surroundings: Surroundings): readonly Misfit[] => [
  ...(surroundings.handlers === null || surroundings.handlers.has(step.handler)
    ? []
    : [told([...path, 'handler'], `there is no handler "${step.handler}".`)]),
  ...payloadProblems([...path, 'payload'], step.payload, surroundings),
]

const payloadProblems = (
  path: Path,
  payload: CallStep['payload'] | GoToStep['event'],
  surroundings: Surroundings,
): readonly Misfit[] =>
  Object.entries(payload).flatMap(([name, value]) =>
    problemsOf([...path, name], () => readPayloadValue('', writtenOf(value, surroundings), surroundings.origin)),
  )
