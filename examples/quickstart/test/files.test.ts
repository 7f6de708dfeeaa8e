import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { awkwardRows } from '../data/awkward-rows.ts'
import { readCustomers } from '../files/read-customers.ts'
import { readInquiries } from '../files/read-inquiries.ts'
import { readOrders } from '../files/read-orders.ts'

const bytes = (name: string) => readFileSync(new URL(`../data/${name}`, import.meta.url))
const file = readCustomers(bytes('customers.csv'))

describe('customers.csv', () => {
  it('is CP932 with titles above and a total below', () => {
    expect(file.table).toMatchObject({ encoding: 'cp932', headerLine: 4 })
    expect(file.table.ignored.map(({ why }) => why)).toContain('total')
  })

  it('is accounted for to the row', () => {
    expect(file.customers.length + file.refused.length + file.merged.length).toBe(972 + awkwardRows.length)
  })

  it.each(awkwardRows.map((row) => [row.why, row] as const))('%s', (_why, { cells, expect: outcome }) => {
    if ('refused' in outcome) {
      const refused = file.refused.find((row) => row.cells[0] === cells[0] && row.cells[5] === cells[5])
      expect(refused?.reason).toContain(outcome.refused)
      return
    }
    if ('merged' in outcome) {
      expect(file.merged.map(({ into }) => into)).toContain(outcome.merged)
      return
    }
    const { hint, taken } = { hint: null, ...outcome }
    const customer = file.customers.find(({ id }) => id === (taken.id ?? cells[0]))
    expect(customer).toMatchObject(taken)
    if (hint !== null) expect(file.table.hints.find(({ line }) => line === customer?.line)?.hint).toContain(hint)
  })
})

describe('orders.csv', () => {
  it('groups items into orders and keeps cancelled and returned ones out', () => {
    const orders = readOrders(bytes('orders.csv'))
    expect(orders.refused.map(({ column }) => column)).toEqual(['注文日時', '小計'])
    expect(new Set(orders.orders.map(({ number }) => number)).size).toBe(orders.orders.length)
    expect(orders.table.rows.length).toBeGreaterThan(orders.orders.length)
    expect(orders.cancelled).toBeGreaterThan(10)
    expect(orders.returned).toBeGreaterThan(10)
    expect(orders.orders.filter(({ customer }) => customer === null)).not.toHaveLength(0)
  })
})

describe('inquiries.csv', () => {
  it("is Excel's Unicode text, with one bad address and one repeated number", () => {
    const inquiries = readInquiries(bytes('inquiries.csv'))
    expect(inquiries.table).toMatchObject({ encoding: 'utf-16le', delimiter: '\t' })
    expect(inquiries.refused).toHaveLength(1)
    expect(inquiries.repeated).toBe(1)
    expect(inquiries.inquiries).toHaveLength(180)
  })
})
