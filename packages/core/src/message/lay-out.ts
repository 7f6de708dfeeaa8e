import type { FragmentData } from '../define/fragment.ts'
import { escapeHtml } from '../domain/reference/escape-html.ts'
import { TobiishiError } from '../errors/index.ts'
import type { Marks } from './marks.ts'

/**
 * A fragment as one text of the given syntax, with a mark for each slot and for the limits of each block. Plain fragments
 * inside markup are escaped; markup inside plain text is refused (`template.invalid`).
 */
export const layOut = (fragment: FragmentData, syntax: FragmentData['syntax'], marks: Marks, path: string): string => {
  if (fragment.syntax === 'mjml' && syntax !== 'mjml') {
    throw new TobiishiError('template.invalid', `${path}: markup stands inside plain text; use the tag "${syntax}" there.`, {
      details: { path },
    })
  }
  const inside = (inner: FragmentData) => layOut(inner, syntax, marks, path)
  const isEscaped = syntax === 'mjml' && fragment.syntax !== 'mjml'
  let text = ''
  for (const part of fragment.parts) {
    switch (part.kind) {
      case 'text':
        text += isEscaped ? escapeHtml(part.text) : part.text
        break
      case 'value':
        text += marks.add({ kind: 'value', expression: part.expression })
        break
      case 'fragment':
        text += inside(part.fragment)
        break
      case 'when': {
        const of = marks.next
        text += marks.add({ kind: 'when', condition: part.condition }) + inside(part.yes)
        if (part.no !== null) text += marks.add({ kind: 'else', of }) + inside(part.no)
        text += marks.add({ kind: 'end', of })
        break
      }
      case 'each': {
        const of = marks.next
        text += marks.add({ kind: 'each', list: part.list }) + inside(part.item) + marks.add({ kind: 'end', of })
        break
      }
      case 'footer':
        text += marks.add({ kind: 'footer' })
        break
      case 'unsubscribeUrl':
        text += marks.add({ kind: 'unsubscribe' })
    }
  }
  return text
}

/** True where `footer()` stands in the fragment outside every `when` and `each`: then it stands in every mail. */
export const hasFooter = (fragment: FragmentData): boolean =>
  fragment.parts.some((part) => part.kind === 'footer' || (part.kind === 'fragment' && hasFooter(part.fragment)))
