import type { DeclaredTemplate } from '../define/declared.ts'
import type { FragmentData } from '../define/fragment.ts'
import { escapeHtml } from '../domain/reference/escape-html.ts'
import type { TemplateLink } from '../domain/tracking/template-link.ts'
import { TobiishiError } from '../errors/index.ts'
import { describeMark } from './describe-mark.ts'
import { hasControl } from './encode-header.ts'
import { layOut } from './lay-out.ts'
import { legalHtml, legalText, type MailLocale } from './legal-block.ts'
import { LinkCollector } from './link-collector.ts'
import { Marks } from './marks.ts'
import type { Piece } from './piece.ts'
import type { PrepareOptions } from './prepare-options.ts'
import { markTextLinks } from './text-part.ts'
import { toPieces } from './to-pieces.ts'

/** The parts of a mail in one language, as pieces. */
export interface PreparedBody {
  readonly text: readonly Piece[]
  /** Null for text-only mail. */
  readonly html: readonly Piece[] | null
}

export interface PreparedContent {
  readonly subject: readonly Piece[]
  readonly bodies: { readonly [locale in MailLocale]: PreparedBody }
  readonly links: readonly TemplateLink[]
}

/** Subject, and bodies for both languages of the legal block. The markup is rendered twice only where it holds the block. */
export const prepareContent = async (declared: DeclaredTemplate, options: PrepareOptions): Promise<PreparedContent> => {
  const marks = new Marks(
    [declared.body, declared.text, declared.preheader, options.sender].map((source) => JSON.stringify(source)),
  )
  const prepare = (locale: MailLocale) => prepareBody(declared, { ...options, locale, marks, links: new LinkCollector() })
  const first = await prepare(options.defaultLocale)
  const other: MailLocale = options.defaultLocale === 'ja' ? 'en' : 'ja'
  const hasBlock = marks.has('footer')
  const second = hasBlock ? await prepare(other) : first
  const bodies = options.defaultLocale === 'ja' ? { ja: first, en: second } : { ja: second, en: first }
  return { subject: subjectPieces(declared), bodies, links: first.links }
}

const subjectPieces = ({ name, subject }: DeclaredTemplate): Piece[] => {
  const path = `template "${name}", subject`
  const marks = new Marks([JSON.stringify(subject)])
  const pieces = toPieces(layOut(subject, 'line', marks, path), marks, asIs, path)
  if (pieces.some((piece) => piece.kind === 'static' && hasControl(piece.text))) {
    throw new TobiishiError('template.invalid', `${path}: a subject is one line; it has a line break.`, { details: { path } })
  }
  if (!marks.has('footer') && !marks.has('unsubscribe')) return pieces
  throw new TobiishiError('template.invalid', `${path}: footer() and unsubscribeUrl cannot stand in a subject.`, {
    details: { path },
  })
}

interface BodyOptions extends PrepareOptions {
  readonly locale: MailLocale
  readonly marks: Marks
  readonly links: LinkCollector
}

const prepareBody = async (
  declared: DeclaredTemplate,
  options: BodyOptions,
): Promise<PreparedBody & { links: readonly TemplateLink[] }> => {
  const { marks, links } = options
  const path = `template "${declared.name}", body`
  if (declared.body.syntax !== 'mjml')
    return { text: textPieces(declared, declared.body, options, path), html: null, links: links.links }
  const { textFromHtml } = await htmlPart()
  const html = await markedHtml(declared, options, path)
  const textPath = `template "${declared.name}", text`
  const text =
    declared.text === null
      ? toPieces(textFromHtml(html, marks), marks, asIs, textPath)
      : textPieces(declared, declared.text, options, textPath)
  return { text, html: toPieces(withOwnParts(html, declared, options), marks, escapeHtml, path), links: links.links }
}

const htmlPart = () => import('./html-part.ts')

const asIs = (text: string): string => text

const textPieces = (declared: DeclaredTemplate, fragment: FragmentData, options: BodyOptions, path: string): Piece[] => {
  const { marks, links, locale } = options
  const source = layOut(fragment, 'text', marks, path)
  const linked = markTextLinks(source.endsWith('\n') ? source : `${source}\n`, marks, links, path)
  const footer = legalText(locale, { ...options, purpose: declared.purpose }, marks)
  return toPieces(replaceFooters(linked, marks, footer), marks, asIs, path)
}

const replaceFooters = (text: string, marks: Marks, footer: string): string =>
  marks
    .split(text)
    .map((token) => (typeof token === 'string' ? token : token.marked.kind === 'footer' ? footer : marks.word(token.id)))
    .join('')

/** The rendered and scanned HTML, with marks. */
const markedHtml = async (declared: DeclaredTemplate, options: BodyOptions, path: string): Promise<string> => {
  const { marks, links, toHtml, locale } = options
  if (toHtml === null) {
    throw new TobiishiError('template.invalid', `${path} is MJML, but createTobiishi was given no markup: pass markup: mjml().`, {
      details: { template: declared.name },
    })
  }
  const source = asDocument(layOut(declared.body, 'mjml', marks, path), options.defaultLocale)
  const footer = { html: legalHtml(locale, { ...options, purpose: declared.purpose }, marks) }
  const { placeMarks, scanHtml } = await htmlPart()
  const placed = placeMarks(source, marks, footer, path)
  const { html } = await toHtml(placed)
  refuseLost(placed, html, marks, path)
  return scanHtml(html, { marks, links, path })
}

/** Markup may leave the frame of the document to us. */
const asDocument = (source: string, locale: MailLocale): string =>
  /^\s*(?:<!--[\s\S]*?-->\s*)*<mjml[\s>]/i.test(source) ? source : `<mjml lang="${locale}"><mj-body>${source}</mj-body></mjml>`

/** A slot that the renderer dropped would be silently missing from the mail. */
const refuseLost = (source: string, html: string, marks: Marks, path: string): void => {
  const kept = new Set(marks.find(html).map((mark) => mark.id))
  const lost = marks.find(source).find((mark) => !kept.has(mark.id))
  if (lost === undefined) return
  const what = describeMark(lost.marked)
  throw new TobiishiError(
    'template.invalid',
    `${path}: ${what} does not come out of the markup: put it into an mj-text, or into href, src, alt or title.`,
    {
      details: { path },
    },
  )
}

const hidden = 'display:none;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px'

/** The preheader at the beginning of the body and the pixel at its end. */
const withOwnParts = (html: string, declared: DeclaredTemplate, { marks }: BodyOptions): string => {
  const pixel = marks.add({ kind: 'pixel' })
  const close = html.toLowerCase().lastIndexOf('</body')
  const withPixel = close < 0 ? html + pixel : html.slice(0, close) + pixel + html.slice(close)
  const ended = withPixel.endsWith('\n') ? withPixel : `${withPixel}\n`
  if (declared.preheader === null) return ended
  const text = layOut(declared.preheader, 'mjml', marks, `template "${declared.name}", preheader`)
  const preheader = `<div style="${hidden}">${text}</div>`
  const open = /<body(?:"[^"]*"|'[^']*'|[^>"'])*>/i.exec(ended)
  return open === null
    ? preheader + ended
    : ended.slice(0, open.index) + open[0] + preheader + ended.slice(open.index + open[0].length)
}
