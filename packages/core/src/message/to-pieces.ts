import { TobiishiError } from '../errors/index.ts'
import type { Marked, Marks } from './marks.ts'
import { type Piece, PieceBuilder } from './piece.ts'

/** A text with marks as pieces; `when` and `each` become nested. `fit` turns an address into what it stands in. */
export const toPieces = (text: string, marks: Marks, fit: (text: string) => string, path: string): Piece[] => {
  const builder = new PieceBuilder()
  let isBalanced = true
  for (const token of marks.split(text)) {
    if (typeof token === 'string') builder.static(token)
    else isBalanced = addMark(builder, token.marked, fit) && isBalanced
  }
  const pieces = isBalanced ? builder.finish() : null
  if (pieces !== null) return pieces
  throw new TobiishiError(
    'template.invalid',
    `${path}: the markup was rendered with the limits of a when() or each() out of order.`,
    {
      details: { path },
    },
  )
}

/** False where a block is closed that is not open. */
const addMark = (builder: PieceBuilder, marked: Marked, fit: (text: string) => string): boolean => {
  switch (marked.kind) {
    case 'value':
      builder.push({ kind: 'slot', expression: marked.expression })
      return true
    case 'when':
    case 'each':
      builder.begin(marked)
      return true
    case 'else':
      return builder.otherwise()
    case 'end':
      return builder.end()
    case 'plain-link':
      builder.static(fit(marked.url))
      return true
    case 'footer':
      return false
    default:
      builder.push(marked)
      return true
  }
}
