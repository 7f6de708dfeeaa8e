import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { Marked } from './marks.ts'

/** A mark as its author knows it, for messages: `{props.brochure}`, `when(contact.plan)`. */
export const describeMark = (marked: Marked): string => {
  switch (marked.kind) {
    case 'value':
      return `{${describeExpression(marked.expression)}}`
    case 'when':
      return `when(${describeExpression(marked.condition)})`
    case 'each':
      return `each(${describeExpression(marked.list)})`
    case 'else':
    case 'end':
      return 'when() or each()'
    case 'footer':
      return 'footer()'
    case 'unsubscribe':
      return 'unsubscribeUrl'
    default:
      return 'a link'
  }
}
