import type { Expression } from '../domain/reference/expression.ts'

/** A piece of a template as data: literal text and slots, as the tags `line`, `mjml` and `text` leave it. */
export interface FragmentData {
  readonly kind: 'fragment'
  /** `line`: subject or preheader. `mjml`: markup. `text`: plain text. */
  readonly syntax: 'line' | 'mjml' | 'text'
  readonly parts: readonly FragmentPart[]
}

export type FragmentPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: Expression }
  | { readonly kind: 'fragment'; readonly fragment: FragmentData }
  | { readonly kind: 'when'; readonly condition: Expression; readonly yes: FragmentData; readonly no: FragmentData | null }
  /** Inside `item`, scope `item` is the element; of the innermost loop only. */
  | { readonly kind: 'each'; readonly list: Expression; readonly item: FragmentData }
  /** The legal block in the recipient's language. */
  | { readonly kind: 'footer' }
  /** Address of the unsubscribe page of this mail. */
  | { readonly kind: 'unsubscribeUrl' }
