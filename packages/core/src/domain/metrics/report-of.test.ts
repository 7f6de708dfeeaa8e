import { describe, expect, it } from 'vitest'
import { rateOf, ratioOf } from './rate.ts'
import type { ReportCounts } from './report-counts.ts'
import { reportOf } from './report-of.ts'
import { wilson } from './wilson.ts'

const nothing: ReportCounts = {
  sent: 0,
  sentHtml: 0,
  bounced: 0,
  bouncedHtml: 0,
  bouncedByClass: {},
  failed: 0,
  unknown: 0,
  queued: 0,
  skippedByReason: {},
  openers: 0,
  humanOpeners: 0,
  clickers: 0,
  humanClickers: 0,
  htmlClickers: 0,
  clicks: 0,
  humanClicks: 0,
  complained: 0,
  unsubscribed: 0,
  leftContacts: 0,
  registeredContacts: 0,
  converters: 0,
  conversionValue: 0,
}
const report = (counts: Partial<ReportCounts>) => reportOf({ ...nothing, ...counts })

describe('wilson', () => {
  it.each([
    [0, 10, 0, 0.277533],
    [1, 10, 0.017876, 0.40415],
    [5, 10, 0.236593, 0.763407],
    [10, 10, 0.722467, 1],
    [230, 1000, 0.20498, 0.257087],
    [3, 500, 0.002043, 0.01749],
  ])('%i of %i', (k, n, low, high) => {
    const interval = wilson(k, n)
    expect(interval?.[0]).toBeCloseTo(low, 6)
    expect(interval?.[1]).toBeCloseTo(high, 6)
  })

  it('is exact at the edges and absent where there is nothing', () => {
    expect([wilson(0, 7)?.[0], wilson(7, 7)?.[1]]).toEqual([0, 1])
    expect([wilson(0, 0), wilson(3, 2), wilson(-1, 2)]).toEqual([null, null, null])
  })
})

describe('rates', () => {
  it('are null of nothing, not 0 and not NaN', () => {
    expect(rateOf(0, 0)).toEqual({ numerator: 0, denominator: 0, rate: null, interval: null })
  })

  it('have no interval where the numerator may pass the denominator', () => {
    expect(ratioOf(12, 10)).toEqual({ numerator: 12, denominator: 10, rate: 1.2, interval: null })
  })
})

describe('reportOf', () => {
  it('1,000 sent and 950 delivered are 5 % 不達', () => {
    const { delivered, bounceRate, deliveryRate } = report({ sent: 1_000, bounced: 50 })
    expect(delivered).toBe(950)
    expect(bounceRate).toMatchObject({ numerator: 50, denominator: 1_000, rate: 0.05 })
    expect(deliveryRate).toMatchObject({ numerator: 950, denominator: 1_000, rate: 0.95 })
  })

  it('1,000 registered and 30 left are 3 % 購読解除率', () => {
    const { unsubscribeRate } = report({ leftContacts: 30, registeredContacts: 1_000 })
    expect(unsubscribeRate).toMatchObject({ numerator: 30, denominator: 1_000, rate: 0.03 })
  })

  it('opens are measured over delivered HTML mail, clicks over all that was delivered', () => {
    const counts = { sent: 1_000, sentHtml: 600, bounced: 100, bouncedHtml: 50, openers: 110, humanOpeners: 55 }
    const { openRate, humanOpenRate, clickRate, clickToOpenRate, totalClickRate } = report({
      ...counts,
      clickers: 45,
      htmlClickers: 22,
      clicks: 1_800,
    })
    expect(openRate).toMatchObject({ denominator: 550, rate: 0.2 })
    expect(humanOpenRate.rate).toBe(0.1)
    expect(clickRate).toMatchObject({ denominator: 900, rate: 0.05 })
    expect(clickToOpenRate).toMatchObject({ numerator: 22, denominator: 110, rate: 0.2 })
    expect(totalClickRate).toEqual({ numerator: 1_800, denominator: 900, rate: 2, interval: null })
  })

  it('text-only mail has no open rate, and yet a click rate', () => {
    const { openRate, humanOpenRate, clickToOpenRate, clickRate } = report({ sent: 100, clickers: 10, clicks: 12 })
    expect([openRate.rate, humanOpenRate.rate, clickToOpenRate.rate]).toEqual([null, null, null])
    expect(clickRate.rate).toBe(0.1)
  })

  it('counts leaving, converting and complaining by mail over what was delivered', () => {
    const { unsubscribePerMailRate, conversionRate, complaintRate } = report({
      sent: 1_010,
      bounced: 10,
      unsubscribed: 5,
      converters: 20,
      complained: 1,
    })
    expect([unsubscribePerMailRate.rate, conversionRate.rate, complaintRate.rate]).toEqual([0.005, 0.02, 0.001])
  })

  it('leaves unknown, failed, skipped and queued mail out of every rate', () => {
    const { deliveryRate, unknown, failed, queued, skippedByReason } = report({
      sent: 10,
      unknown: 3,
      failed: 2,
      queued: 4,
      skippedByReason: { 'no-consent': 7 },
    })
    expect(deliveryRate.denominator).toBe(10)
    expect({ unknown, failed, queued, skippedByReason }).toEqual({
      unknown: 3,
      failed: 2,
      queued: 4,
      skippedByReason: { 'no-consent': 7 },
    })
  })

  it('is null all over where nothing was sent', () => {
    const { openRate, clickRate, bounceRate, complaintRate, unsubscribeRate } = report({})
    for (const { rate, interval } of [openRate, clickRate, bounceRate, complaintRate, unsubscribeRate]) {
      expect([rate, interval]).toEqual([null, null])
    }
  })
})
