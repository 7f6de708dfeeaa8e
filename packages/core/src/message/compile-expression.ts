import type { Json } from '../domain/json.ts'
import { describeExpression, evaluateExpression } from '../domain/reference/evaluate-expression.ts'
import type { Expression, Scope } from '../domain/reference/expression.ts'
import { TobiishiError } from '../errors/index.ts'

/** An expression as a function that gives text. Throws `render.failed` where the value is missing or is no single value. */
export const compileText = (expression: Expression, owner: string): ((scope: Scope) => string) => {
  const read = compileExpression(expression)
  return (scope) => {
    const value = read(scope)
    return typeof value === 'string' ? value : printable(value, expression, owner)
  }
}

/** The same value as `evaluateExpression`; references, which are most of a template, are read without going through it. */
export const compileExpression = (expression: Expression): ((scope: Scope) => Json | undefined) => {
  if (expression.kind !== 'reference') return (scope) => evaluateExpression(expression, scope)
  const { scope: root, path } = expression
  return (scope) => {
    let value = scope[root]
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return (value as Json | undefined) ?? undefined
  }
}

const printable = (value: Json | undefined, expression: Expression, owner: string): string => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const path = describeExpression(expression)
  const why =
    value === undefined ? 'has no value: give it one or a fallback with or()' : 'is a list or an object and cannot be printed'
  throw new TobiishiError('render.failed', `${owner}: ${path} ${why}.`, { details: { path } })
}
