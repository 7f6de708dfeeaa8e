import { describe, expect, it } from 'vitest'
import { calendar, elapsed, iso, live, mails, scenario, send, tokyo, wait } from '../../../test/fixtures/scenario-life.ts'
import { hour } from '../time/instant.ts'
import { parseInstant } from '../time/parse-instant.ts'
import type { SendWindow } from './scenario-definition.ts'

const night = tokyo('2026-01-05T22:30')
const quietHours = { from: '21:00', to: '08:00' }
const window: SendWindow = { days: 'business', from: '06:00', to: '22:00' }
const hello = scenario([send('hello', null)], { window })

describe('quiet hours', () => {
  it('hold marketing mail until they are over, inside of the window', () => {
    expect(mails(live(hello, night).effects)).toEqual(['hello 2026-01-06T06:00'])
    expect(mails(live(hello, night, { quietHours }).effects)).toEqual(['hello 2026-01-06T08:00'])
  })

  it('are those of the contact', () => {
    const { effects } = live(scenario([send('hello', null)]), night, { quietHours, timeZone: 'Europe/Berlin' })
    expect(effects).toMatchObject([{ runAt: night }])
  })

  it('do not hold transactional mail, which the window holds all the same', () => {
    const life = { quietHours, transactional: ['hello'] }
    expect(mails(live(hello, night, life).effects)).toEqual(['hello 2026-01-06T06:00'])
    expect(mails(live(scenario([send('hello', null)]), night, life).effects)).toEqual(['hello 2026-01-05T22:30'])
  })
})

describe('an urgent notice', () => {
  const urgent = scenario([send('notice', null, { urgent: 'outage of the service' })], { window })

  it('passes window and quiet hours, and says why', () => {
    const { effects } = live(urgent, night, { quietHours, transactional: ['notice'] })
    expect(effects).toMatchObject([{ plannedAt: night, runAt: night, urgent: 'outage of the service' }])
  })

  it('is transactional mail only: marketing is never urgent', () => {
    const { effects } = live(urgent, night, { quietHours })
    expect(effects).toMatchObject([{ runAt: tokyo('2026-01-06T08:00'), urgent: null }])
  })

  it('does not bring the mail after it closer to the mail before it', () => {
    const definition = scenario(
      [
        wait('a', elapsed(hour), 'one'),
        send('one', 'notice'),
        send('notice', 'b', { urgent: 'outage' }),
        wait('b', elapsed(hour), 'two'),
        send('two', null),
      ],
      { window: { days: 'any', from: '12:00', to: '20:00' } },
    )
    const { effects } = live(definition, tokyo('2026-01-05T08:00'), { transactional: ['notice'] })
    expect(mails(effects)).toEqual(['one 2026-01-05T12:00', 'notice 2026-01-05T12:00', 'two 2026-01-05T13:00'])
  })
})

describe('the gap between two mails', () => {
  it('is the one that the scenario sets', () => {
    const spaced = scenario(
      [
        wait('a', elapsed(hour), 'one'),
        send('one', 'b', { late: 'send' }),
        wait('b', calendar({ days: 1 }), 'two'),
        send('two', null, { late: 'send' }),
      ],
      { minGap: 3 * hour },
    )
    const start = tokyo('2026-01-05T09:00')
    const late = live(spaced, start, {}, tokyo('2026-01-09T09:00'))
    expect(mails(late.effects)).toEqual(['one 2026-01-09T09:00', 'two 2026-01-09T12:00'])
  })
})

describe('a leap day and a change of the clocks', () => {
  it('keep nine o clock', () => {
    const monthly = scenario([
      wait('a', calendar({ months: 1, at: '09:00' }), 'one'),
      send('one', 'b'),
      wait('b', calendar({ days: 1, at: '09:00' }), 'two'),
      send('two', null),
    ])
    const { effects } = live(monthly, parseInstant('2028-01-29T20:00-05:00'), { timeZone: 'America/New_York' })
    expect(effects.map((effect) => effect.kind === 'queue' && iso(effect.runAt))).toEqual([
      '2028-02-29T23:00',
      '2028-03-01T23:00',
    ])
  })
})
