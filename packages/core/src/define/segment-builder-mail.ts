import type { EventNode, MessageNode } from '../domain/segment/segment-node.ts'
import { invalidDefinition, requireName } from './invalid-definition.ts'
import { type ElapsedSpan, readElapsedSpan } from './span.ts'

/** Which mails, and how many. */
export interface MailOptions {
  /** In the time up to now; a day is 24 hours. Default ever. */
  readonly within?: ElapsedSpan
  /** How many. Default `['>=', 1]`. */
  readonly count?: readonly [operator: '>=' | '=' | '<=', mails: number]
  /** Only mail of this scenario. Default any mail, broadcasts too. */
  readonly scenario?: string
  /** Only mail of this step of the scenario. */
  readonly step?: string
}

/** The same before anything is checked. */
export type UncheckedMailOptions = { readonly [K in keyof MailOptions]?: unknown }

/** The leaf. That `step` comes with `scenario` is seen by the tree's parser when the segment is complete. */
export const createMessageNode = (
  path: string,
  did: MessageNode['did'],
  { within, count = ['>=', 1], scenario, step }: UncheckedMailOptions,
): MessageNode => ({
  kind: 'message',
  did,
  ...(within === undefined ? {} : { within: readElapsedSpan(`${path}, within`, within) }),
  count: readCount(`${path}, count`, count),
  ...(scenario === undefined ? {} : { scenario: requireName(`${path}, scenario`, scenario) }),
  ...(step === undefined ? {} : { step: requireName(`${path}, step`, step) }),
})

/** A count as `['>=', 2]`. Throws `segment.invalid`. */
export const readCount = (path: string, count: unknown): EventNode['count'] => {
  const [operator, value] = Array.isArray(count) ? (count as unknown[]) : []
  if ((operator === '>=' || operator === '=' || operator === '<=') && Number.isSafeInteger(value) && Number(value) >= 0) {
    return { operator, value: Number(value) }
  }
  throw invalidDefinition(path, "is ['>=', 2], ['=', 0] or ['<=', 3].", 'segment.invalid')
}
