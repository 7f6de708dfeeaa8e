import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { Scope } from '../domain/reference/expression.ts'
import { TobiishiError } from '../errors/index.ts'
import { compileText } from './compile-expression.ts'
import { schemeOf } from './link-address.ts'
import type { CompileOptions, Write } from './mail-run.ts'
import type { AddressPart, Piece } from './piece.ts'

/**
 * An address with slots: put together, its scheme checked again, and signed with its value where it is a numbered link. Throws
 * `render.failed` for a scheme that is not allowed: a value can never make a link run code.
 */
export const compileAddress = (piece: Extract<Piece, { kind: 'address' }>, options: CompileOptions): Write => {
  const { index, schemes } = piece
  const { owner } = options.values
  const parts = piece.parts.map((part) => compilePart(part, owner))
  const encode = options.encoding[options.context]
  return (run) => {
    const url = parts.map((part) => part(run.scope)).join('')
    const scheme = schemeOf(url)
    if (scheme === null || !schemes.includes(scheme)) throw unfit(piece, owner)
    const isTracked = index !== null && options.isTracked && (scheme === 'http' || scheme === 'https')
    run.out.write(encode(isTracked ? `${run.clickAddress}/${index}/${options.signer.url(run.messageId, index, url)}` : url))
  }
}

const compilePart = (part: AddressPart, owner: string): ((scope: Scope) => string) => {
  if (part.kind === 'static') return () => part.text
  const text = compileText(part.expression, owner)
  return part.mode === 'query' ? (scope) => encodeURIComponent(text(scope).toWellFormed()) : (scope) => encodeAddress(text(scope))
}

/** Percent-encodes what cannot stand in an address, and leaves its structure and what is encoded already. */
const encodeAddress = (url: string): string => encodeURI(url.trim().toWellFormed()).replace(/%25([0-9A-Fa-f]{2})/g, '%$1')

const unfit = (piece: Extract<Piece, { kind: 'address' }>, owner: string): TobiishiError => {
  const path = piece.parts.flatMap((part) => (part.kind === 'slot' ? [describeExpression(part.expression)] : [])).join(', ')
  return new TobiishiError(
    'render.failed',
    `${owner}: an address made with ${path} must begin with ${piece.schemes.join(', ')}.`,
    {
      details: { path },
    },
  )
}
