import type { Markup } from '../ports/markup.ts'
import { checkTags } from './check-tags.ts'

const elements: { readonly [tag: string]: string } = {
  'mj-button': 'a',
  'mj-navbar-link': 'a',
  'mj-table': 'table',
  'mj-divider': 'p',
  'mj-text': 'p',
  mjml: 'html',
  'mj-head': 'head',
  'mj-body': 'body',
  'mj-title': 'title',
  'mj-style': 'style',
}
/** They say how MJML is to be laid out and have no HTML of their own. */
const silent = /<(mj-preview|mj-attributes|mj-font|mj-breakpoint)\b[^>]*(?:\/>|>.*?<\/\1>)/gs

const image = /<mj-image\b((?:"[^"]*"|[^">])*?)\/?>(?:\s*<\/mj-image>)?/g

/** An image that has an address leads there, and counts as a link as it does in MJML. */
const imageOf = (_all: string, attributes: string): string => {
  const [href] = /\shref="[^"]*"/.exec(attributes) ?? []
  const img = `<img${href === undefined ? attributes : attributes.replace(href, '')} />`
  return `<p>${href === undefined ? img : `<a${href}>${img}</a>`}</p>`
}

/**
 * A stand-in for MJML in tests: each tag becomes its nearest HTML element (`mj-button` a link, `mj-text` a paragraph, the rest
 * `div`), and nothing is laid out. Links of texts, tables, buttons, navigation and images have the numbers that they have with
 * MJML; `mj-social` and `mj-carousel` have other links there. Of what MJML refuses it refuses tags that there are not, and tags
 * that are not closed (`template.invalid`), but attributes and what may stand in what are not looked at. Tests of how mail looks, or
 * of whether the markup is right, give `markup: mjml()` of `@tobiishi/render-mjml`.
 */
export const plainMarkup: Markup = {
  toHtml: async (source) => {
    checkTags(source)
    const html = source
      .replace(silent, '')
      .replace(image, imageOf)
      .replace(/<mj-(button|navbar-link)\b/g, '<p><mj-$1')
      .replace(/<\/mj-(button|navbar-link)>/g, '</mj-$1></p>')
      .replace(/<(\/?)(mjml|mj-[a-z-]+)\b/g, (_all, slash: string, tag: string) => `<${slash}${elements[tag] ?? 'div'}`)
      .replace(/<(p|div|a|table)\b([^>]*)\/>/g, '<$1$2></$1>')
    return { html: `<!doctype html>${html}` }
  },
}
