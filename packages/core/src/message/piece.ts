import type { Expression } from '../domain/reference/expression.ts'

/** Where a value lands, which decides how it is escaped: in HTML (text or a quoted attribute), or in plain text. */
export type PieceContext = 'html' | 'plain'

/** A part of an address with slots. A value before `?` keeps its reserved characters, after it none; `whole` starts the address. */
export type AddressPart =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'slot'; readonly mode: 'whole' | 'path' | 'query'; readonly expression: Expression }

/** A part of a body: what stays the same in every mail, and what does not. */
export type Piece =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'slot'; readonly expression: Expression }
  /** Address of a numbered link that is the same in every mail. */
  | { readonly kind: 'link'; readonly index: number; readonly url: string }
  /** Address with slots. With an index it is a numbered link, signed with its value; without, an image or the like. */
  | {
      readonly kind: 'address'
      readonly index: number | null
      readonly schemes: readonly string[]
      readonly parts: readonly AddressPart[]
    }
  | { readonly kind: 'unsubscribe' }
  | { readonly kind: 'pixel' }
  | { readonly kind: 'when'; readonly condition: Expression; readonly yes: readonly Piece[]; readonly no: readonly Piece[] }
  | { readonly kind: 'each'; readonly list: Expression; readonly item: readonly Piece[] }

interface OpenBlock {
  readonly marked:
    | { readonly kind: 'when'; readonly condition: Expression }
    | { readonly kind: 'each'; readonly list: Expression }
  readonly first: Piece[]
  second: Piece[] | null
}

/** Collects pieces in reading order and closes blocks around them. Neighbouring static text is joined. */
export class PieceBuilder {
  readonly #root: Piece[] = []
  readonly #open: OpenBlock[] = []

  static(text: string): void {
    const target = this.#target()
    const last = target.at(-1)
    if (text === '') return
    if (last?.kind === 'static') target[target.length - 1] = { kind: 'static', text: last.text + text }
    else target.push({ kind: 'static', text })
  }

  push(piece: Piece): void {
    this.#target().push(piece)
  }

  begin(marked: OpenBlock['marked']): void {
    this.#open.push({ marked, first: [], second: null })
  }

  /** False where no `when` is open. */
  otherwise(): boolean {
    const block = this.#open.at(-1)
    if (block === undefined || block.marked.kind !== 'when' || block.second !== null) return false
    block.second = []
    return true
  }

  /** False where nothing is open. */
  end(): boolean {
    const block = this.#open.pop()
    if (block === undefined) return false
    const { marked, first, second } = block
    this.push(
      marked.kind === 'when'
        ? { kind: 'when', condition: marked.condition, yes: first, no: second ?? [] }
        : { kind: 'each', list: marked.list, item: first },
    )
    return true
  }

  /** Null where a block is still open. */
  finish(): Piece[] | null {
    return this.#open.length === 0 ? this.#root : null
  }

  #target(): Piece[] {
    const block = this.#open.at(-1)
    return block === undefined ? this.#root : (block.second ?? block.first)
  }
}
