import type { Expression } from '../domain/reference/expression.ts'
import { invalidDefinition } from './invalid-definition.ts'
import { type Ref, referenceData } from './reference.ts'
import { eq, isSet, not, or } from './reference-functions.ts'

/**
 * A stored expression as its author would write it in code: a constant as it is, a reference with the type that the model gives
 * it. So what is stored is checked by the same rules as what is written. Throws `definition.*` where no author could write it.
 */
export const toWritten = (expression: Expression, event: object): unknown => {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'reference':
      return follow(expression.path, event)
    case 'or':
      return or(written(expression.value, event), written(expression.fallback, event))
    case 'eq':
      return eq(written(expression.left, event), written(expression.right, event))
    case 'isSet':
      return isSet(written(expression.value, event))
    case 'not':
      return not(written(expression.value, event))
    case 'honorific':
    case 'format':
      throw invalidDefinition('', "format in the template, where the reader's language is known.")
  }
}

/** The functions check at run time what types check in code. */
const written = (expression: Expression, event: object): Ref<never> => toWritten(expression, event) as Ref<never>

const follow = (path: readonly string[], event: object): unknown => {
  let value: unknown = event
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
      throw invalidDefinition('', `event.${path.join('.')} does not exist.`, 'definition.unknown_reference')
    value = Reflect.get(value, key)
  }
  if (referenceData(value) !== null) return value
  throw invalidDefinition('', 'event is no value. Use its fields.')
}
