import { Parser } from 'htmlparser2'
import { TobiishiError } from '../errors/index.ts'
import { describeMark } from './describe-mark.ts'
import type { Mark, Marks } from './marks.ts'

/** Elements whose children are whole sections. */
const containers = new Set(['mj-body', 'mj-wrapper'])
/** Elements whose content is HTML or text. */
const inline = new Set(['mj-text', 'mj-table', 'mj-raw', 'mj-button'])

interface Place {
  /** The nearest MJML element around the mark, and which one of its kind it is. */
  readonly element: string
  readonly instance: number
  readonly isInTag: boolean
}

/** What `footer()` becomes, by where it stands. */
export interface FooterMarkup {
  /** HTML for inside `mj-text`. */
  readonly html: string
}

/**
 * Checks where marks stand in MJML and prepares them for rendering: `when` and `each` around whole sections are packed into
 * `mj-raw`, the footer becomes a section, an `mj-text` or HTML, as its place asks. Refuses (`template.invalid`, with the path)
 * blocks that enclose anything else than whole sections or content, and slots between elements.
 */
export const placeMarks = (source: string, marks: Marks, footer: FooterMarkup, path: string): string => {
  const found = marks.find(source)
  const places = locate(source, found)
  const blocks = new Map<number, Place>()
  let placed = ''
  let from = 0
  for (const mark of found) {
    const place = places.get(mark.at) ?? { element: 'mj-comment', instance: -1, isInTag: false }
    placed += source.slice(from, mark.at) + placedMark(mark, place, { marks, footer, path, blocks })
    from = mark.at + mark.length
  }
  return placed + source.slice(from)
}

interface Placing {
  readonly marks: Marks
  readonly footer: FooterMarkup
  readonly path: string
  readonly blocks: Map<number, Place>
}

const placedMark = (mark: Mark, place: Place, placing: Placing): string => {
  const word = placing.marks.word(mark.id)
  const { marked } = mark
  switch (marked.kind) {
    case 'when':
    case 'each':
      placing.blocks.set(mark.id, place)
      return placedLimit(mark, place, word, placing.path)
    case 'else':
    case 'end':
      if (placing.blocks.get(marked.of)?.instance !== place.instance) {
        return refuse(placing.path, mark, `begins in one element and ends in another (<${place.element}>)`)
      }
      return placedLimit(mark, place, word, placing.path)
    case 'footer':
      return placedFooter(mark, place, placing)
    default:
      if (!place.isInTag && containers.has(place.element)) {
        return refuse(placing.path, mark, `stands between the elements of <${place.element}>: put it into an mj-text`)
      }
      return word
  }
}

const placedLimit = (mark: Mark, place: Place, word: string, path: string): string => {
  if (place.isInTag) return refuse(path, mark, 'stands inside a tag')
  if (containers.has(place.element)) return `<mj-raw>${word}</mj-raw>`
  if (inline.has(place.element)) return word
  const where = 'it must enclose whole mj-section or mj-wrapper, or stand inside mj-text, mj-table, mj-raw or mj-button'
  return refuse(path, mark, `stands in <${place.element}>: ${where}`)
}

const placedFooter = (mark: Mark, place: Place, { footer, path }: Placing): string => {
  const text = `<mj-text font-size="12px" line-height="1.7" color="#666666">${footer.html}</mj-text>`
  if (place.isInTag) return refuse(path, mark, 'stands inside a tag')
  if (containers.has(place.element)) return `<mj-section><mj-column>${text}</mj-column></mj-section>`
  if (place.element === 'mj-column') return text
  if (place.element === 'mj-text' || place.element === 'mj-raw') return footer.html
  return refuse(path, mark, `stands in <${place.element}>: put it between sections, into an mj-column or an mj-text`)
}

const refuse = (path: string, mark: Mark, why: string): never => {
  throw new TobiishiError('template.invalid', `${path}: ${describeMark(mark.marked)} ${why}.`, { details: { path } })
}

/** The place of each mark, by its position. Marks in comments have none. */
const locate = (source: string, found: readonly Mark[]): Map<number, Place> => {
  const places = new Map<number, Place>()
  const stack: { name: string; instance: number }[] = [{ name: 'mjml', instance: 0 }]
  let instances = 0
  let next = 0
  /** Marks up to `end` stand in what the parser just reported. */
  const claim = (start: number, end: number, isInTag: boolean): void => {
    while (next < found.length && (found[next]?.at ?? 0) < start) next++
    for (let mark = found[next]; mark !== undefined && mark.at < end; mark = found[++next]) {
      const top = stack.at(-1)
      places.set(mark.at, { element: top?.name ?? 'mjml', instance: top?.instance ?? 0, isInTag })
    }
  }
  const parser = new Parser(
    {
      onopentag: (name) => {
        claim(parser.startIndex, parser.endIndex + 1, true)
        if (name.startsWith('mj-')) stack.push({ name, instance: ++instances })
      },
      onclosetag: (name) => {
        if (name.startsWith('mj-') && stack.length > 1) stack.pop()
      },
      ontext: (text) => claim(parser.endIndex + 1 - text.length, parser.endIndex + 1, false),
    },
    { decodeEntities: false, recognizeSelfClosing: true, recognizeCDATA: true },
  )
  parser.end(source)
  return places
}
