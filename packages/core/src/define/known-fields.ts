import type { FieldType, SegmentNode } from '../domain/segment/segment-node.ts'
import { invalidDefinition } from './invalid-definition.ts'
import type { SegmentVocabulary } from './segment-builder.ts'
import { fieldTypesOf, type ObjectType } from './value-type.ts'

/** Refuses a tree that asks about fields or events that this model lacks or has with another type: one of another model. */
export const requireKnownFields = (path: string, vocabulary: SegmentVocabulary, tree: SegmentNode): void =>
  walk(tree, fieldTypesOf(vocabulary.contact), { path, vocabulary })

const walk = (
  node: SegmentNode,
  types: { readonly [field: string]: FieldType },
  context: { readonly path: string; readonly vocabulary: SegmentVocabulary },
): void => {
  switch (node.kind) {
    case 'everyone':
    case 'message':
      return
    case 'not':
      walk(node.of, types, context)
      return
    case 'all':
    case 'any':
      for (const child of node.of) walk(child, types, context)
      return
    case 'attribute': {
      if (Object.hasOwn(types, node.field) && types[node.field] === node.type) return
      const problem = `the model has no ${node.type} "${node.field}". Was the segment made by another model?`
      throw invalidDefinition(context.path, problem, 'definition.unknown_attribute')
    }
    case 'event': {
      const payload: ObjectType | undefined = Object.hasOwn(context.vocabulary.events, node.event)
        ? context.vocabulary.events[node.event]
        : undefined
      if (payload === undefined) {
        throw invalidDefinition(context.path, `the model has no event "${node.event}".`, 'definition.unknown_event')
      }
      if (node.where !== undefined) walk(node.where, fieldTypesOf(payload), context)
    }
  }
}
