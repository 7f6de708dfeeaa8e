import { type ActorVerdict, verdictOf } from './actor-verdict.ts'
import { isScannerUserAgent } from './scanner-user-agent.ts'

export interface OpenSignals {
  readonly userAgent: string | null
  readonly method?: string | null
}

/**
 * Whether a person or a machine fetched the pixel. Apple Mail Privacy Protection loads every image unread and calls itself
 * `Mozilla/5.0` and nothing more; Gmail's and Yahoo's proxies fetch when a person opens.
 */
export const classifyOpen = ({ userAgent, method }: OpenSignals): ActorVerdict => {
  const isApplePrivacy = userAgent?.trim() === 'Mozilla/5.0'
  const isScanner = userAgent !== null && isScannerUserAgent(userAgent)
  return verdictOf((isApplePrivacy ? 5 : 0) + (isScanner ? 5 : 0) + (method?.toUpperCase() === 'HEAD' ? 5 : 0))
}
