import { describe, expect, it } from 'vitest'
import { dyingAt } from '../../../test/scenarios/job-world.ts'
import { everything, first, type LifeWorld, lifeWorld, second, sent, tracesOf } from '../../../test/scenarios/life-world.ts'
import { hello, model, receipt } from '../../../test/shop.ts'
import { silentLogger } from '../../index.ts'
import type { Message } from '../../ports/storage/index.ts'
import { eraseContact } from './erase-contact.ts'

const course = model.scenario('course', {
  version: 1,
  enterOn: 'brochure.requested',
  steps: ({ send, wait, event }) => [
    send('hello', hello, { brochure: event.brochure }),
    wait('rest', { days: 3 }),
    send('second', second),
  ],
})
const secret = 'what they asked for'
const known = async () => {
  const t = await lifeWorld([course])
  await t.contacts.identify('c_1', { email: 'person@example.test', name: { family: '山田' } })
  await t.track('c_1', 'brochure.requested', { brochure: secret }, { id: 'order-of-c_1' })
  await t.settle()
  return t
}
const allMail = async (t: LifeWorld): Promise<readonly Message[]> => {
  const [alias] = await aliases(t)
  return await t.read((reader) => reader.messages.ofContact(alias ?? '', { limit: 9 }))
}
/** Whom the enrolments of the scenario belong to. */
const aliases = async (t: LifeWorld): Promise<string[]> => {
  const suppression = await t.suppressionOf('person@example.test')
  return typeof suppression?.details.ledger === 'string' ? [suppression.details.ledger] : []
}

describe('erasing a contact', () => {
  it('leaves nothing of the person but counts, evidence and a hashed suppression', async () => {
    const t = await known()
    await t.contacts.erase('c_1')
    expect(await t.contacts.get('c_1')).toBeNull()
    expect(await t.contacts.findByEmail('person@example.test')).toBeNull()
    expect(await t.read((reader) => reader.events.count())).toBe(0)
    expect(await t.messages.ofContact('c_1')).toEqual([])
    expect(await t.scenarios.enrolments('c_1')).toEqual([])
    expect(await t.consent.ledger('c_1')).toEqual([])
    expect(await t.suppressions.has({ email: 'person@example.test' })).toBe(true)

    const [alias = ''] = await aliases(t)
    expect(alias).toMatch(/^erased-/)
    const kept = {
      mail: await allMail(t),
      enrolments: await t.read((reader) => reader.enrolments.ofContact(alias)),
      ledger: await t.read((reader) => reader.consents.ledger(alias)),
    }
    expect(kept.mail).toMatchObject([{ template: 'hello', state: 'sent', props: {} }])
    expect(kept.enrolments).toMatchObject([{ state: 'exited', endReason: 'erased', event: {}, wakeAt: null }])
    expect(kept.ledger).toMatchObject([{ kind: 'grant' }])
    for (const trace of ['c_1', 'person', secret, '山田']) expect(JSON.stringify(kept)).not.toContain(trace)
    expect(await t.reports.kpi({ scenario: 'course' })).toMatchObject({ sent: 1 })
    expect(await t.scenarios.get('course')).toMatchObject({ active: 0, exited: 1 })
  })

  it('keeps nothing of a report that comes in afterwards, but counts it', async () => {
    const t = await known()
    await t.contacts.erase('c_1')
    const [mail] = await allMail(t)
    const raw = { report: 'Final-Recipient: rfc822; person@example.test' }
    const event = { messageId: mail?.id ?? '', kind: 'bounced', bounceClass: 'mailbox-full', raw } as const
    expect(await t.ingest([event])).toMatchObject({ recorded: 1 })
    expect(await t.reports.kpi({ scenario: 'course' })).toMatchObject({ bounced: 1 })
    const events = await t.read((reader) => reader.messages.recentEvents(mail?.id ?? '', { since: 0, limit: 9 }))
    expect(JSON.stringify([await allMail(t), events])).not.toContain('person@')
  })

  it('skips what is queued, and nothing more is sent', async () => {
    const t = await lifeWorld([course])
    await t.contacts.identify('c_1', { email: 'person@example.test' })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.contacts.erase('c_1')
    await t.clock.advance('10 days')
    expect(sent(t)).toEqual([])
    expect(await allMail(t)).toMatchObject([{ state: 'skipped', reason: 'contact-erased' }])
  })

  it('leaves the address free where told to, and again changes nothing', async () => {
    const t = await known()
    await t.contacts.erase('c_1', { suppress: false })
    expect(await t.suppressions.has({ email: 'person@example.test' })).toBe(false)
    await t.contacts.erase('c_1')
    await t.contacts.erase('never was')
    expect(await t.suppressions.has({ email: 'person@example.test' })).toBe(false)
  })

  it.each(['marketing', 'all'] as const)('takes the place of a suppression that was there before (%s)', async (scope) => {
    const t = await known()
    await t.suppressions.add({ email: 'person@example.test' }, { scope, note: 'asked by phone' })
    const before = t.clock.now()
    await t.clock.advance('1 day')
    await t.contacts.erase('c_1')
    expect(await t.suppressionOf('person@example.test')).toMatchObject({
      scope: 'all',
      reason: 'erased',
      since: before,
      details: { note: 'asked by phone', ledger: expect.stringMatching(/^erased-/) },
    })
  })

  it('forgets the variant, the watched segments and the calls of the person', async () => {
    const t = await lifeWorld([everything], { handlers: { tell: () => {} } })
    await t.contacts.identify('c_1', { email: 'person@example.test', attributes: { plan: 'pro' } })
    await t.contacts.identify('c_1', {})
    expect(await tracesOf(t, 'c_1')).toEqual({ variants: 1, watches: 1, calls: 1 })
    await t.contacts.erase('c_1')
    expect(await tracesOf(t, 'c_1')).toEqual({ variants: 0, watches: 0, calls: 0 })
    expect((await t.read((reader) => reader.calls.count())).waiting).toBe(0)
  })

  it('makes a new contact without address when the id is tracked later', async () => {
    const t = await lifeWorld([course], { autoContacts: false })
    await t.contacts.identify('c_1', { email: 'person@example.test' })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    await t.contacts.erase('c_1')
    await t.track('c_1', 'brochure.requested', { brochure: 'B' })
    await t.settle()
    expect(await t.contacts.get('c_1')).toMatchObject({ email: null, attributes: {}, consent: { all: null } })
    expect(await t.scenarios.enrolments('c_1')).toMatchObject([{ state: 'active', event: { brochure: 'B' } }])
  })

  it('takes what waits in the inbox with it, evidence first', async () => {
    const t = await known()
    await t.track('c_1', 'brochure.requested', { brochure: secret })
    await t.contacts.erase('c_1')
    expect(await t.read((reader) => reader.inbox.waiting({ limit: 9 }))).toEqual([])
    await t.settle()
    expect(await t.contacts.get('c_1')).toBeNull()
  })

  it('is all or nothing wherever the process dies', async () => {
    const t = await known()
    const erasure = { id: 'c_1', alias: 'erased-x', now: t.clock.now(), keyOf: null }
    let nth = 1
    for (; (await dyingAt(t, nth, (tx) => eraseContact(tx, erasure))) === null; nth += 1) {
      expect(await t.contacts.get('c_1')).toMatchObject({ email: 'person@example.test' })
      expect(await t.messages.ofContact('c_1')).toMatchObject([{ props: { brochure: secret } }])
      expect(await t.scenarios.enrolments('c_1')).toMatchObject([{ state: 'active' }])
    }
    expect(nth).toBeGreaterThan(10)
    expect(await t.contacts.get('c_1')).toBeNull()
  })
})

