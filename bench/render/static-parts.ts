import assert from 'node:assert/strict'
import type { ComposeInput, PreparedTemplate } from '../../packages/core/src/message/index.ts'

/**
 * A mail cut where it differs from another mail of the same template: the parts that are the same in both, and between them the
 * first mail's own. Joined they are the first mail.
 */
export const staticPartsOf = (template: PreparedTemplate, inputs: readonly ComposeInput[]): string[] => {
  const [mail, ...others] = inputs.slice(0, 8).map((input) => linesOf(template, input))
  assert(mail !== undefined && others.length > 0)
  const shared = others.map((other) => new Set(other)).reduce((all, other) => all.intersection(other))
  const parts: string[] = []
  let wasShared: boolean | null = null
  for (const line of mail) {
    const isShared = shared.has(line)
    if (isShared === wasShared) parts[parts.length - 1] += line
    else parts.push(line)
    wasShared = isShared
  }
  assert.equal(parts.join(''), mail.join(''))
  return parts.map(flat)
}

/** A string that is one piece in memory, as a loaded one is, not a tree of concatenations. */
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')

const linesOf = (template: PreparedTemplate, input: ComposeInput): string[] =>
  Buffer.from(template.compose(input).raw)
    .toString('latin1')
    .split(/(?<=\r\n)/)
