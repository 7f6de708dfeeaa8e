import { TobiishiError } from '../errors/index.ts'
import { describeMark } from './describe-mark.ts'
import type { Mark, Marks } from './marks.ts'
import type { AddressPart } from './piece.ts'

/** What readers may be led to. */
export const linkSchemes = ['http', 'https', 'mailto', 'tel'] as const
/** Where images may come from. */
export const sourceSchemes = ['http', 'https'] as const

/** The scheme of an address in lower case; null where it has none. */
export const schemeOf = (url: string): string | null => /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? null

/**
 * An address with slots, cut into parts. A slot is the whole beginning of the address, or stands after the host of a written
 * one, so that a value never decides the host of an address that the template began. Refuses anything else (`template.invalid`).
 */
export const addressParts = (url: string, marks: Marks, schemes: readonly string[], path: string): AddressPart[] => {
  const parts: AddressPart[] = []
  let written = ''
  for (const token of marks.split(url)) {
    if (typeof token === 'string') {
      parts.push({ kind: 'static', text: token })
      written += token
    } else {
      parts.push(slotPart(token, written, schemes, path))
      written += parts.length === 1 ? 'https://host/' : 'x'
    }
  }
  return parts
}

const slotPart = (mark: Mark, written: string, schemes: readonly string[], path: string): AddressPart => {
  const { marked } = mark
  const refuse = (why: string): never => {
    throw new TobiishiError('template.invalid', `${path}: ${describeMark(marked)} ${why}.`, { details: { path } })
  }
  if (marked.kind !== 'value') return refuse('cannot be a part of an address')
  const { expression } = marked
  if (written === '') return { kind: 'slot', mode: 'whole', expression }
  const scheme = schemeOf(written)
  if (scheme === null || !schemes.includes(scheme))
    return refuse(`stands in an address that does not begin with ${schemes.join(', ')}`)
  const isWeb = scheme === 'http' || scheme === 'https'
  if (isWeb && !/^https?:\/\/[^/?#]+[/?#]/i.test(written)) return refuse('stands in the host of an address')
  return { kind: 'slot', mode: /[?#]/.test(written) || !isWeb ? 'query' : 'path', expression }
}
