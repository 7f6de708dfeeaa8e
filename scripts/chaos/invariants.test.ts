import { aMessage } from '@tobiishi/conformance'
import type { Message } from '@tobiishi/core'
import { expect, test } from 'vitest'
import { type Evidence, violations } from './invariants.ts'
import type { AcceptedMail } from './sink.ts'

const message = (id: string, more: Partial<Message> = {}): Message =>
  aMessage({
    id,
    idemKey: id,
    contactId: 'c_1',
    template: 'news',
    purpose: 'marketing',
    broadcastId: 'b0',
    state: 'sent',
    ...more,
  })
const mail = (messageId: string, more: Partial<AcceptedMail> = {}): AcceptedMail => ({
  messageId,
  to: 'c_1@customer.test',
  subject: 'news b0',
  at: 5,
  ...more,
})

/** One contact got one mail, as it should be. */
const innocent: Evidence = {
  accepted: [mail('m1')],
  messages: [message('m1')],
  marks: [{ at: 1, messageId: 'm1', contactId: 'c_1' }],
  diary: { contacts: ['c_1'], broadcasts: ['b0'], orders: [], brochures: new Set(), leftAt: new Map() },
  depth: 0,
}

test('an innocent run breaks nothing', () => {
  expect(violations(innocent)).toEqual([])
  const left = { ...innocent.diary, leftAt: new Map([['c_1', 1]]) }
  expect(violations({ ...innocent, diary: left })).toEqual([])
})

test.each<[string, Partial<Evidence>, RegExp]>([
  ['one message accepted twice', { accepted: [mail('m1'), mail('m1', { subject: 'other' })] }, /accepted twice: m1/],
  [
    'two messages of one broadcast to one contact',
    { accepted: [mail('m1'), mail('m2')], messages: [message('m1'), message('m2')] },
    /marketing mail twice/,
  ],
  [
    'a receipt three times',
    {
      accepted: [mail('m1'), ...['r1', 'r2', 'r3'].map((id) => mail(id, { subject: 'receipt o0' }))],
      messages: ['m1', 'r1', 'r2', 'r3'].map((id) => message(id)),
    },
    /receipt o0 went out 3 times/,
  ],
  ['a message that is still queued', { accepted: [], messages: [message('m1', { state: 'queued' })] }, /still queued/],
  ['a queue that is not empty', { depth: 2 }, /2 rows are left/],
  ['mail that was accepted and is failed', { messages: [message('m1', { state: 'failed' })] }, /accepted and is failed/],
  [
    'mail that nobody knows of',
    { accepted: [mail('m1'), mail('m9', { to: 'x', subject: 'x' })] },
    /m9 was accepted and is not in/,
  ],
  ['mail that is sent and never arrived', { accepted: [] }, /never arrived/],
  [
    'a mark after the contact had left',
    { diary: { ...innocent.diary, leftAt: new Map([['c_1', 0]]) } },
    /marked 1 ms after its contact had left, and sent/,
  ],
  ['a contact forgotten', { diary: { ...innocent.diary, contacts: ['c_1', 'c_2'] } }, /c_2 was forgotten in broadcast b0/],
  ['an order without receipt', { diary: { ...innocent.diary, orders: ['o7'] } }, /order o7 has no receipt/],
  ['a brochure without mail', { diary: { ...innocent.diary, brochures: new Set(['c_1']) } }, /c_1 never entered/],
])('%s is found', (_name, crime, sentence) => {
  expect(violations({ ...innocent, ...crime })).toEqual([expect.stringMatching(sentence)])
})