describe('a call for an erased contact', () => {
  it('that was given up is forgotten too', async () => {
    const handlers = {
      tell: () => {
        throw new Error('down')
      },
    }
    const telling = model.scenario('telling', {
      version: 1,
      enterOn: 'brochure.requested',
      steps: ({ call }) => [call('tell', 'tell', {}, { attempts: 1 })],
    })
    const t = await lifeWorld([telling], { handlers, logger: silentLogger })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.clock.advance('1 day')
    expect(await t.scenarios.deadCalls()).toHaveLength(1)
    await t.contacts.erase('c_1')
    expect(await t.scenarios.deadCalls()).toEqual([])
  })
})

describe('the mail of an erased contact', () => {
  it('still has a link that answers: they have left', async () => {
    const t = await known()
    const link = /https:\/\/app\.test\/mail\/u\/[\w.~-]+/.exec(t.outbox[0]?.text ?? '')?.[0] ?? ''
    await t.contacts.erase('c_1')
    const post = (body: string) =>
      t.handler(new Request(link, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }))
    expect((await t.handler(new Request(link))).status).toBe(200)
    expect((await post('List-Unsubscribe=One-Click')).status).toBe(200)
    expect((await post('choice=all')).status).toBe(200)
  })
})

describe('mail that was under way when its contact was erased', () => {
  const marked = async (template: typeof first | typeof receipt = first) => {
    const t = await lifeWorld([
      model.scenario('one', { version: 1, enterOn: 'brochure.requested', steps: ({ send }) => [send('first', template)] }),
    ])
    await t.contacts.identify('c_1', { email: 'person@example.test' })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.contacts.identify('c_1', {})
    const now = t.clock.now()
    const [claimed] = await t.storage.transaction((tx) => tx.queue.claim({ now, limit: 1, leaseUntil: now + 60_000, owner: 'w' }))
    if (claimed === undefined) throw new Error('nothing is queued')
    const { token, contact, message } = claimed
    const request = { messageId: message.id, contactId: contact.id, token, consentRev: contact.consentRev }
    const [answer] = await t.storage.transaction((tx) => tx.queue.mark([request], { now, leaseUntil: now + 60_000 }))
    expect(answer).toBe('marked')
    await t.contacts.erase('c_1')
    const done = {
      kind: 'done',
      messageId: message.id,
      token,
      state: 'sent',
      reason: null,
      templateHash: null,
      providerId: 'p',
      answer: null,
    } as const
    return { t, done }
  }
  const stateOf = async (t: LifeWorld) => (await allMail(t)).map(({ state }) => state)

  it('is finished by its answer', async () => {
    const { t, done } = await marked()
    expect(await stateOf(t)).toEqual(['queued'])
    expect(await t.storage.transaction((tx) => tx.queue.finish([done], t.clock.now()))).toEqual([true])
    expect(await stateOf(t)).toEqual(['sent'])
  })

  it('becomes unknown without one, and is resolved by a late one', async () => {
    const { t, done } = await marked()
    await t.clock.advance('1 hour')
    expect(await stateOf(t)).toEqual(['unknown'])
    expect(await t.storage.transaction((tx) => tx.queue.finish([done], t.clock.now()))).toEqual([true])
    expect(await stateOf(t)).toEqual(['sent'])
  })

  it('is not sent again, whatever the policy for mail of unknown fate', async () => {
    const { t } = await marked(receipt)
    await t.clock.advance('2 days')
    expect(await stateOf(t)).toEqual(['unknown'])
    expect(sent(t)).toEqual([])
  })
})
