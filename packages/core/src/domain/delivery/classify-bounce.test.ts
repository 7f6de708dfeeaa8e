import { describe, expect, it } from 'vitest'
import type { BounceClass } from '../tracking/delivery-event.ts'
import { classifyBounce, type Refusal } from './classify-bounce.ts'

/** `550 5.1.1 text` as a server says it. */
const refusal = (line: string, domain = 'example.jp', stage: Refusal['stage'] = 'rcpt'): Refusal => {
  const [, code, enhancedCode, text] = /^(\d{3}) (?:(\d\.\d+\.\d+)(?: |$))?(.*)$/.exec(line) ?? []
  return { code: Number(code), enhancedCode: enhancedCode ?? null, text: text ?? '', domain, stage }
}

describe('Japanese carriers', () => {
  it.each<[string, string, Refusal['stage'], BounceClass]>([
    ['550 5.2.0 Unknown user', 'docomo.ne.jp', 'data', 'filtered'],
    ['550 5.2.0 Unknown user', 'docomo.ne.jp', 'rcpt', 'filtered'],
    ['550 5.0.0 Unknown user', 'docomo.ne.jp', 'data', 'filtered'],
    ['550 5.0.0 Unknown user', 'docomo.ne.jp', 'rcpt', 'hard-unknown-user'],
    ['550 Unknown user taro@docomo.ne.jp', 'docomo.ne.jp', 'rcpt', 'hard-unknown-user'],
    ['550 5.1.1 Unknown user', 'docomo.ne.jp', 'data', 'hard-unknown-user'],
    ['550 Unknown user', 'docomo.ne.jp', 'report', 'filtered'],
    ['550 : User unknown', 'ezweb.ne.jp', 'rcpt', 'filtered'],
    ['550 : User unknown', 'au.com', 'data', 'filtered'],
    ['550 <taro@ezweb.ne.jp>: User unknown', 'ezweb.ne.jp', 'rcpt', 'hard-unknown-user'],
    ['550 <address>: User unknown', 'au.com', 'rcpt', 'hard-unknown-user'],
    ['550 5.1.1 <taro@uqmobile.jp>: User unknown', 'uqmobile.jp', 'rcpt', 'hard-unknown-user'],
    ['550 5.1.1 : User unknown', 'hm.ezweb.ne.jp', 'rcpt', 'filtered'],
    ['550 Invalid recipient: <taro@softbank.ne.jp>', 'softbank.ne.jp', 'rcpt', 'hard-unknown-user'],
    ['550 5.2.0 Unknown user', 'example.jp', 'rcpt', 'hard-unknown-user'],
  ])('%s from %s at %s: %s', (line, domain, stage, expected) => {
    expect(classifyBounce(refusal(line, domain, stage))).toBe(expected)
  })

  it('reads the command out of a report', () => {
    const report = (text: string) =>
      classifyBounce({ code: 550, enhancedCode: '5.0.0', text, domain: 'docomo.ne.jp', stage: 'report' })
    expect(report('host mfsmax.docomo.ne.jp said: 550 Unknown user (in reply to RCPT TO command)')).toBe('hard-unknown-user')
    expect(report('host mfsmax.docomo.ne.jp said: 550 Unknown user (in reply to end of DATA command)')).toBe('filtered')
  })
})

describe('mailbox providers', () => {
  it.each<[string, string, BounceClass]>([
    ['550 5.1.1 The email account that you tried to reach does not exist.', 'gmail.com', 'hard-unknown-user'],
    ['552 5.2.2 The email account that you tried to reach is over quota.', 'gmail.com', 'mailbox-full'],
    ['550 5.2.1 The email account that you tried to reach is disabled.', 'gmail.com', 'suspended'],
    ['550 5.7.1 Our system has detected that this message is likely unsolicited mail.', 'gmail.com', 'spam-block'],
    ['550 5.7.26 This mail has been blocked because the sender is unauthenticated.', 'gmail.com', 'policy'],
    ['550 5.7.27 The SPF check did not pass.', 'gmail.com', 'policy'],
    ['550 5.7.30 DKIM', 'gmail.com', 'policy'],
    ['550 5.7.40 DMARC', 'gmail.com', 'policy'],
    ['550 5.7.28 unusual rate of mail', 'gmail.com', 'spam-block'],
    ['421 4.7.28 unusual rate of mail', 'gmail.com', 'transient'],
    ['550 5.4.5 Daily user sending limit exceeded.', 'gmail.com', 'policy'],
    ['550 5.7.515 Access denied, sending domain does not meet the required authentication level.', 'outlook.com', 'policy'],
    ['550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).', 'hotmail.com', 'hard-unknown-user'],
    ["554 delivery error: dd This user doesn't have a yahoo.com account", 'yahoo.com', 'hard-unknown-user'],
  ])('%s from %s: %s', (line, domain, expected) => {
    expect(classifyBounce(refusal(line, domain))).toBe(expected)
  })
})

describe('the general table', () => {
  it.each<[string, BounceClass]>([
    ['550 5.1.0 no', 'hard-unknown-user'],
    ['550 5.1.3 no', 'hard-unknown-user'],
    ['550 5.1.6 no', 'hard-unknown-user'],
    ['550 5.7.17 no', 'hard-unknown-user'],
    ['550 5.7.18 no', 'hard-unknown-user'],
    ['550 5.1.2 no', 'hard-bad-domain'],
    ['550 5.4.4 no', 'hard-bad-domain'],
    ['556 5.1.10 no', 'hard-bad-domain'],
    ['450 4.2.1 no', 'suspended'],
    ['550 5.7.13 no', 'suspended'],
    ['452 4.2.2 no', 'mailbox-full'],
    ['552 quota', 'mailbox-full'],
    ['552 5.2.3 no', 'message'],
    ['552 5.3.4 no', 'message'],
    ['554 5.6.0 no', 'message'],
    ['552 message size exceeds fixed limit', 'message'],
    ['550 5.7.1 no', 'policy'],
    ['554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org', 'spam-block'],
    ['550 5.7.20 no', 'policy'],
    ['451 4.3.0 no', 'transient'],
    ['421 4.7.0 no', 'transient'],
    ['451 try again', 'transient'],
    ['451 no such user right now', 'transient'],
    ['550 no such user here', 'hard-unknown-user'],
    ['553 sorry, no mailbox here by that name', 'hard-unknown-user'],
    ['550 mailbox full', 'mailbox-full'],
    ['554 5.0.0 account disabled', 'suspended'],
    ['550 5.5.1 bad sequence', 'undetermined'],
    ['550 no', 'undetermined'],
  ])('%s: %s', (line, expected) => {
    expect(classifyBounce(refusal(line))).toBe(expected)
  })

  it('finds the status in the text, also without a code', () => {
    const report = (text: string) =>
      classifyBounce({ code: null, enhancedCode: null, text, domain: 'example.jp', stage: 'report' })
    expect(report('smtp; 550-5.1.1 user does not like you')).toBe('hard-unknown-user')
    expect(report('smtp; 450 4.4.7 delivery time expired')).toBe('expired')
    expect(report('connected to 10.5.1.1 and failed')).toBe('undetermined')
  })

  it('never takes what is said of the sender for the recipient', () => {
    expect(classifyBounce(refusal('550 5.1.1 Sender unknown', 'example.jp', 'mail'))).toBe('policy')
    expect(classifyBounce(refusal('553 5.1.8 Domain of sender does not exist', 'example.jp', 'rcpt'))).toBe('policy')
    expect(classifyBounce(refusal('552 5.3.4 message too big', 'example.jp', 'mail'))).toBe('message')
  })
})
