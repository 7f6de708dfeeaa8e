import { silentLogger } from '@tobiishi/core'
import type { TransportResult } from '@tobiishi/core/ports'
import type { EngineTheme, Kit } from '../engine-world.ts'
import { mailed, subjects } from '../observations.ts'
import { model, nudge, thanks, tips } from '../shop.ts'

const price = 'https://shop.test/price'

/** A mail with two links. */
const guide = model.template('guide', {
  purpose: 'marketing',
  topic: 'onboarding',
  subject: ({ line }) => line`guide`,
  body: ({ text, footer }) => text`料金: ${price}\n使いかた: https://shop.test/how\n${footer()}`,
})

const browser = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1' }

/** A person follows the link of the contact's first mail. */
const click = async (kit: Kit, id: string, link: number): Promise<number> => {
  const mail = kit.outbox.find(({ to }) => to === `${id}@example.test`)
  const response = await kit.handler(new Request(mail?.links[link]?.href ?? '', { headers: browser }))
  return response.status
}

const firstId = async (kit: Kit, id: string): Promise<string> => (await kit.messages.ofContact(id)).at(-1)?.id ?? ''

const enter = async (kit: Kit, ...ids: string[]) => {
  for (const id of ids) await kit.track(id, 'page.viewed', { page: '/' })
  await kit.settle()
}

const last = async (kit: Kit, id: string) => (await mailed(kit, id)).at(-1)?.split(' ').at(-1)

/** Steps that act on what became of an earlier mail. */
export const actingOnMailCases: EngineTheme = ({ test, expect }) => {
  test('a branch on who clicked, on one link, or did not', async ({ start }) => {
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait, branch, clicked }) => [
        send('guide', guide),
        wait('a-day', '1 day'),
        branch('price', clicked('guide', { link: price }), {
          yes: [send('thanks', thanks)],
          no: [branch('any', clicked('guide'), { yes: [send('tips', tips)], no: [send('nudge', nudge)] })],
        }),
      ],
    })
    const kit = await start({ scenarios: [course] })
    await enter(kit, 'price', 'other', 'nothing', 'both')
    await kit.clock.advance('1 hour')
    expect(await click(kit, 'price', 0)).toBe(302)
    expect(await click(kit, 'other', 1)).toBe(302)
    for (const link of [1, 0]) await click(kit, 'both', link)
    await kit.clock.advance('2 days')
    expect(await Promise.all(['price', 'other', 'nothing', 'both'].map((id) => last(kit, id)))).toEqual([
      'thanks',
      'tips',
      'nudge',
      'thanks',
    ])
  })

  test('opened, by people only, and a click is an open', async ({ start }) => {
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait, branch, opened }) => [
        send('guide', guide),
        wait('a-day', '1 day'),
        branch('read', opened('guide'), { yes: [send('thanks', thanks)], no: [send('nudge', nudge)] }),
      ],
    })
    const kit = await start({ scenarios: [course] })
    await enter(kit, 'opens', 'clicks', 'scanner', 'nothing')
    await kit.clock.advance('1 hour')
    const open = async (id: string, userAgent: string) =>
      kit.ingest([{ messageId: await firstId(kit, id), kind: 'opened', userAgent }])
    await open('opens', browser['user-agent'])
    await open('scanner', 'Mozilla/5.0 (compatible; Barracuda Sentinel (EE))')
    await kit.ingest([
      { messageId: await firstId(kit, 'scanner'), kind: 'clicked', link: 0, method: 'HEAD', userAgent: 'curl/8' },
    ])
    await click(kit, 'clicks', 0)
    await kit.clock.advance('2 days')
    expect(await Promise.all(['opens', 'clicks', 'scanner', 'nothing'].map((id) => last(kit, id)))).toEqual([
      'thanks',
      'thanks',
      'nudge',
      'nudge',
    ])
  })

  test('sent or not, delivered, bounced', async ({ start }) => {
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, wait, branch, update, sent, delivered, bounced }) => [
        send('guide', guide),
        wait('a-day', '1 day'),
        branch('was-sent', sent('guide'), { yes: [update('s', { add: { tags: ['sent'] } })] }),
        branch('arrived', delivered('guide'), { yes: [update('d', { add: { tags: ['delivered'] } })] }),
        branch('came-back', bounced('guide'), { yes: [update('b', { add: { tags: ['bounced'] } })] }),
      ],
    })
    const refused: TransportResult = { kind: 'rejected', bounceClass: 'mailbox-full', answer: { code: '552' } }
    const kit = await start({
      scenarios: [course],
      answer: ({ envelope }) => (envelope.to.startsWith('refused') ? refused : undefined),
      logger: silentLogger,
    })
    await kit.contacts.identify('skipped', { email: 'skipped@example.test', consent: [] })
    await enter(kit, 'arrives', 'bounces', 'refused', 'skipped', 'silent')
    await kit.ingest([
      { messageId: await firstId(kit, 'arrives'), kind: 'delivered' },
      { messageId: await firstId(kit, 'bounces'), kind: 'bounced', bounceClass: 'mailbox-full' },
    ])
    await kit.clock.advance('2 days')
    const tags = async (id: string) => (await kit.contacts.get(id))?.attributes.tags ?? []
    expect(await tags('arrives')).toEqual(['sent', 'delivered'])
    expect(await tags('bounces')).toEqual(['sent', 'bounced'])
    expect(await tags('refused')).toEqual(['bounced'])
    expect(await tags('skipped')).toEqual([])
    expect(await tags('silent')).toEqual(['sent'])
  })

  test('waiting for a click, a segment or the time-out, each its own way', async ({ start }) => {
    const pros = model.segment('pros', ({ attribute }) => attribute('plan', '=', 'pro'))
    const course = model.scenario('course', {
      version: 1,
      enterOn: 'page.viewed',
      steps: ({ send, waitFor, clicked }) => [
        send('guide', guide),
        waitFor('reacts', {
          for: [
            { mail: clicked('guide'), steps: [send('tips', tips)] },
            { segment: pros, steps: [send('thanks', thanks)] },
          ],
          timeout: { after: '2 days', steps: [send('nudge', nudge)] },
        }),
      ],
    })
    const kit = await start({ scenarios: [course] })
    await enter(kit, 'clicks', 'upgrades', 'sleeps')
    await kit.clock.advance('20 hours')
    await click(kit, 'clicks', 0)
    await kit.contacts.identify('upgrades', { attributes: { plan: 'pro' } })
    await kit.settle()
    expect(subjects(kit).slice(3).toSorted()).toEqual(['thanks', 'tips'])
    await kit.clock.advance('3 days')
    expect(await mailed(kit, 'clicks')).toEqual(['2026-01-05 10:00 guide', '2026-01-06 06:00 tips'])
    expect(await mailed(kit, 'sleeps')).toEqual(['2026-01-05 10:00 guide', '2026-01-07 10:00 nudge'])
  })
}
