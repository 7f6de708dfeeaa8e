import { Parser } from 'htmlparser2'
import type { ParsedMail } from 'mailparser'
import { fixed } from '../data/random.ts'
import type { Deed } from './ledger.ts'

const minute = 60_000
const hour = 60 * minute

export const agents = {
  person: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
  /** Apple Mail Privacy Protection names itself just so. */
  apple: 'Mozilla/5.0',
  scanner: 'Mozilla/5.0 (compatible; Proofpoint URL Defense)',
} as const

/**
 * What the reader of one mail will do, read off the MIME that arrived: image addresses, link addresses, the one-click header.
 * Fixed by mail and person alone, so that a killed run goes on with the same people.
 */
export const planReactions = ({
  id,
  to,
  at,
  mail,
}: {
  readonly id: string
  readonly to: string
  readonly at: number
  readonly mail: ParsedMail
}): Deed[] => {
  const html = typeof mail.html === 'string' ? mail.html : ''
  const { images, links } = addressesIn(html)
  const pixel = images.find((src) => src.includes('/mail/o/'))
  const tracked = links.filter((href) => href.includes('/mail/c/'))
  const leave = links.find((href) => href.includes('/mail/u/')) ?? null
  // Who someone is does not change from mail to mail; what they do with one does.
  const nature = (name: string) => fixed(name, to)
  const mood = (name: string) => fixed(name, to, mail.subject ?? '')
  const deed = (kind: Deed['kind'], delay: number, data: Deed['data'], part = ''): Deed => ({
    key: `${kind}:${id}${part}`,
    at: at + Math.round(delay),
    kind,
    who: to,
    data: { ...data, mail: id },
  })
  const deeds: Deed[] = []

  if (to.endsWith('@shop.example.net')) {
    for (const [index, url] of tracked.entries())
      deeds.push(deed('scan', 1_500 + index * 400, { url, agent: agents.scanner }, `:${index}`))
  }
  const hasApple = nature('apple') < 0.2
  if (pixel && hasApple)
    deeds.push(deed('pixel', 30_000 + mood('apple-delay') * 5 * minute, { url: pixel, agent: agents.apple }, ':apple'))

  const reads = mood('reads') < 0.15 + 0.5 * nature('interest')
  const readsAfter = 5 * minute + mood('when') ** 2 * 20 * hour
  if (!reads) return deeds
  if (pixel && !hasApple) deeds.push(deed('pixel', readsAfter, { url: pixel, agent: agents.person }))
  const link = tracked[Math.floor(mood('which') * tracked.length)]
  if (link && mood('clicks') < 0.3) {
    deeds.push(deed('click', readsAfter + 40_000, { url: link, agent: agents.person }))
    if (mood('again') < 0.2) deeds.push(deed('click', readsAfter + 3 * minute, { url: link, agent: agents.person }, ':again'))
    if (mood('buys') < 0.2)
      deeds.push(
        deed('buy', readsAfter + hour + mood('ponders') * 30 * hour, { total: 1_480 + Math.floor(mood('spends') * 20) * 500 }),
      )
  }
  const oneClick = /^<(https:[^>]+)>/.exec(listUnsubscribe(mail))?.[1]
  if (mood('leaves') < 0.06) {
    if (oneClick && nature('way') < 0.6) deeds.push(deed('one-click', readsAfter + 2 * minute, { url: oneClick }))
    else if (leave) deeds.push(deed('leave-page', readsAfter + 2 * minute, { url: leave }))
  }
  return deeds
}

const listUnsubscribe = (mail: ParsedMail): string => {
  const line = mail.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? ''
  return line.replace(/^[^:]*:\s*/, '').replace(/\r?\n\s+/g, '')
}

const addressesIn = (html: string): { readonly images: string[]; readonly links: string[] } => {
  const images: string[] = []
  const links: string[] = []
  const parser = new Parser({
    onopentag: (name, { src, href }) => {
      if (name === 'img' && src) images.push(src)
      if (name === 'a' && href) links.push(href)
    },
  })
  parser.end(html)
  return { images, links }
}
