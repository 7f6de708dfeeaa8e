import type { Markup } from '../ports/markup.ts'

const elements: { readonly [tag: string]: string } = {
  'mj-button': 'a',
  'mj-image': 'img',
  'mj-table': 'table',
  'mj-divider': 'hr',
  'mj-text': 'p',
  mjml: 'html',
  'mj-head': 'head',
  'mj-body': 'body',
  'mj-title': 'title',
  'mj-style': 'style',
}
/** They say how MJML is to be laid out and have no HTML of their own. */
const silent = /<(mj-preview|mj-attributes|mj-font|mj-breakpoint)\b[^>]*(?:\/>|>.*?<\/\1>)/gs

/**
 * A stand-in for MJML in tests: each tag becomes its nearest HTML element (`mj-button` a link, `mj-text` a paragraph, the rest
 * `div`), nothing is laid out and nothing is checked. Tests of how mail looks, or of whether the markup is right, give
 * `markup: mjml()` of `@tobiishi/render-mjml`.
 */
export const plainMarkup: Markup = {
  toHtml: async (source) => {
    const html = source
      .replace(silent, '')
      .replace(/<(\/?)(mjml|mj-[a-z-]+)\b/g, (_all, slash: string, tag: string) => `<${slash}${elements[tag] ?? 'div'}`)
      .replace(/<(p|div|a|table)\b([^>]*)\/>/g, '<$1$2></$1>')
    return { html: `<!doctype html>${html}` }
  },
}
