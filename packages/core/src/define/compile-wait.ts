import { mayCountBack } from '../domain/scenario/parse/wait-schema.ts'
import type { Anchor, PastPolicy, WaitForStep } from '../domain/scenario/scenario-definition.ts'
import { type CompileNode, type Graph, keepSegment } from './compile-context.ts'
import { readEvent, readEventMatch } from './event-condition.ts'
import { invalidDefinition, mustBe } from './invalid-definition.ts'
import { mailMatchOf } from './mail-condition.ts'
import { isOptions, readChoice, readOptions } from './options.ts'
import { readElapsedSpan } from './span.ts'
import { readWait } from './wait-input.ts'

export const compileWait: CompileNode<'wait'> = ({ graph, path, next }, step) => {
  const options = readOptions(path, step.options, ['from', 'past'], 'the options of wait are from and past.')
  const from = readAnchor(graph, `${path}.from`, options.from)
  const wait = readWait(path, step.wait, mayCountBack(from))
  const past = readPast(`${path}.past`, options.past, from)
  return { node: { kind: 'wait', id: step.id, wait, from, past, next }, passes: true }
}

const readAnchor = ({ vocabulary }: Graph, path: string, from: unknown): Anchor => {
  if (from === undefined || from === 'previous') return { kind: 'previous' }
  if (from === 'entry') return { kind: 'entry' }
  if (isOptions(from) && 'event' in from) {
    const { event } = readOptions(path, from, ['event'])
    return { kind: 'event', event: readEvent(`${path}.event`, vocabulary, event) }
  }
  if (!isOptions(from) || !('attribute' in from)) throw mustBe(path, "'previous', 'entry', { attribute } or { event }", from)
  const { attribute } = readOptions(path, from, ['attribute'])
  const { fields } = vocabulary.contact
  const type = typeof attribute === 'string' && Object.hasOwn(fields, attribute) ? fields[attribute]?.kind : undefined
  if (typeof attribute === 'string' && (type === 'date' || type === 'instant')) return { kind: 'attribute', attribute, type }
  throw invalidDefinition(
    `${path}.attribute`,
    `the model has no date or instant ${JSON.stringify(attribute)}.`,
    'definition.unknown_attribute',
  )
}

const readPast = (path: string, past: unknown, from: Anchor): PastPolicy => {
  if (past !== undefined && from.kind === 'previous')
    throw invalidDefinition(
      path,
      'says nothing about a wait from the previous send. Give it a from, or late and sendWithin to the send.',
    )
  if (past === undefined || past === 'skip') return { kind: 'skip' }
  if (past === 'exit') return { kind: 'exit' }
  if (!isOptions(past)) throw mustBe(path, "'skip', 'exit' or { within: '2 days' }", past)
  const { within } = readOptions(path, past, ['within'])
  return { kind: 'send', within: readElapsedSpan(`${path}.within`, within) }
}

export const compileWaitFor: CompileNode<'wait-for'> = ({ graph, path, compileArms }, step) => {
  const options = readOptions(path, step.options, ['for', 'timeout', 'since'])
  const since = readChoice(`${path}.since`, options.since, ['entry', 'previous', 'step'], 'entry')
  if (!Array.isArray(options.for) || options.for.length === 0)
    throw mustBe(`${path}.for`, 'a list of { event }, { segment } or { mail }, at least one', options.for)
  const { after, steps } = readOptions(`${path}.timeout`, options.timeout, ['after', 'steps'])
  const wait = readWait(`${path}.timeout.after`, after, false)
  const arms = options.for.map((arm: unknown, index) => readArm(graph, `${path}.for[${index}]`, arm))
  const lists = compileArms([...arms.map((arm) => arm.list), { path: `${path}.timeout.steps`, steps }])
  const nexts = lists.map(({ first }) => first)
  return {
    node: {
      kind: 'wait-for',
      id: step.id,
      arms: arms.map(({ on }, index) => ({ on, next: nexts[index] ?? null })),
      since,
      timeout: { wait, next: nexts.at(-1) ?? null },
    },
    passes: lists.some(({ passes }) => passes),
  }
}

interface ReadArm {
  readonly on: WaitForStep['arms'][number]['on']
  readonly list: { readonly path: string; readonly steps: unknown }
}

const readArm = (graph: Graph, path: string, arm: unknown): ReadArm => {
  const { steps, ...asked } = isOptions(arm) ? arm : {}
  return { on: readAwaited(graph, path, asked), list: { path: `${path}.steps`, steps } }
}

const readAwaited = (graph: Graph, path: string, asked: { readonly [key: string]: unknown }): ReadArm['on'] => {
  if ('event' in asked) return readEventMatch(path, graph.vocabulary, asked)
  if ('segment' in asked) {
    const { segment } = readOptions(path, asked, ['segment'])
    return { kind: 'segment', segment: keepSegment(graph, `${path}.segment`, segment, 'it') }
  }
  const { mail } = readOptions(path, asked, ['mail'], 'an arm has event, segment or mail, and steps.')
  const match = mailMatchOf(mail)
  if (match !== null) return match
  throw invalidDefinition(path, "waits for nothing. Give it { event }, { segment } or { mail: opened('…') }.")
}
