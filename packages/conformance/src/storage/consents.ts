import { aConsent, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'

export const consentCases: Capability = ({ test, expect }) => {
  test('the ledger is read oldest first and keeps its evidence', async ({ run, read }) => {
    const entry = (id: string, occurredAt: number, recordedAt: number) =>
      aConsent({ id, contactId: 'c1', occurredAt: start + occurredAt, recordedAt: start + recordedAt })
    const withdrawal = aConsent({
      id: 'w',
      contactId: 'c1',
      kind: 'withdraw',
      topic: 'news',
      basis: null,
      evidence: { source: 'one-click', ip: '2001:db8::1', userAgent: 'A「B」', statement: '配信を停止します' },
      occurredAt: start + 9,
      recordedAt: start + 9,
      messageId: 'm1',
    })
    await run((tx) => tx.consents.append([withdrawal, entry('b', 5, 7), entry('c', 5, 6)]))
    await run((tx) => tx.consents.append([entry('a', 5, 7), entry('first', 1, 99), aConsent({ id: 'x', contactId: 'c2' })]))
    const ledger = await read((reader) => reader.consents.ledger('c1'))
    expect(ledger.map((row) => row.id)).toEqual(['first', 'c', 'a', 'b', 'w'])
    expect(ledger.at(-1)).toEqual(withdrawal)
    expect(await read((reader) => reader.consents.ledger('nobody'))).toEqual([])
  })

  test('an entry is never changed: the same id again is ignored', async ({ run, read }) => {
    const grant = aConsent({ id: 'g', contactId: 'c1' })
    await run((tx) => tx.consents.append([grant]))
    await run((tx) => tx.consents.append([{ ...grant, kind: 'withdraw' }, aConsent({ id: 'h', contactId: 'c1' })]))
    const kinds = (await read((reader) => reader.consents.ledger('c1'))).map((row) => [row.id, row.kind])
    expect(kinds).toEqual([
      ['g', 'grant'],
      ['h', 'grant'],
    ])
  })

  test('a ledger can be given to another contact: merged by time, nothing of it changed', async ({ run, read }) => {
    const entry = (id: string, contactId: string, at: number) => aConsent({ id, contactId, occurredAt: start + at })
    await run((tx) => tx.consents.append([entry('a', 'c1', 1), entry('b', 'c1', 3), entry('c', 'c2', 2), entry('d', 'c3', 2)]))
    await run((tx) => tx.consents.move('c1', 'c2'))
    expect(await read((reader) => reader.consents.ledger('c1'))).toEqual([])
    expect(await read((reader) => reader.consents.ledger('c2'))).toEqual([
      entry('a', 'c2', 1),
      entry('c', 'c2', 2),
      entry('b', 'c2', 3),
    ])
    expect((await read((reader) => reader.consents.ledger('c3'))).length).toBe(1)
  })
}
