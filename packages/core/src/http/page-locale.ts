export type PageLocale = 'ja' | 'en'

/** The contact's language, else the browser's first that there is a page in, else the app's. */
export function pageLocale(contactLocale: string | null, acceptLanguage: string | null, fallback: PageLocale): PageLocale {
  return (contactLocale === null ? null : known(contactLocale)) ?? preferred(acceptLanguage ?? '') ?? fallback
}

function known(tag: string): PageLocale | null {
  const language = tag.trim().toLowerCase().split(/[-_]/)[0]
  return language === 'ja' || language === 'en' ? language : null
}

/** RFC 9110 §12.5.4: languages with weights, the first of equal ones first. */
function preferred(header: string): PageLocale | null {
  const wishes = header.split(',').flatMap((wish) => {
    const [tag = '', ...parameters] = wish.split(';')
    const locale = known(tag)
    const weight = Number(/^\s*q=([\d.]+)\s*$/.exec(parameters[0] ?? '')?.[1] ?? 1)
    return locale === null || weight === 0 ? [] : [{ locale, weight }]
  })
  return wishes.toSorted((a, b) => b.weight - a.weight)[0]?.locale ?? null
}
