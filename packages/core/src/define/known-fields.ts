import { elementsOf } from '../domain/segment/list-elements.ts'
import type { FieldNode, SegmentNode } from '../domain/segment/segment-node.ts'
import { invalidDefinition } from './invalid-definition.ts'
import type { SegmentVocabulary } from './segment-builder.ts'
import { fieldTypesOf, type ObjectType } from './value-type.ts'

/**
 * Refuses a tree that asks about fields or events that this model lacks or has with another type: one of another model. So it does
 * where a list is asked for elements that it never has.
 */
export const requireKnownFields = (path: string, vocabulary: SegmentVocabulary, tree: SegmentNode): void =>
  walk(tree, vocabulary.contact, { path, vocabulary })

interface Context {
  readonly path: string
  readonly vocabulary: SegmentVocabulary
}

const walk = (node: SegmentNode, record: ObjectType, context: Context): void => {
  switch (node.kind) {
    case 'everyone':
    case 'message':
      return
    case 'not':
      walk(node.of, record, context)
      return
    case 'all':
    case 'any':
      for (const child of node.of) walk(child, record, context)
      return
    case 'attribute':
      requireField(node, record, context.path)
      return
    case 'event': {
      const payload: ObjectType | undefined = Object.hasOwn(context.vocabulary.events, node.event)
        ? context.vocabulary.events[node.event]
        : undefined
      if (payload === undefined) {
        throw invalidDefinition(context.path, `the model has no event "${node.event}".`, 'definition.unknown_event')
      }
      if (node.where !== undefined) walk(node.where, payload, context)
    }
  }
}

const requireField = (node: FieldNode, record: ObjectType, path: string): void => {
  const types = fieldTypesOf(record)
  if (!Object.hasOwn(types, node.field) || types[node.field] !== node.type) {
    const problem = `the model has no ${node.type} "${node.field}". Was the segment made by another model?`
    throw invalidDefinition(path, problem, 'definition.unknown_attribute')
  }
  const type = record.fields[node.field]
  if (type?.kind !== 'list') return
  const { kind } = type.item
  const stranger = elementsOf(node).find((element) => typeof element !== (kind === 'date' ? 'string' : kind))
  if (stranger === undefined) return
  const problem =
    kind === 'instant'
      ? `what "${node.field}" holds cannot be asked: it is a list of instants.`
      : `"${node.field}" is a list of ${kind}s and never holds a ${typeof stranger}.`
  throw invalidDefinition(path, problem, 'segment.invalid')
}
