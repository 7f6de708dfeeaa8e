import { TobiishiError } from '../errors/index.ts'

/** Of MJML 5. */
const known = new Set(
  (
    'mjml mj-head mj-body mj-attributes mj-all mj-class mj-breakpoint mj-font mj-html-attributes mj-selector mj-html-attribute ' +
    'mj-preview mj-style mj-title mj-accordion mj-accordion-element mj-accordion-title mj-accordion-text mj-button mj-carousel ' +
    'mj-carousel-image mj-column mj-divider mj-group mj-hero mj-image mj-navbar mj-navbar-link mj-raw mj-section mj-social ' +
    'mj-social-element mj-spacer mj-table mj-text mj-wrapper'
  ).split(' '),
)

const tags = /<!--.*?-->|<(\/?)(mjml|mj-[\w-]*)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>/gs

/** Throws `template.invalid` for a tag that MJML does not have, and where one is not closed or closed without having been opened. */
export const checkTags = (source: string): void => {
  const open: string[] = []
  for (const { index, 1: slash, 2: tag, 4: selfClosing } of source.matchAll(tags)) {
    if (tag === undefined) continue
    const wrong = (problem: string) => {
      const line = source.slice(0, index).split('\n').length
      return new TobiishiError('template.invalid', `The markup is not valid MJML: line ${line}, <${slash}${tag}>: ${problem}.`)
    }
    if (!known.has(tag) && !open.includes('mj-attributes')) throw wrong('there is no such tag')
    if (slash === '/') {
      const expected = open.pop()
      if (expected !== tag) throw wrong(expected === undefined ? 'closes nothing' : `stands where </${expected}> is expected`)
    } else if (selfClosing !== '/') open.push(tag)
  }
  const left = open.at(-1)
  if (left !== undefined) throw new TobiishiError('template.invalid', `The markup is not valid MJML: <${left}> is not closed.`)
}
