import { addressParts, linkSchemes } from './link-address.ts'
import type { LinkCollector } from './link-collector.ts'
import type { Marked, Marks } from './marks.ts'

/**
 * Numbers the web addresses written in plain text and puts a mark in place of each, so that clicks of text mails count too. An
 * address ends at the first character that is not of a URL; punctuation at its end belongs to the sentence. Slots within an
 * address belong to it. An address that the HTML has already gets the same number.
 */
export const markTextLinks = (text: string, marks: Marks, links: LinkCollector, path: string): string =>
  text.replace(/https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi, (written) => {
    const url = withoutTail(written, marks)
    return marks.add(textLink(url, marks, links, path)) + written.slice(url.length)
  })

const textLink = (url: string, marks: Marks, links: LinkCollector, path: string): Marked => {
  if (!marks.contains(url)) return { kind: 'link', index: links.findOrAdd(url), url }
  const parts = addressParts(url, marks, linkSchemes, path)
  const index = links.add(null)
  links.label(index, parts.map((part) => (part.kind === 'static' ? part.text : '…')).join(''))
  return { kind: 'address', index, schemes: linkSchemes, parts }
}

/** Up to the limit of a block, and without the punctuation of the sentence. */
const withoutTail = (written: string, marks: Marks): string => {
  const limit = marks.find(written).find((mark) => mark.marked.kind !== 'value')
  return (limit === undefined ? written : written.slice(0, limit.at)).replace(/[.,;:!?'")\]*]+$/, '')
}
