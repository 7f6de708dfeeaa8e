import type { Json } from '../domain/json.ts'
import { escapeHtml } from '../domain/reference/escape-html.ts'
import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { Expression } from '../domain/reference/expression.ts'
import { TobiishiError } from '../errors/index.ts'
import { compileAddress } from './compile-address.ts'
import { compileExpression, compileText } from './compile-expression.ts'
import type { CompileOptions, Write } from './mail-run.ts'
import type { Piece } from './piece.ts'

const pixelStart = '<img src="'
const pixelEnd = '" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0" />'

/** Pieces as a function that writes them, encoded: static text is encoded here, once, and only copied for each mail. */
export const compilePieces = (pieces: readonly Piece[], options: CompileOptions): Write => {
  const statics: string[] = []
  const writes: Write[] = []
  let text = ''
  const add = (write: Write): void => {
    statics.push(flat(options.encoding.literal(text)))
    writes.push(write)
    text = ''
  }
  for (const piece of pieces) {
    if (piece.kind === 'static') text += piece.text
    else if (piece.kind === 'link' && !options.isTracked) text += options.context === 'html' ? escapeHtml(piece.url) : piece.url
    else if (piece.kind === 'link') {
      add(writeClick)
      text = `/${piece.index}`
    } else if (piece.kind === 'pixel' && options.isTracked) {
      text += pixelStart
      add(writeOpen)
      text = pixelEnd
    } else if (piece.kind !== 'pixel') add(compilePiece(piece, options))
  }
  return inTurn(statics, writes, flat(options.encoding.literal(text)))
}

/** The text as one piece of memory: V8 keeps a concatenation as a tree, which each copy would walk. */
const flat = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

const writeClick: Write = (run) => run.out.write(run.click)
const writeOpen: Write = (run) => run.out.write(run.open)
const writeUnsubscribe: Write = (run) => run.out.write(run.unsubscribe)

const inTurn =
  (statics: readonly string[], writes: readonly Write[], last: string): Write =>
  (run) => {
    const { out } = run
    for (let at = 0; at < writes.length; at++) {
      out.write(statics[at]!)
      writes[at]!(run)
    }
    out.write(last)
  }

type DynamicPiece = Exclude<Piece, { readonly kind: 'static' | 'link' | 'pixel' }>

const compilePiece = (piece: DynamicPiece, options: CompileOptions): Write => {
  switch (piece.kind) {
    case 'slot':
      return compileSlot(piece.expression, options)
    case 'address':
      return compileAddress(piece, options)
    case 'unsubscribe':
      return writeUnsubscribe
    case 'when':
      return compileWhen(piece, options)
    case 'each':
      return compileEach(piece, options)
  }
}

const compileSlot = (expression: Expression, { values, context, encoding }: CompileOptions): Write => {
  const number = values.add(expression)
  if (number === null) {
    const text = compileText(expression, values.owner)
    return (run) => run.out.write(encoding[context](text(run.scope)))
  }
  if (context === 'html') return (run) => run.out.write(run.values.html(number))
  return (run) => run.out.write(run.values.plain(number))
}

const compileWhen = (piece: Extract<Piece, { kind: 'when' }>, options: CompileOptions): Write => {
  const condition = compileExpression(piece.condition)
  const yes = compilePieces(piece.yes, options)
  const no = compilePieces(piece.no, options)
  return (run) => (condition(run.scope) === true ? yes(run) : no(run))
}

const compileEach = (piece: Extract<Piece, { kind: 'each' }>, options: CompileOptions): Write => {
  const list = compileExpression(piece.list)
  const write = compilePieces(piece.item, options)
  const items = (value: Json | undefined): readonly Json[] => {
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    const path = describeExpression(piece.list)
    throw new TobiishiError('render.failed', `${options.values.owner}: ${path} is not a list.`, { details: { path } })
  }
  return (run) => {
    const outer = run.scope
    for (const item of items(list(outer))) {
      run.scope = { ...outer, item }
      write(run)
    }
    run.scope = outer
  }
}
