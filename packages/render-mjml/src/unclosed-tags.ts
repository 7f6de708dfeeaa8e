/** A tag of MJML that is opened and never closed, or closed and never opened. */
export interface UnclosedTag {
  readonly line: number
  readonly tagName: string
  readonly message: string
}

const tags = /<!--[\s\S]*?-->|<(\/?)(mj[a-z-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/g

/**
 * Looks for MJML tags that do not match. MJML's parser closes them silently, and the text of an unclosed `<mj-text>` is then
 * missing from the mail. HTML inside is left to HTML's own rules.
 */
export const unclosedTags = (source: string): readonly UnclosedTag[] => {
  const open: { readonly tagName: string; readonly line: number }[] = []
  for (const { 0: text, 1: slash, 2: tagName, 3: rest, index } of source.matchAll(tags)) {
    if (tagName === undefined || rest?.endsWith('/')) continue
    const line = source.slice(0, index).split('\n').length
    if (slash !== '/') {
      open.push({ tagName, line })
      continue
    }
    const last = open.pop()
    const isOpen = last?.tagName === tagName || open.some((one) => one.tagName === tagName)
    if (last === undefined || !isOpen) return [{ tagName, line, message: `${text} closes nothing` }]
    if (last.tagName !== tagName) return [{ ...last, message: `is not closed before </${tagName}> on line ${line}` }]
  }
  return open.slice(-1).map((last) => ({ ...last, message: 'is never closed' }))
}
