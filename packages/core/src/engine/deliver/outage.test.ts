import { describe, expect, it } from 'vitest'
import { everyone, model, news } from '../../../test/delivery/delivery-world.ts'
import { hour } from '../../domain/time/instant.ts'
import type { TransportResult } from '../../ports/transport.ts'
import { createTestTobiishi } from '../../testing/index.ts'

const start = Date.parse('2026-01-05T01:00:00Z')
const unreachable: TransportResult = { kind: 'transient', answer: { text: 'connection refused' } }
const full: TransportResult = { kind: 'transient', answer: { code: '452', enhancedCode: '4.2.2' } }

interface Line {
  readonly level: 'warn' | 'error'
  readonly event: string
  readonly fields: unknown
}

/** A broadcast to five contacts, while the other side answers by the time since the start; null accepts. */
const broadcast = async (answerAt: (elapsed: number) => TransportResult | null) => {
  const lines: Line[] = []
  const calls: number[] = []
  const write = (level: Line['level']) => (event: string, fields?: unknown) => void lines.push({ level, event, fields })
  const clock: { now(): number } = { now: () => start }
  const elapsed = () => clock.now() - start
  const t = await createTestTobiishi({
    model,
    templates: [news],
    now: start,
    logger: { debug() {}, info() {}, warn: write('warn'), error: write('error') },
    answer: () => {
      calls.push(elapsed())
      return answerAt(elapsed()) ?? undefined
    },
  })
  clock.now = () => t.clock.now()
  const ids = ['a', 'b', 'c', 'd', 'e']
  for (const id of ids) await t.contacts.identify(id, { email: `${id}@customer.example` })
  await t.broadcasts.send({ template: news, to: everyone })
  await t.settle()
  const endings = async () => {
    const messages = (await Promise.all(ids.map((id) => t.messages.ofContact(id)))).flat()
    return messages.map(({ state, reason, facts }) => [state, reason, facts.bounceClass])
  }
  return { t, lines, calls, endings }
}

describe('an outage of the mail server', () => {
  it('of three hours loses nothing: everything is sent once', async () => {
    const { t, calls, endings } = await broadcast((elapsed) => (elapsed < 3 * hour ? unreachable : null))
    await t.clock.advance('24 hours')
    expect(t.outbox.map(({ to }) => to).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'].map((id) => `${id}@customer.example`))
    expect(await endings()).toEqual(Array.from({ length: 5 }, () => ['sent', null, null]))
    expect(calls.length).toBeLessThan(5 * 12)
  })

  it('that ends shortly before the expiry still loses nothing', async () => {
    const { t, endings } = await broadcast((elapsed) => (elapsed < 23.9 * hour ? unreachable : null))
    await t.clock.advance('24 hours')
    expect(await endings()).toEqual(Array.from({ length: 5 }, () => ['sent', null, null]))
  })

  it('of more than a day fails every mail, after a few last tries and not before the expiry', async () => {
    const { t, lines, calls, endings } = await broadcast(() => unreachable)
    await t.clock.advance('23 hours')
    expect(await endings()).toEqual(Array.from({ length: 5 }, () => ['queued', null, null]))
    await t.clock.advance('1 hour')
    expect(await endings()).toEqual(Array.from({ length: 5 }, () => ['failed', 'gave-up', null]))
    expect(Math.max(...calls)).toBeGreaterThanOrEqual(23.9 * hour)
    expect(calls.length).toBeLessThan(5 * 25)
    const gaveUp = lines.filter(({ event, level }) => event === 'delivery.gaveUp' && level === 'error')
    const counts = gaveUp.map(({ fields }) => (fields as { readonly count: number }).count)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5)
  })

  it('is one warning a pass, with how many mails and what the server said', async () => {
    const { lines } = await broadcast(() => full)
    expect(lines).toEqual([
      { level: 'warn', event: 'delivery.postponed', fields: { count: 5, codes: { '452': 5 }, transport: 'outbox' } },
    ])
  })

  it('is none where a mailbox stays full: that is a bounce, and no error of ours', async () => {
    const { t, lines, endings } = await broadcast(() => full)
    await t.clock.advance('24 hours')
    expect(await endings()).toEqual(Array.from({ length: 5 }, () => ['failed', 'rejected', 'mailbox-full']))
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})
