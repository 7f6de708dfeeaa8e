import { TobiishiError } from '@tobiishi/core'
import type { Markup } from '@tobiishi/core/ports'
import { compileMjml, type Finding } from './mjml-thread.ts'
import { unclosedTags } from './unclosed-tags.ts'

export interface MjmlOptions {
  /** Web fonts by family: the address of their style sheet, linked where the markup uses the family. Default: MJML's own few. */
  readonly fonts?: { readonly [family: string]: string }
}

/**
 * MJML 5 as markup for Tobiishi. MJML is loaded at the first template (0.65 s, 95 MB), in a thread of its own that ends when all
 * are prepared: the host's event loop goes on meanwhile, and its memory is not held. Validation is strict: an unclosed or unknown tag, an unknown attribute, a wrong nesting or a wrong type of value rejects
 * with `template.invalid`, naming line and tag of each finding and nothing of the content. `mj-include` is not read.
 */
export const mjml = (options: MjmlOptions = {}): Markup => ({
  toHtml: async (source) => {
    const unclosed = unclosedTags(source)
    if (unclosed.length > 0) throw invalid(unclosed)
    const fonts = options.fonts === undefined ? {} : { fonts: options.fonts }
    const compiled = await compileMjml(source, { validationLevel: 'strict', keepComments: false, ...fonts })
    if ('findings' in compiled) throw invalid(compiled.findings.filter(isFinding))
    return { html: compiled.html }
  },
})

const invalid = (findings: readonly Finding[]): TobiishiError => {
  const lines = findings.map(({ line, tagName, message }) => `line ${line}, <${tagName}>: ${withoutValues(message)}`)
  const message =
    lines.length === 0
      ? 'The markup is not MJML: check that its tags are closed.'
      : `The markup is not valid MJML: ${lines.join('; ')}.`
  return new TobiishiError('template.invalid', message, {
    details: { findings: findings.map(({ line, tagName }) => ({ line, tag: tagName })) },
  })
}

/** "Attribute width has invalid value: 12 for type Unit …": what stands between is the author's. */
const withoutValues = (message: string): string => message.replace(/has invalid value: [\s\S]*$/, 'has an invalid value')

const isFinding = (value: unknown): value is Finding =>
  typeof value === 'object' && value !== null && 'line' in value && 'tagName' in value && 'message' in value
