import { convert } from 'html-to-text'
import type { Marks } from './marks.ts'

/** The text part made from scanned HTML: links as `label <address>`, images by their alt text, marks kept. */
export const textFromHtml = (html: string, marks: Marks): string => {
  const text = convert(html, {
    wordwrap: false,
    formatters: { alt: (element, _walk, builder) => builder.addInline(element.attribs?.alt ?? '') },
    selectors: [
      { selector: 'img', format: 'alt' },
      { selector: 'a', options: { linkBrackets: ['<', '>'], hideLinkHrefIfSameAsText: true } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  })
  return `${withoutBlockLines(text, marks).trim()}\n`
}

/** Limits of blocks that are alone on a line take no line in the mail. */
const withoutBlockLines = (text: string, marks: Marks): string =>
  text.replace(marks.ownLine, (line) => {
    const found = marks.find(line)
    return found.every(({ marked }) => limits.has(marked.kind)) ? found.map(({ id }) => marks.word(id)).join('') : line
  })

const limits = new Set(['when', 'each', 'else', 'end'])
