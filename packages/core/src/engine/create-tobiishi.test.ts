import { describe, expect, it } from 'vitest'
import { hello, model, onboarding, plain } from '../../test/shop.ts'
import { createTobiishi, type TobiishiOptions } from '../index.ts'
import { memoryStorage } from '../memory/index.ts'
import { outboxTransport } from '../testing/index.ts'

const sender = { legalName: '株式会社飛石', displayName: '飛石', email: 'a@shop.test', postalAddress: '東京都', contact: '03-0' }
const good: TobiishiOptions<typeof model> = {
  model,
  scenarios: [onboarding],
  storage: memoryStorage(),
  transport: outboxTransport(),
  senders: { default: sender },
  baseUrl: 'https://shop.test/mail/',
  secrets: [{ id: 'k1', value: 'x'.repeat(32) }],
  addressKey: 'y'.repeat(32),
}
/** As plain JavaScript, or an environment that lacks a variable, would call it. */
const create = (wrong: Record<string, unknown>) => () => createTobiishi({ ...good, ...wrong } as typeof good)

describe('createTobiishi', () => {
  it('starts with good options and takes the templates of its scenarios along', async () => {
    await expect(createTobiishi(good).prepare()).resolves.toBeUndefined()
  })

  it.each([
    ['baseUrl', { baseUrl: 'shop.test/mail' }, /baseUrl.*http or https/],
    ['a missing baseUrl', { baseUrl: undefined }, /baseUrl.*missing/],
    ['timeZone', { timeZone: 'Tokyo' }, /timeZone.*IANA/],
    ['audience', { audience: 'everybody' }, /audience.*consumer or business/],
    ['secrets', { secrets: undefined }, /secrets.*missing/],
    ['a missing secret value', { secrets: [{ id: 'k1' }] }, /secrets\.0\.value.*missing/],
    ['addressKey', { addressKey: undefined }, /addressKey.*missing/],
    ['senders without default', { senders: { news: sender } }, /senders.*default/],
    [
      'a sender without postal address',
      { senders: { default: { ...sender, postalAddress: '' } } },
      /senders\.default\.postalAddress/,
    ],
    ['quiet hours', { quietHours: { from: '25:00', to: '08:00' } }, /quietHours\.from.*time of day/],
    ['quiet hours without length', { quietHours: { from: '08:00', to: '08:00' } }, /quietHours.*the same/],
    ['handlers', { handlers: { coupon: 'issue' } }, /handlers\.coupon.*function/],
    ['the limit of a cap', { caps: [{ name: 'a', per: 'day', limit: 0 }] }, /caps\.0\.limit.*above 0/],
    ['a cap of half a mail', { caps: [{ name: 'a', per: 'day', limit: 1.5 }] }, /caps\.0\.limit.*whole number/],
    ['the span of a cap', { caps: [{ name: 'a', per: 'year', limit: 1 }] }, /caps\.0\.per.*day, week or month/],
    ['the policy of a cap', { caps: [{ name: 'a', per: 'day', limit: 1, policy: 'drop' }] }, /caps\.0\.policy/],
    [
      'two caps of one name',
      { caps: Array.from({ length: 2 }, () => ({ name: 'a', per: 'day', limit: 1 })) },
      /caps.*the same name/,
    ],
    ['the topic of a cap', { caps: [{ name: 'a', per: 'day', limit: 1, topic: 'sport' }] }, /'a'.*'sport'/],
    ['a missing storage', { storage: undefined }, /storage: is missing/],
    ['a storage that is still a promise', { storage: Promise.resolve(memoryStorage()) }, /storage: is missing or no storage/],
    ['a missing transport', { transport: undefined }, /transport: is missing/],
    ['a missing model', { model: undefined }, /model: is missing.*defineModel/],
    ['a scenario that is none', { scenarios: [{ name: 'x' }] }, /scenarios\.0: is no scenario/],
    ['a template instead of a list', { templates: hello }, /templates: must be a list/],
    [
      'a misspelt option',
      { quietHour: { from: '21:00', to: '08:00' } },
      /quietHour: is not known here \(did you mean quietHours\?\)/,
    ],
    ['an option that there is not', { colour: 'red' }, /colour: is not known here\./],
    ['a misspelt option of retry', { retry: { atempts: 3 } }, /retry\.atempts: is not known here \(did you mean attempts\?\)/],
    ['a misspelt option of a cap', { caps: [{ name: 'a', per: 'day', limit: 1, polcy: 'skip' }] }, /caps\.0\.polcy.*policy/],
    ['a misspelt option of attribution', { attribution: { event: ['order.placed'], events: [] } }, /attribution\.event:.*events/],
    ['an unknown attribution event', { attribution: { events: ['order.shipped'] } }, /order\.shipped/],
  ])('says what is wrong with %s', (_what, wrong, sentence) => {
    expect(create(wrong)).toThrow(expect.objectContaining({ code: 'config.invalid', message: expect.stringMatching(sentence) }))
  })

  it('names everything that is wrong at once', () => {
    expect(create({ timeZone: 'x', baseUrl: 'y' })).toThrow(/baseUrl.*timeZone|timeZone.*baseUrl/)
    expect(() => createTobiishi({} as typeof good)).toThrow(/model.*storage.*transport.*secrets.*addressKey.*senders.*baseUrl/)
    expect(() => createTobiishi(undefined as unknown as typeof good)).toThrow(expect.objectContaining({ code: 'config.invalid' }))
  })

  it('refuses short secrets, the address key among them', () => {
    expect(create({ secrets: [{ id: 'k1', value: 'short' }] })).toThrow(
      expect.objectContaining({ code: 'config.secret_too_short' }),
    )
    expect(create({ addressKey: 'short' })).toThrow(expect.objectContaining({ code: 'config.secret_too_short' }))
  })

  it('refuses two templates or scenarios of one name', () => {
    const other = plain('hello')
    expect(create({ templates: [other] })).toThrow(/two templates named 'hello'/)
    expect(create({ templates: [hello] })).not.toThrow()
    expect(create({ scenarios: [onboarding, onboarding] })).toThrow(/two scenarios named 'onboarding'/)
  })

  it('refuses a template whose sender is not among the senders', () => {
    const fromSupport = model.template('support', {
      purpose: 'transactional',
      sender: 'support',
      subject: ({ line }) => line`x`,
      body: ({ text }) => text`x`,
    })
    expect(create({ templates: [fromSupport] })).toThrow(/'support'.*senders/)
  })
})
