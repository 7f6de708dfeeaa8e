import type { Json } from '../domain/json.ts'
import type { UpdateStep } from '../domain/scenario/scenario-definition.ts'
import type { CompileNode, Graph } from './compile-context.ts'
import { readConstant, readProp } from './fill.ts'
import { invalidDefinition, mustBe } from './invalid-definition.ts'
import { isOptions, readOptions } from './options.ts'
import { elementOf } from './value-type.ts'

export const compileUpdate: CompileNode<'update'> = ({ graph, path, next }, step) => {
  const { set, add, remove } = readOptions(path, step.changes, ['set', 'add', 'remove'])
  const node: UpdateStep = {
    kind: 'update',
    id: step.id,
    set: readSet(graph, `${path}.set`, set),
    add: readItems(graph, `${path}.add`, add),
    remove: readItems(graph, `${path}.remove`, remove),
    next,
  }
  return { node, passes: true }
}

const readSet = (graph: Graph, path: string, set: unknown): UpdateStep['set'] =>
  Object.fromEntries(
    entriesOf(path, set).map(([name, value]) => {
      const at = `${path}.${name}`
      const schema = schemaOf(graph, at, name)
      if (value === undefined) throw invalidDefinition(at, 'is undefined. Leave it out, or write null to clear it.')
      const place = { path: at, schema, origin: graph.origin, of: 'the model', canStay: true }
      return [name, value === null ? null : readProp(place, value)]
    }),
  )

const readItems = (graph: Graph, path: string, changes: unknown): { readonly [attribute: string]: readonly Json[] } =>
  Object.fromEntries(
    entriesOf(path, changes).map(([name, items]) => {
      const at = `${path}.${name}`
      const element = elementOf(schemaOf(graph, at, name))
      if (element === null) throw invalidDefinition(at, 'is no list, so nothing can be added or removed. Use set.')
      if (!Array.isArray(items) || items.length === 0) throw mustBe(at, 'a list of at least one item', items)
      return [
        name,
        items.map((item: unknown, index) => readConstant({ path: `${at}[${index}]`, schema: element, of: 'the model' }, item)),
      ]
    }),
  )

const entriesOf = (path: string, changes: unknown): readonly (readonly [string, unknown])[] => {
  if (changes === undefined) return []
  if (isOptions(changes)) return Object.entries(changes)
  throw mustBe(path, 'an object of attributes', changes)
}

const schemaOf = ({ attributes: { shape } }: Graph, path: string, name: string) => {
  const schema = Object.hasOwn(shape, name) ? shape[name] : undefined
  if (schema !== undefined) return schema
  throw invalidDefinition(path, `the model has no attribute "${name}".`, 'definition.unknown_attribute')
}
