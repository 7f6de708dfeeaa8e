import { escapeHtml } from '../domain/reference/escape-html.ts'
import { describeExpression } from '../domain/reference/evaluate-expression.ts'
import type { FragmentData, FragmentPart } from './fragment.ts'
import { invalidDefinition } from './invalid-definition.ts'
import { type Ref, type ReferenceRoot, type RefTo, referenceData, referenceTo, requireReference } from './reference.ts'
import { requireCondition } from './reference-functions.ts'

/** `line`: subject or preheader. `mjml`: markup. `text`: plain text. */
export type Syntax = FragmentData['syntax']

/** What a tag makes: a piece of a template as data. One syntax does not stand in another. */
export interface Fragment<S extends Syntax = Syntax> extends FragmentData {
  readonly syntax: S
}

/** A condition, a loop or a built-in, to be put into a tag of syntax `S`. */
export interface Piece<in S extends Syntax> {
  readonly '~piece': (syntax: S) => void
}

/** What can stand in a tag: values that are surely there, fragments of the same syntax, pieces, constants. */
export type Slot<S extends Syntax> = Ref<string | number> | Fragment<S> | Piece<S> | string | number

/** Constant text is kept as written, values are escaped where they stand. */
export type Tag<S extends Syntax> = (strings: TemplateStringsArray, ...slots: Slot<S>[]) => Fragment<S>

const originsOf = new WeakMap<object, ReadonlySet<symbol>>()
const partOf = new WeakMap<object, { readonly part: FragmentPart; readonly syntax: Syntax | null }>()

/** Shows `yes` where the condition holds, else `no` or nothing. */
export const when = <S extends Syntax>(condition: Ref<boolean>, yes: Fragment<S>, no?: Fragment<NoInfer<S>>): Piece<S> => {
  const { expression, origins } = requireCondition(condition, 'when')
  requireFragment(yes, 'when')
  if (no !== undefined) requireFragment(no, 'when', yes.syntax)
  const arms = no === undefined ? [yes] : [yes, no]
  return createPiece(
    { kind: 'when', condition: expression, yes, no: no ?? null },
    yes.syntax,
    new Set([...origins, ...arms.flatMap((arm) => [...originsIn(arm)])]),
  )
}

/** Repeats `item` for every element; a missing list has none. Inside a nested loop only the inner element is in reach. */
export const each = <I, S extends Syntax>(
  list: Ref<readonly I[] | undefined | null>,
  item: (item: RefTo<I>) => Fragment<S>,
): Piece<S> => {
  const { expression, type, origins } = requireReference(list, 'each')
  const name = describeExpression(expression)
  if (type.kind !== 'list') throw invalidDefinition('each', `${name} is a ${type.kind}, not a list.`)
  const loop = Symbol('loop')
  const own = [...origins].filter((origin) => !isLoop(origin))
  const root: ReferenceRoot = { scope: 'item', path: [], origins: new Set([...own, loop]), owner: `each(${name})` }
  const fragment = item(referenceTo(type.item, root) as RefTo<I>)
  requireFragment(fragment, `each(${name})`)
  const inner = new Set(originsIn(fragment))
  inner.delete(loop)
  if ([...inner].some(isLoop)) {
    throw invalidDefinition(
      `each(${name})`,
      'an element of an outer loop is out of reach inside an inner one. Put the value into the inner list.',
    )
  }
  return createPiece({ kind: 'each', list: expression, item: fragment }, fragment.syntax, new Set([...origins, ...inner]))
}

const isLoop = (origin: symbol): boolean => origin.description === 'loop'

/** A part that is none of the values: `footer()`, `unsubscribeUrl`. */
export const createPiece = <S extends Syntax>(
  part: FragmentPart,
  syntax: Syntax | null,
  origins: ReadonlySet<symbol>,
): Piece<S> => {
  const piece = Object.freeze({ '~piece': () => {} })
  partOf.set(piece, { part, syntax })
  originsOf.set(piece, origins)
  return piece
}

