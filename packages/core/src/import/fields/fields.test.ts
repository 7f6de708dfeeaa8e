import { describe, expect, it } from 'vitest'
import { parseAmount } from './parse-amount.ts'
import { parseConsent } from './parse-consent.ts'
import { parseLocalDate } from './parse-local-date.ts'
import { parseLocalInstant } from './parse-local-instant.ts'

describe('fields of real files', () => {
  it.each([
    ['12,800円', 12_800],
    ['¥12,800', 12_800],
    ['１２，８００', 12_800],
    ['△1,200', -1_200],
    ['(1,200)', -1_200],
    ['-300', -300],
    ['12.5', 12.5],
    ['1.23E+10', null],
    ['無料', null],
    ['', null],
  ])('amount %s is %s', (cell, expected) => expect(parseAmount(cell)).toBe(expected))

  it.each([
    ['1985/4/1', '1985-04-01'],
    ['1985-04-01', '1985-04-01'],
    ['19850401', '1985-04-01'],
    ['S60.4.1', '1985-04-01'],
    ['昭和60年4月1日', '1985-04-01'],
    ['令和元年5月1日', '2019-05-01'],
    ['31138', '1985-04-01'],
    ['１９８５年４月１日', '1985-04-01'],
    ['2023/2/29', null],
    ['0000/00/00', null],
    ['4/1', null],
  ])('date %s is %s', (cell, expected) => expect(parseLocalDate(cell)).toBe(expected))

  it.each([
    ['2026/01/05 10:00', '2026-01-05T01:00:00.000Z'],
    ['2026年1月5日 午後3時05分', '2026-01-05T06:05:00.000Z'],
    ['2026-01-05T10:00:00+09:00', '2026-01-05T01:00:00.000Z'],
    ['2026/1/5', '2026-01-04T15:00:00.000Z'],
    ['2026/1/5 25:00', null],
  ])('instant %s is %s', (cell, expected) => {
    const instant = parseLocalInstant(cell, 'Asia/Tokyo')
    expect(instant === null ? null : new Date(instant).toISOString()).toBe(expected)
  })

  it.each([
    ['希望する', 'granted'],
    ['○', 'granted'],
    ['１', 'granted'],
    ['しない', 'withdrawn'],
    ['×', 'withdrawn'],
    ['', 'none'],
    ['たぶん', null],
  ])('consent %s is %s', (cell, expected) => expect(parseConsent(cell)).toBe(expected))
})
