import type { Json, JsonObject } from '../json.ts'
import { evaluateExpression } from '../reference/evaluate-expression.ts'
import type { Expression, Scope } from '../reference/expression.ts'

/** The values of expressions as of now, to be stored. What is missing in the scope is left out. Throws `render.failed`. */
export const fixValues = (expressions: { readonly [name: string]: Expression }, scope: Scope): JsonObject => {
  const values: { [name: string]: Json } = {}
  for (const [name, expression] of Object.entries(expressions)) {
    const value = evaluateExpression(expression, scope)
    if (value !== undefined) values[name] = value
  }
  return values
}