/** The tag of a syntax. `path` is where it is used, for messages: `template "welcome", body`. */
export const createTag =
  <S extends Syntax>(syntax: S, path: string): Tag<S> =>
  (strings, ...slots) => {
    const origins = new Set<symbol>()
    const parts: FragmentPart[] = []
    strings.forEach((literal, index) => {
      const text = requireText(literal, syntax, path)
      if (text !== '') parts.push({ kind: 'text', text })
      if (index >= slots.length) return
      const slot = readSlot(slots[index], syntax, `${path}, slot ${index + 1}`)
      parts.push(slot.part)
      for (const origin of slot.origins) origins.add(origin)
    })
    const fragment: Fragment<S> = Object.freeze({ kind: 'fragment', syntax, parts: Object.freeze(parts) })
    originsOf.set(fragment, origins)
    return fragment
  }

/** The definitions and loops whose references a fragment or piece holds. */
export const originsIn = (content: object): ReadonlySet<symbol> => originsOf.get(content) ?? new Set()

/** Refuses what no tag has made, and a fragment of another syntax. */
export const requireFragment: (value: unknown, path: string, ...syntaxes: readonly Syntax[]) => asserts value is Fragment = (
  value,
  path,
  ...syntaxes
) => {
  const isFragment = typeof value === 'object' && value !== null && originsOf.has(value) && !partOf.has(value)
  const wanted = syntaxes.length === 0 ? ['line', 'mjml', 'text'] : syntaxes
  if (isFragment && wanted.includes((value as Fragment).syntax)) return
  throw invalidDefinition(
    path,
    `expected ${wanted.join(' or ')}\`…\`, got ${isFragment ? `${(value as Fragment).syntax}\`…\`` : typeof value}.`,
  )
}

const readSlot = (slot: unknown, syntax: Syntax, path: string): { part: FragmentPart; origins: ReadonlySet<symbol> } => {
  if (typeof slot === 'string' || (typeof slot === 'number' && Number.isFinite(slot))) {
    const text = requireText(String(slot), syntax, path)
    return { part: { kind: 'text', text: syntax === 'mjml' ? escapeHtml(text) : text }, origins: new Set() }
  }
  const reference = referenceData(slot)
  if (reference !== null) return { part: readValue(reference, path), origins: reference.origins }
  const piece = typeof slot === 'object' && slot !== null ? partOf.get(slot) : undefined
  if (piece !== undefined) {
    if (piece.syntax === syntax || (piece.syntax === null && syntax !== 'line'))
      return { part: piece.part, origins: originsIn(slot as object) }
    throw invalidDefinition(path, `a piece of ${piece.syntax ?? 'the body'} cannot stand in ${syntax}\`…\`.`)
  }
  if (slot === undefined || slot === null || typeof slot !== 'object')
    throw invalidDefinition(path, `${String(slot)} cannot be printed: there is no such value.`)
  requireFragment(slot, path, syntax)
  return { part: { kind: 'fragment', fragment: slot }, origins: originsIn(slot) }
}

const readValue = ({ expression, type }: NonNullable<ReturnType<typeof referenceData>>, path: string): FragmentPart => {
  const name = describeExpression(expression)
  if (type.kind === 'list') throw invalidDefinition(path, `${name} is a list. Loop over it with each(…).`)
  if (type.kind === 'object') throw invalidDefinition(path, `${name} is an object. Print one of its fields.`)
  if (type.kind === 'boolean') throw invalidDefinition(path, `${name} is true or false. Use when(…).`)
  if (type.isOptional) throw invalidDefinition(path, `${name} can be missing. Give it a fallback: or(${name}, …).`)
  return { kind: 'value', expression }
}

const requireText = (literal: string | undefined, syntax: Syntax, path: string): string => {
  if (literal === undefined) throw invalidDefinition(path, 'an escape sequence that JavaScript cannot read.')
  if (syntax === 'line' && /[\r\n]/.test(literal)) throw invalidDefinition(path, 'a line has no line breaks.')
  return literal
}
