import { baseUrl, type Mail } from '../mail/index.ts'
import type { Deed, Ledger } from './ledger.ts'

export interface WebAnswer {
  readonly status: number
  readonly location: string | null
}

/** Does one deed in the real way: over HTTP against the mounted handler, or through the shop's own calls. */
export const doDeed = async (
  deed: Deed,
  world: { readonly mail: Mail; readonly ledger: Ledger; readonly web: string },
): Promise<void> => {
  const { mail, ledger } = world
  const url = String(deed.data.url ?? '')
  const at = new Date(deed.at)
  switch (deed.kind) {
    case 'pixel':
      return expectStatus(deed, await ask(world.web, url, { agent: String(deed.data.agent) }), 200)
    case 'scan':
    case 'click': {
      const answer = await ask(world.web, url, { agent: String(deed.data.agent) })
      expectStatus(deed, answer, 302)
      if (!answer.location?.startsWith('https://shop.example.jp/')) throw new Error(`A link of ${deed.key} led elsewhere`)
      return
    }
    case 'one-click':
      return expectStatus(deed, await ask(world.web, url, { form: 'List-Unsubscribe=One-Click' }), 200)
    case 'leave-page': {
      const page = await ask(world.web, url, {})
      expectStatus(deed, page, 200)
      return expectStatus(deed, await ask(world.web, url, { form: new URLSearchParams(page.fields).toString() }), 200)
    }
    case 'buy': {
      const contact = await mail.contacts.findByEmail(deed.who)
      if (!contact) throw new Error(`${deed.key} is no customer`)
      return mail.track(
        contact.id,
        'order.placed',
        { total: Number(deed.data.total), items: 1 },
        { id: `W${deed.key}`, occurredAt: at },
      )
    }
    case 'register': {
      const { id, family, given, organisation, department, plan, birthday } = deed.data as { [name: string]: string }
      const name = Object.fromEntries(Object.entries({ family, given, organisation, department }).filter(([, part]) => part))
      const evidence = { source: 'form:/register', statement: '飛石ショップからのお知らせを受け取る' }
      await mail.contacts.identify(
        String(id),
        {
          email: deed.who,
          name,
          locale: 'ja',
          attributes: { plan: plan === 'pro' ? 'pro' : 'free', ...(birthday ? { birthday } : {}) },
          consent: [{ basis: 'opt-in', evidence, occurredAt: at }],
        },
        { occurredAt: at },
      )
      return mail.track(String(id), 'member.registered', { shop: 'web' }, { id: `register-${id}`, occurredAt: at })
    }
    case 'ask': {
      const { number, family, given, brochure, consent } = deed.data as { [name: string]: string }
      const known = await mail.contacts.findByEmail(deed.who)
      const id = known?.id ?? `lead-${number}`
      if (!known)
        await mail.contacts.identify(
          id,
          {
            email: deed.who,
            name: { ...(family ? { family } : {}), ...(given ? { given } : {}) },
            locale: 'ja',
            attributes: { plan: 'free' },
          },
          { occurredAt: at },
        )
      if (consent)
        await mail.consent.grant(id, {
          basis: 'opt-in',
          topics: ['education'],
          occurredAt: at,
          evidence: { source: 'form:/brochure', statement: '庭づくり講座のメールを受け取る' },
        })
      if (brochure) return mail.track(id, 'brochure.requested', { brochure }, { id: String(number), occurredAt: at })
      return mail.track(id, 'inquiry.received', { number: String(number) }, { id: String(number), occurredAt: at })
    }
  }
  void ledger
}

interface Answer extends WebAnswer {
  /** Hidden and chosen fields of the page's form. */
  readonly fields: Record<string, string>
}

/** One request to the shop's web server, whose public name stands for this machine's loopback. */
const ask = async (web: string, url: string, request: { readonly agent?: string; readonly form?: string }): Promise<Answer> => {
  if (!url.startsWith(baseUrl)) throw new Error('A mail led outside the shop')
  const response = await fetch(web + new URL(url).pathname, {
    redirect: 'manual',
    headers: {
      'user-agent': request.agent ?? 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0',
      'accept-language': 'ja',
      ...(request.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(request.form === undefined ? {} : { method: 'POST', body: request.form }),
  })
  const body = await response.text()
  return { status: response.status, location: response.headers.get('location'), fields: fieldsOf(body) }
}

const fieldsOf = (page: string): Record<string, string> => {
  const fields: Record<string, string> = {}
  for (const [tag] of page.matchAll(/<(?:input|button)[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1]
    const isRadio = /type="radio"/.test(tag)
    if (name && (!isRadio || /\bchecked\b/.test(tag))) fields[name] = /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? ''
  }
  return fields
}

const expectStatus = (deed: Deed, answer: WebAnswer, status: number): void => {
  if (answer.status !== status) throw new Error(`${deed.key} was answered ${answer.status} instead of ${status}`)
}
