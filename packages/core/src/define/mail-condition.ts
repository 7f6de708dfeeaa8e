import type { MailMatch } from '../domain/scenario/scenario-definition.ts'
import { mustBe } from './invalid-definition.ts'
import { readOptions } from './options.ts'

/** A question about the mail of an earlier `send` of the same enrolment: what became of the latest one of that step. */
export interface MailCondition extends MailMatch {}

/** The questions. `step` is the id of a `send` that comes before; people's opens and clicks only, and a click is an open too. */
export interface MailConditions {
  /** It was handed over to the mail server (not skipped, not failed). */
  sent(step: string): MailCondition
  /** The receiving server has it, where the transport tells so. */
  delivered(step: string): MailCondition
  opened(step: string): MailCondition
  /** `link`: only this one, by its address in the template or its number there. Default any link. */
  clicked(step: string, options?: { readonly link?: string | number }): MailCondition
  bounced(step: string): MailCondition
}

const fateOf =
  (fate: MailMatch['fate']) =>
  (step: string): MailCondition =>
    Object.freeze({ kind: 'mail', step, fate, link: null })

export const mailConditions: MailConditions = {
  sent: fateOf('sent'),
  delivered: fateOf('delivered'),
  opened: fateOf('opened'),
  clicked: (step, options) => {
    const { link = null } = readOptions(`clicked(${JSON.stringify(step)})`, options, ['link'])
    return Object.freeze({ kind: 'mail', step, fate: 'clicked', link: readLink(`clicked(${JSON.stringify(step)}).link`, link) })
  },
  bounced: fateOf('bounced'),
}

const readLink = (path: string, link: unknown): string | number | null => {
  if (link === null || (typeof link === 'string' && link !== '')) return link
  if (typeof link === 'number' && Number.isSafeInteger(link) && link >= 0) return link
  throw mustBe(path, 'an address as the template has it, or the number of a link', link)
}

/** The condition that `opened('hello')` made; null for anything else. Whether the step is there is looked at later. */
export const mailMatchOf = (value: unknown): MailMatch | null => {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'mail') return null
  const { step, fate, link } = value as MailMatch
  return { kind: 'mail', step, fate, link }
}
