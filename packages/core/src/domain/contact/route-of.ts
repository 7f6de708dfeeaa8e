import { type Carrier, carrierOf } from './carriers.ts'
import type { Route } from './contact.ts'

const byCarrier: { readonly [C in Carrier]: Route } = {
  docomo: 'docomo',
  au: 'au',
  uq: 'au',
  softbank: 'softbank',
  ymobile: 'softbank',
  rakuten: 'rakuten',
}

/** Yahoo! JAPAN is another company than Yahoo, so its patterns go first (facts §3). */
const providers: readonly (readonly [RegExp, Route])[] = [
  [/^(gmail|googlemail)\.com$/, 'gmail'],
  [/^(yahoo\.co\.jp|yahoo\.ne\.jp|ybb\.ne\.jp)$/, 'yahoo-japan'],
  [/^(yahoo(\.com?)?\.[a-z]{2}|(yahoo|ymail|rocketmail|aol)\.com)$/, 'yahoo'],
  [/^((outlook|hotmail|live)(\.com?)?\.[a-z]{2}|(outlook|hotmail|live|msn|passport)\.com)$/, 'outlook'],
  [/^(icloud|me|mac)\.com$/, 'icloud'],
]

/** The provider group of a normalised recipient domain. A company's own domain is `other`, whoever hosts it: no DNS is asked. */
export const routeOf = (domain: string): Route => {
  const carrier = carrierOf(domain)
  if (carrier !== null) return byCarrier[carrier]
  return providers.find(([pattern]) => pattern.test(domain))?.[1] ?? 'other'
}
