import { or } from '@tobiishi/core'
import * as z from 'zod'
import type { EngineTheme } from '../engine-world.ts'
import { ledger, rejection, subjects } from '../observations.ts'
import { model } from '../shop.ts'

const offer = (subject: string, extra: Record<never, never> | { readonly coupon: z.ZodString } = {}) =>
  model.template('offer', {
    purpose: 'marketing',
    topic: 'onboarding',
    props: z.object({ brochure: z.string(), ...extra }),
    subject: ({ line, props, recipient }) => line`${subject} ${props.brochure} ${or(recipient.name.family, 'お客様')}`,
    body: ({ text, footer }) => text`本文\n${footer()}`,
  })

/** In the evening, and again the evening after. */
const course = (template: ReturnType<typeof offer>) =>
  model.scenario('course', {
    version: 1,
    enterOn: 'brochure.requested',
    window: { from: '18:00', to: '20:00' },
    steps: ({ send, wait, event }) => [
      send('one', template, { brochure: event.brochure }),
      wait('a-day', '1 day'),
      send('two', template, { brochure: event.brochure }),
    ],
  })

/** Texts, props and the contact's own values: when each is fixed. */
export const textCases: EngineTheme = ({ test, expect }) => {
  test('a new text reaches those who are under way, without a new version', async ({ start }) => {
    const before = await start({ scenarios: [course(offer('old'))] })
    await before.contacts.identify('c_1', { email: 'a@example.test', name: { family: '山田' } })
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.clock.advance('9 hours')
    expect(subjects(before)).toEqual(['old A 山田'])
    const after = await start({ now: '2026-01-06T01:00:00Z', scenarios: [course(offer('new'))] })
    await after.clock.advance('1 day')
    expect(subjects(after)).toEqual(['new A 山田'])
  })

  test("props are fixed when the mail is queued, the contact's values are read when it goes out", async ({ start }) => {
    const kit = await start({ scenarios: [course(offer('offer'))] })
    await kit.contacts.identify('c_1', { email: 'a@example.test', name: { family: '山田' } })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' }, { id: 'r1' })
    await kit.clock.advance('1 hour')
    expect(await ledger(kit)).toEqual(['offer queued'])
    await kit.contacts.identify('c_1', { email: 'new@example.test', name: { family: '佐藤' } })
    await kit.track('c_1', 'brochure.requested', { brochure: 'B' }, { id: 'r2' })
    await kit.clock.advance('12 hours')
    expect(kit.outbox.map(({ to, subject }) => `${to} ${subject}`)).toEqual(['new@example.test offer A 佐藤'])
  })

  test('a text that asks for what an active version cannot give is refused, until nobody is in that version', async ({
    start,
  }) => {
    const kit = await start({ scenarios: [course(offer('old'))] })
    await kit.contacts.identify('c_1', { email: 'a@example.test', name: { family: '山田' } })
    await kit.track('c_1', 'brochure.requested', { brochure: 'A' })
    await kit.settle()
    const asking = offer('new', { coupon: z.string() })
    const second = (inFlight: 'pin' | 'exit') =>
      model.scenario('course', {
        version: 2,
        inFlight,
        enterOn: 'brochure.requested',
        steps: ({ send, event }) => [send('one', asking, { brochure: event.brochure, coupon: 'C' } as never)],
      })
    const refusal = await rejection(start({ scenarios: [second('pin')] }))
    expect(refusal.code).toBe('template.invalid')
    expect(['offer', 'coupon', 'one'].filter((part) => !refusal.message.includes(part))).toEqual([])
    await kit.clock.advance('3 days')
    expect((await ledger(kit)).toSorted()).toEqual(['offer sent', 'offer sent'])
    await start({ now: '2026-01-08T01:00:00Z', scenarios: [second('pin')] })
  })
}
