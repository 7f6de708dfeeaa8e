import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { Expression, Scope } from '../domain/reference/expression.ts'
import { TobiishiError } from '../errors/index.ts'
import { compileExpression, compileText } from './compile-expression.ts'
import type { Encoding } from './encoding.ts'
import { escapeHtml } from './escape-html.ts'
import { schemeOf } from './link-address.ts'
import type { AddressPart, Piece } from './piece.ts'
import type { Signer } from './signer.ts'

/** What one mail brings along: its values, and its addresses encoded once for all places where they stand. */
export interface Run {
  readonly messageId: string
  scope: Scope
  /** Address of the open pixel. */
  readonly open: string
  /** Address of a click without `/<number>`. */
  readonly click: string
  readonly unsubscribe: string
  /** As `click`, not encoded: for addresses that are encoded as a whole. */
  readonly clickAddress: string
}

export interface CompileOptions {
  readonly encoding: Encoding
  /** What values stand in. */
  readonly context: 'html' | 'plain'
  readonly signer: Signer
  /** False for test copies: links lead straight to their address and no pixel is there. */
  readonly isTracked: boolean
  /** `body` or `text`, for messages. */
  readonly part: string
}

type Write = (run: Run) => string

/** Pieces as a function that writes them, encoded: static text is encoded here, once, and joined at each mail. */
export const compilePieces = (pieces: readonly Piece[], options: CompileOptions): Write => {
  const statics: string[] = []
  const writes: Write[] = []
  let text = ''
  const add = (write: Write): void => {
    statics.push(options.encoding.literal(text))
    writes.push(write)
    text = ''
  }
  for (const piece of pieces) {
    if (piece.kind === 'static') text += piece.text
    else if (piece.kind === 'link' && !options.isTracked) text += escapeIn(options, piece.url)
    else if (piece.kind === 'link') {
      add((run) => run.click)
      text = `/${piece.index}`
    } else if (piece.kind === 'pixel' && options.isTracked) {
      text += '<img src="'
      add((run) => run.open)
      text = '" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0" />'
    } else if (piece.kind !== 'pixel') add(compilePiece(piece, options))
  }
  return join(statics, writes, options.encoding.literal(text))
}

const join = (statics: readonly string[], writes: readonly Write[], last: string): Write => {
  if (writes.length === 0) return () => last
  return (run) => {
    let written = ''
    for (let at = 0; at < writes.length; at++) written += statics[at]! + writes[at]!(run)
    return written + last
  }
}

type DynamicPiece = Exclude<Piece, { readonly kind: 'static' | 'link' | 'pixel' }>

const compilePiece = (piece: DynamicPiece, options: CompileOptions): Write => {
  switch (piece.kind) {
    case 'slot':
      return compileSlot(piece.expression, options)
    case 'address':
      return compileAddress(piece, options)
    case 'unsubscribe':
      return (run) => run.unsubscribe
    case 'when': {
      const condition = compileExpression(piece.condition)
      const yes = compilePieces(piece.yes, options)
      const no = compilePieces(piece.no, options)
      return (run) => (condition(run.scope) === true ? yes(run) : no(run))
    }
    case 'each':
      return compileEach(piece, options)
  }
}

const compileSlot = (expression: Expression, options: CompileOptions): Write => {
  const text = compileText(expression, options.part)
  const write = options.encoding[options.context]
  return (run) => write(text(run.scope))
}

const compileEach = (piece: Extract<Piece, { kind: 'each' }>, options: CompileOptions): Write => {
  const list = compileExpression(piece.list)
  const write = compilePieces(piece.item, options)
  const path = describeExpression(piece.list)
  return (run) => {
    const items = list(run.scope) ?? []
    if (!Array.isArray(items)) throw failed(`${options.part}: ${path} is not a list.`, path)
    const outer = run.scope
    let written = ''
    for (const item of items) {
      run.scope = { ...outer, item }
      written += write(run)
    }
    run.scope = outer
    return written
  }
}

const compileAddress = (piece: Extract<Piece, { kind: 'address' }>, options: CompileOptions): Write => {
  const parts = piece.parts.map((part) => compileAddressPart(part, options.part))
  const { index } = piece
  const write = options.encoding[options.context]
  const path =
    piece.parts.map((part) => (part.kind === 'slot' ? describeExpression(part.expression) : '')).find((name) => name !== '') ?? ''
  return (run) => {
    const url = parts.map((part) => part(run.scope)).join('')
    const scheme = schemeOf(url)
    if (scheme === null || !piece.schemes.includes(scheme)) {
      throw failed(`${options.part}: the address made with ${path} must begin with ${piece.schemes.join(', ')}.`, path)
    }
    const isWeb = scheme === 'http' || scheme === 'https'
    const isTracked = index !== null && isWeb && options.isTracked
    return write(isTracked ? `${run.clickAddress}/${index}/${options.signer.url(run.messageId, index, url)}` : url)
  }
}

const compileAddressPart = (part: AddressPart, where: string): ((scope: Scope) => string) => {
  if (part.kind === 'static') return () => part.text
  const text = compileText(part.expression, where)
  if (part.mode === 'query') return (scope) => encodeURIComponent(text(scope).toWellFormed())
  return (scope) => encodeAddress(text(scope))
}

/** Percent-encodes what cannot stand in an address, and leaves its structure and what is encoded already. */
const encodeAddress = (url: string): string => encodeURI(url.toWellFormed()).replace(/%25([0-9A-Fa-f]{2})/g, '%$1')

const escapeIn = (options: CompileOptions, url: string): string => (options.context === 'html' ? escapeHtml(url) : url)

const failed = (message: string, path: string): TobiishiError =>
  new TobiishiError('render.failed', message, { details: { path } })
