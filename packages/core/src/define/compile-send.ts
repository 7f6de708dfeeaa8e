import type { SendStep } from '../domain/scenario/scenario-definition.ts'
import { hour } from '../domain/time/instant.ts'
import { type CompileNode, keepTemplate } from './compile-context.ts'
import type { DeclaredTemplate } from './declared.ts'
import { readFill } from './fill.ts'
import { invalidDefinition } from './invalid-definition.ts'
import { readChoice, readOptions } from './options.ts'
import { readElapsedSpan } from './span.ts'

export const compileSend: CompileNode<'send'> = ({ graph, path, next }, step) => {
  const template = keepTemplate(graph, path, step.template)
  const props = readFill(`${path}, props`, template, step.props, graph.origin)
  const options = readSendOptions(path, template, step.options)
  return { node: { kind: 'send', id: step.id, template: template.name, props, ...options, next }, passes: true }
}

const readSendOptions = (
  path: string,
  template: DeclaredTemplate,
  options: unknown,
): Pick<SendStep, 'sendWithin' | 'late' | 'urgent'> => {
  const hint = `the options of send are sendWithin, late and urgent${template.props === null ? ', and its template has no props' : ''}.`
  const { sendWithin, late, urgent } = readOptions(path, options, ['sendWithin', 'late', 'urgent'], hint)
  return {
    sendWithin: sendWithin === undefined ? 24 * hour : readElapsedSpan(`${path}.sendWithin`, sendWithin),
    late: readChoice(`${path}.late`, late, ['skip', 'send', 'exit'], 'skip'),
    urgent: urgent === undefined ? null : readReason(`${path}.urgent`, template, urgent),
  }
}

const readReason = (path: string, template: DeclaredTemplate, urgent: unknown): string => {
  if (typeof urgent !== 'string' || urgent.trim() === '' || urgent.length > 500)
    throw invalidDefinition(path, 'says in up to 500 characters why this mail cannot wait.')
  if (template.purpose === 'transactional') return urgent
  throw invalidDefinition(path, `template "${template.name}" is marketing, and no marketing is urgent.`)
}
