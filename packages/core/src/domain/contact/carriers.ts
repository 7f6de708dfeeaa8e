/** Company that runs the mail of a Japanese mobile brand. */
export type Carrier = 'docomo' | 'au' | 'uq' | 'softbank' | 'ymobile' | 'rakuten'

const domains: ReadonlyMap<string, Carrier> = new Map([
  ['docomo.ne.jp', 'docomo'],
  ['ezweb.ne.jp', 'au'],
  ['au.com', 'au'],
  ['biz.au.com', 'au'],
  ['uqmobile.jp', 'uq'],
  ['softbank.ne.jp', 'softbank'],
  ['i.softbank.jp', 'softbank'],
  ['disney.ne.jp', 'softbank'],
  ['ymobile.ne.jp', 'ymobile'],
  ['y-mobile.ne.jp', 'ymobile'],
  ['willcom.com', 'ymobile'],
  ['pdx.ne.jp', 'ymobile'],
  ['emnet.ne.jp', 'ymobile'],
  ['emobile.ne.jp', 'ymobile'],
  ['rakumail.jp', 'rakuten'],
])

const families: readonly (readonly [RegExp, Carrier])[] = [
  [/^[^.]+\.ezweb\.ne\.jp$/, 'au'],
  [/^[dhtckrnsq]\.vodafone\.ne\.jp$/, 'softbank'],
  [/^jp-[ktqsnchdr]\.ne\.jp$/, 'softbank'],
  [/^[^.]+\.pdx\.ne\.jp$/, 'ymobile'],
]

/** The carrier behind a normalised domain, null for any other (facts §1). */
export const carrierOf = (domain: string): Carrier | null =>
  domains.get(domain) ?? families.find(([pattern]) => pattern.test(domain))?.[1] ?? null
