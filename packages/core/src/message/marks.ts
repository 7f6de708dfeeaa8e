import type { Expression } from '../domain/reference/expression.ts'
import type { AddressPart } from './piece.ts'

/** What a mark stands for while markup, HTML and text are made from a template. `of` is the number of the block's first mark. */
export type Marked =
  | { readonly kind: 'value'; readonly expression: Expression }
  | { readonly kind: 'unsubscribe' }
  | { readonly kind: 'footer' }
  /** An address that is never numbered: the legal notice. */
  | { readonly kind: 'plain-link'; readonly url: string }
  | { readonly kind: 'link'; readonly index: number; readonly url: string }
  | {
      readonly kind: 'address'
      readonly index: number | null
      readonly schemes: readonly string[]
      readonly parts: readonly AddressPart[]
    }
  | { readonly kind: 'pixel' }
  | { readonly kind: 'when'; readonly condition: Expression }
  | { readonly kind: 'each'; readonly list: Expression }
  | { readonly kind: 'else'; readonly of: number }
  | { readonly kind: 'end'; readonly of: number }

export interface Mark {
  readonly id: number
  /** Position in the text searched. */
  readonly at: number
  readonly length: number
  readonly marked: Marked
}

/** The placeholders of one template: words of letters and digits that markup lets through, and that no source contains. */
export class Marks {
  readonly #marked: Marked[] = []
  readonly #prefix: string
  readonly #pattern: RegExp

  constructor(sources: readonly string[]) {
    let number = 0
    let prefix = 'tobiishi0q'
    while (sources.some((source) => source.includes(prefix))) prefix = `tobiishi${++number}q`
    this.#prefix = prefix
    this.#pattern = new RegExp(`${prefix}(\\d+)z`, 'g')
  }

  /** A line that holds nothing but marks, with the empty lines after it. */
  get ownLine(): RegExp {
    return new RegExp(`^[ \\t]*(?:${this.#prefix}\\d+z[ \\t]*)+\\n+`, 'gm')
  }

  /** Text that stands for `marked`. */
  add(marked: Marked): string {
    return this.word(this.#marked.push(marked) - 1)
  }

  /** The number that the next mark gets. */
  get next(): number {
    return this.#marked.length
  }

  word(id: number): string {
    return `${this.#prefix}${id}z`
  }

  contains(text: string): boolean {
    return text.includes(this.#prefix)
  }

  /** True where a mark of this kind was added. */
  has(kind: Marked['kind']): boolean {
    return this.#marked.some((marked) => marked.kind === kind)
  }

  /** The marks in a text, in order. */
  find(text: string): Mark[] {
    const found: Mark[] = []
    for (const match of text.matchAll(this.#pattern)) {
      const id = Number(match[1])
      const marked = this.#marked[id]
      if (marked !== undefined) found.push({ id, at: match.index, length: match[0].length, marked })
    }
    return found
  }

  /** The text cut at its marks, in order. */
  split(text: string): (string | Mark)[] {
    const tokens: (string | Mark)[] = []
    let from = 0
    for (const mark of this.find(text)) {
      if (mark.at > from) tokens.push(text.slice(from, mark.at))
      tokens.push(mark)
      from = mark.at + mark.length
    }
    if (from < text.length) tokens.push(text.slice(from))
    return tokens
  }
}
