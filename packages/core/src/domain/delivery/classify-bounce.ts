import { routeOf } from '../contact/route-of.ts'
import type { BounceClass } from '../tracking/delivery-event.ts'
import { classByProvider } from './class-by-provider.ts'
import { classByStatus } from './class-by-status.ts'
import { classByText } from './class-by-text.ts'
import type { Refusal } from './refusal.ts'

export type { Refusal } from './refusal.ts'

const stageOf = ({ stage, text }: Refusal): Refusal['stage'] => {
  if (stage !== 'report') return stage
  if (/in reply to (the )?(end of )?DATA/i.test(text)) return 'data'
  if (/in reply to (the )?RCPT TO/i.test(text)) return 'rcpt'
  return /in reply to (the )?MAIL FROM/i.test(text) ? 'mail' : 'report'
}

const enhancedCodeOf = ({ enhancedCode, text }: Refusal): string | null =>
  enhancedCode ?? /(?:^|[\s#(-])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(text)?.[1] ?? null

/** Before RCPT the server knows nothing of the recipient: what it refuses is the sender. */
const isAboutSender = (found: BounceClass, stage: Refusal['stage']): boolean =>
  stage === 'mail' && (found.startsWith('hard') || found === 'undetermined')

/**
 * What a refusal means (facts §4): the provider's own table first, then the enhanced status, then the text, then the code.
 * In doubt it is `undetermined` or `transient` rather than hard, because a hard bounce suppresses the address at once.
 */
export const classifyBounce = (input: Refusal): BounceClass => {
  const refusal: Refusal = { ...input, stage: stageOf(input), enhancedCode: enhancedCodeOf(input) }
  const found =
    classByProvider(refusal, routeOf(refusal.domain)) ??
    classByStatus(refusal) ??
    classByText(refusal) ??
    (isTemporary(refusal) ? 'transient' : 'undetermined')
  return isAboutSender(found, refusal.stage) ? 'policy' : found
}

const isTemporary = ({ code, enhancedCode }: Refusal): boolean =>
  (code !== null && code < 500) || (code === null && enhancedCode?.startsWith('4.') === true)
