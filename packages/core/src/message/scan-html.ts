import { QuoteType, Tokenizer } from 'htmlparser2'
import { TobiishiError } from '../errors/index.ts'
import { describeMark } from './describe-mark.ts'
import { addressParts, linkSchemes, schemeOf, sourceSchemes } from './link-address.ts'
import type { LinkCollector } from './link-collector.ts'
import type { Marked, Marks } from './marks.ts'

/** Elements whose text is code, not words. */
const code = new Set(['style', 'script', 'noscript', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext'])
const textAttributes = new Set(['alt', 'title'])

export interface ScanOptions {
  readonly marks: Marks
  readonly links: LinkCollector
  readonly path: string
}

/**
 * Goes through rendered HTML once: numbers the links, checks where each mark stands, and returns the same HTML with a mark in
 * place of each address that differs per mail. Slots stand in text, href, src, alt and title; anything else is refused with
 * its path (`template.invalid`), as are links to anything but http, https, mailto, tel and anchors.
 */
export const scanHtml = (html: string, options: ScanOptions): string => new HtmlScan(html, options).run()

const isQuoted = (quote: QuoteType): boolean => quote === QuoteType.Double || quote === QuoteType.Single

class HtmlScan {
  readonly #html: string
  readonly #marks: Marks
  readonly #links: LinkCollector
  readonly #path: string
  #out = ''
  #copied = 0
  #tag = ''
  #codeTag = ''
  #attribute = ''
  #valueStart = 0
  #value = ''
  #link: { index: number; label: string } | null = null

  constructor(html: string, { marks, links, path }: ScanOptions) {
    this.#html = html
    this.#marks = marks
    this.#links = links
    this.#path = path
  }

  run(): string {
    const refuseMarks = (where: string) => (start: number, end: number) => this.#refuseAny(this.#html.slice(start, end), where)
    const tokenizer = new Tokenizer(
      { decodeEntities: true },
      {
        onopentagname: (start, end) => this.#openTag(this.#html.slice(start, end)),
        onopentagend: () => this.#enterCode(),
        onselfclosingtag: () => {},
        onclosetag: (start, end) => this.#closeTag(this.#html.slice(start, end).toLowerCase()),
        onattribname: (start, end) => this.#openAttribute(this.#html.slice(start, end).toLowerCase(), end),
        onattribdata: (start, end) => {
          this.#value += this.#html.slice(start, end)
        },
        onattribentity: (codepoint) => {
          this.#value += String.fromCodePoint(codepoint)
        },
        onattribend: (quote, end) => this.#closeAttribute(quote, isQuoted(quote) ? end - 1 : end),
        ontext: (start, end) => this.#text(this.#html.slice(start, end)),
        ontextentity: (codepoint) => this.#text(String.fromCodePoint(codepoint)),
        oncomment: refuseMarks('a comment'),
        oncdata: refuseMarks('a CDATA section'),
        ondeclaration: refuseMarks('a declaration'),
        onprocessinginstruction: refuseMarks('an instruction'),
        onend: () => {},
      },
    )
    tokenizer.write(this.#html)
    tokenizer.end()
    return this.#out + this.#html.slice(this.#copied)
  }

  #openTag(name: string): void {
    this.#refuseAny(name, 'the name of a tag')
    this.#tag = name.toLowerCase()
  }

  #enterCode(): void {
    if (code.has(this.#tag)) this.#codeTag = this.#tag
  }

  #closeTag(name: string): void {
    if (name === this.#codeTag) this.#codeTag = ''
    if (name !== 'a' || this.#link === null) return
    this.#links.label(this.#link.index, this.#link.label)
    this.#link = null
  }

  #text(text: string): void {
    if (this.#codeTag !== '') this.#refuseAny(text, `<${this.#codeTag}>`)
    if (this.#link !== null) this.#link.label += this.#labelOf(text)
  }

  #openAttribute(name: string, end: number): void {
    this.#refuseAny(name, `the name of an attribute of <${this.#tag}>`)
    this.#attribute = name
    this.#value = ''
    const before = /^\s*=\s*["']?/.exec(this.#html.slice(end, end + 64))?.[0] ?? ''
    this.#valueStart = end + before.length
  }

  #closeAttribute(quote: QuoteType, end: number): void {
    if (this.#tag === 'img' && this.#attribute === 'alt' && this.#link !== null) this.#link.label += this.#labelOf(this.#value)
    const isLink = this.#attribute === 'href' && (this.#tag === 'a' || this.#tag === 'area')
    const hasMark = this.#marks.contains(this.#value)
    if (hasMark && !isQuoted(quote)) {
      this.#refuseAny(this.#value, `an unquoted attribute "${this.#attribute}" of <${this.#tag}>`)
    }
    if (isLink) this.#replaceValue(end, this.#linkAddress(this.#value))
    else if (hasMark && (this.#attribute === 'src' || this.#attribute === 'href')) {
      this.#replaceValue(end, this.#sourceAddress(this.#value))
    } else if (hasMark) this.#checkTextAttribute(this.#value)
  }

  #checkTextAttribute(value: string): void {
    if (textAttributes.has(this.#attribute)) return
    this.#refuseAny(value, `the attribute "${this.#attribute}" of <${this.#tag}>`)
  }

  /** Null: stays as it is. */
  #linkAddress(url: string): Marked | null {
    const [first, ...rest] = this.#marks.find(url)
    if (first === undefined) return this.#staticLink(url.trim())
    const isWhole = rest.length === 0 && first.length === url.length
    if (isWhole && (first.marked.kind === 'unsubscribe' || first.marked.kind === 'plain-link')) return null
    const parts = addressParts(url, this.#marks, linkSchemes, `${this.#path}: href of <${this.#tag}>`)
    const isWeb = parts[0]?.kind === 'slot' || /^https?:/i.test(url)
    const index = isWeb ? this.#number(null) : null
    return { kind: 'address', index, schemes: linkSchemes, parts }
  }

  #staticLink(url: string): Marked | null {
    if (url.startsWith('#')) return null
    const scheme = schemeOf(url)
    if (scheme === 'mailto' || scheme === 'tel') return null
    if (scheme === 'http' || scheme === 'https') return { kind: 'link', index: this.#number(url), url }
    throw new TobiishiError(
      'template.invalid',
      `${this.#path}: a link must begin with http:, https:, mailto:, tel: or #; this one ${scheme === null ? 'has no scheme' : `begins with ${scheme}:`}.`,
      { details: { path: this.#path } },
    )
  }

  #number(url: string | null): number {
    const index = this.#links.add(url)
    this.#link = { index, label: '' }
    return index
  }

  #sourceAddress(url: string): Marked {
    const parts = addressParts(url, this.#marks, sourceSchemes, `${this.#path}: ${this.#attribute} of <${this.#tag}>`)
    return { kind: 'address', index: null, schemes: sourceSchemes, parts }
  }

  #replaceValue(end: number, marked: Marked | null): void {
    if (marked === null) return
    this.#out += this.#html.slice(this.#copied, this.#valueStart) + this.#marks.add(marked)
    this.#copied = end
  }

  #labelOf(text: string): string {
    return this.#marks
      .split(text)
      .map((token) => (typeof token === 'string' ? token : '…'))
      .join('')
  }

  #refuseAny(text: string, where: string): void {
    const mark = this.#marks.contains(text) ? this.#marks.find(text)[0] : undefined
    if (mark === undefined) return
    const what = describeMark(mark.marked)
    const allowed = 'slots stand in text, href, src, alt and title only'
    throw new TobiishiError('template.invalid', `${this.#path}: ${what} stands in ${where}: ${allowed}.`, {
      details: { path: this.#path, where },
    })
  }
}
