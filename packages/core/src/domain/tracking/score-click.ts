import { type Milliseconds, second } from '../time/instant.ts'
import { type ActorVerdict, verdictOf } from './actor-verdict.ts'
import { isScannerUserAgent } from './scanner-user-agent.ts'

export interface ClickSignals {
  readonly userAgent: string | null
  readonly method: string | null
  /** From the sending of the mail to the click; null where the mail counts as not sent yet. */
  readonly sinceSent: Milliseconds | null
  /** Different links of this mail clicked within `clickBurst` up to this click, this one included. */
  readonly linksInBurst: number
  /** Recipients whose mail this client address clicked within the last minute, this one included. */
  readonly recipientsOfAddress: number
}

/** Span over which `linksInBurst` looks back. */
export const clickBurst: Milliseconds = 5 * second

/**
 * Whether a person or a machine followed a link: signals are added up and 5 makes a machine (facts §5). Any one of the weaker
 * signals alone stays a person, because people are fast and share addresses too.
 */
export const scoreClick = (signals: ClickSignals): ActorVerdict => {
  const { userAgent, method, sinceSent, linksInBurst, recipientsOfAddress } = signals
  let score = 0
  if (sinceSent !== null && sinceSent < 10 * second) score += 3
  if (linksInBurst >= 3) score += 4
  if (method?.toUpperCase() === 'HEAD') score += 5
  if (userAgent !== null && isScannerUserAgent(userAgent)) score += 5
  if (recipientsOfAddress >= 20) score += 4
  return verdictOf(score)
}
