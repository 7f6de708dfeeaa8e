const slips: ReadonlyMap<string, string> = new Map([
  ['gmial.com', 'gmail.com'],
  ['gmal.com', 'gmail.com'],
  ['gmai.com', 'gmail.com'],
  ['gmail.co', 'gmail.com'],
  ['gmail.co.jp', 'gmail.com'],
  ['gmail.ne.jp', 'gmail.com'],
  ['gamil.com', 'gmail.com'],
  ['gnail.com', 'gmail.com'],
  ['gmaill.com', 'gmail.com'],
  ['docomo.co.jp', 'docomo.ne.jp'],
  ['docomo.ne', 'docomo.ne.jp'],
  ['docomo.jp', 'docomo.ne.jp'],
  ['dokomo.ne.jp', 'docomo.ne.jp'],
  ['ezweb.co.jp', 'ezweb.ne.jp'],
  ['ezweb.jp', 'ezweb.ne.jp'],
  ['ezewb.ne.jp', 'ezweb.ne.jp'],
  ['sofbank.ne.jp', 'softbank.ne.jp'],
  ['i.softbank.ne.jp', 'i.softbank.jp'],
  ['i.softbank.co.jp', 'i.softbank.jp'],
  ['yaho.co.jp', 'yahoo.co.jp'],
  ['yahho.co.jp', 'yahoo.co.jp'],
  ['yahoo.co', 'yahoo.co.jp'],
  ['yahoo.jp', 'yahoo.co.jp'],
  ['hotmial.com', 'hotmail.com'],
  ['hotmai.com', 'hotmail.com'],
  ['outlok.com', 'outlook.com'],
  ['iclod.com', 'icloud.com'],
  ['icloud.co.jp', 'icloud.com'],
])

/** The domain that was probably meant, null if nothing looks wrong. A hint for people: addresses are never corrected by it. */
export const addressHint = (domain: string): string | null => {
  const slip = slips.get(domain)
  if (slip !== undefined) return slip
  return domain.endsWith('.con') ? domain.replace(/con$/, 'com') : null
}
