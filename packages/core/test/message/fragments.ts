import type { DeclaredTemplate } from '../../src/define/declared.ts'
import type { FragmentData, FragmentPart } from '../../src/define/fragment.ts'
import type { Expression, ReferenceScope } from '../../src/domain/reference/expression.ts'

/** Hand-written forms of what the tags of a model make. */
export const ref = (scope: ReferenceScope, ...path: string[]): Expression => ({ kind: 'reference', scope, path })

const tag =
  (syntax: FragmentData['syntax']) =>
  (strings: TemplateStringsArray, ...slots: (Expression | FragmentPart)[]): FragmentData => ({
    kind: 'fragment',
    syntax,
    parts: strings.flatMap((text, at): FragmentPart[] => {
      const slot = slots[at]
      const before: FragmentPart[] = text === '' ? [] : [{ kind: 'text', text }]
      return slot === undefined ? before : [...before, isPart(slot) ? slot : { kind: 'value', expression: slot }]
    }),
  })

const partKinds = new Set(['text', 'value', 'fragment', 'when', 'each', 'footer', 'unsubscribeUrl'])
const isPart = (slot: Expression | FragmentPart): slot is FragmentPart => partKinds.has(slot.kind)

export const line = tag('line')
export const mjml = tag('mjml')
export const text = tag('text')

export const footer: FragmentPart = { kind: 'footer' }
export const unsubscribeUrl: FragmentPart = { kind: 'unsubscribeUrl' }
export const when = (condition: Expression, yes: FragmentData, no: FragmentData | null = null): FragmentPart => ({
  kind: 'when',
  condition,
  yes,
  no,
})
export const each = (list: Expression, item: FragmentData): FragmentPart => ({ kind: 'each', list, item })

export const template = (parts: Partial<DeclaredTemplate> & Pick<DeclaredTemplate, 'body'>): DeclaredTemplate => ({
  kind: 'template',
  name: 'welcome',
  purpose: 'marketing',
  topic: 'onboarding',
  sender: 'default',
  props: null,
  subject: line`ご請求の資料をお届けします`,
  preheader: null,
  text: null,
  ...parts,
})
