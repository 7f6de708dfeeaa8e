import type { ClaimedMail, QueueEntry } from '@tobiishi/core/ports'
import { aContact, anEnrolment, aQueueEntry, aScenario, aScenarioVersion, start } from '../fixtures/rows.ts'
import type { Capability } from './capability.ts'
import { claimAt, markAt, minute, oneMail, queueMails } from './queue-world.ts'

const ids = (claims: readonly ClaimedMail[]): string[] => claims.map((claim) => claim.message.id)

export const claimCases: Capability = ({ test, expect }) => {
  test('a claim brings the queue row, the message and its contact as of now', async ({ run }) => {
    const mail = oneMail(
      { props: { n: 1 }, enrolmentId: 'e1', scenario: 'welcome' },
      { enrolmentRev: 4, route: 'docomo', lane: 9 },
    )
    await run((tx) => queueMails(tx, [mail]))
    const [claim] = await run((tx) => claimAt(tx, start))
    expect(claim).toEqual({
      queue: aQueueEntry(mail.message, mail.queue),
      token: 1,
      attempt: 0,
      message: mail.message,
      contact: aContact({ id: 'c1' }),
      hasSiblings: false,
      lateSentAt: null,
    })
  })

  test('a claim tells whether other mail of its enrolment is in the queue, marked or not', async ({ run }) => {
    const mail = (id: string, enrolmentId: string | null) => oneMail({ id, enrolmentId, scenario: 'welcome' })
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
      yield* tx.enrolments.enter(['a', 'b'].map((id) => anEnrolment({ id, contactId: 'c1', entryKey: id })))
    })
    await run((tx) =>
      queueMails(tx, [mail('a1', 'a'), mail('a2', 'a'), mail('b1', 'b'), mail('b2', 'b'), mail('n1', null), mail('n2', null)]),
    )
    const told = (claims: readonly ClaimedMail[]) => claims.map(({ message, hasSiblings }) => [message.id, hasSiblings])
    const claims = await run((tx) => claimAt(tx, start, { limit: 1 }))
    expect(told(claims)).toEqual([['a1', true]])
    await run((tx) => markAt(tx, claims, start))
    const others = await run((tx) => claimAt(tx, start, { limit: 2 }))
    expect(told(others)).toEqual([
      ['a2', true],
      ['b1', true],
    ])
    await run((tx) => tx.messages.dropQueued({ enrolmentIds: ['a', 'b'] }, 'exited', start))
    expect(told(await run((tx) => claimAt(tx, start)))).toEqual([
      ['n1', false],
      ['n2', false],
    ])
  })

  test('a claim tells when mail of its enrolment was last handed over more than a minute late', async ({ run }) => {
    const mail = (id: string, enrolmentId: string | null, plannedAt: number) =>
      oneMail({ id, enrolmentId, scenario: 'welcome', plannedAt }, { runAt: plannedAt })
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
      yield* tx.enrolments.enter(['a', 'b', 'c', 'd'].map((id) => anEnrolment({ id, contactId: 'c1', entryKey: id })))
    })
    const finish = async (at: number, state: 'sent' | 'unknown' | 'failed') => {
      const claims = await run((tx) => claimAt(tx, at))
      await run((tx) => markAt(tx, claims, at))
      await run((tx) =>
        tx.queue.finish(
          claims.map(({ message, token }) => ({
            ...({ kind: 'done', messageId: message.id, token, state, reason: null } as const),
            ...{ templateHash: null, providerId: null, answer: null },
          })),
          at,
        ),
      )
    }
    const at = (minutes: number) => start + minutes * minute
    await run((tx) => queueMails(tx, [mail('a1', 'a', start), mail('b1', 'b', at(1)), mail('n1', null, start)]))
    await finish(at(2), 'sent')
    await run((tx) => queueMails(tx, [mail('a2', 'a', start), mail('c1', 'c', start)]))
    await finish(at(3), 'unknown')
    await run((tx) => queueMails(tx, [mail('d1', 'd', start), mail('a3', 'a', start)]))
    await finish(at(4), 'failed')
    await run((tx) =>
      queueMails(tx, [
        mail('a9', 'a', start),
        mail('b9', 'b', start),
        mail('c9', 'c', start),
        mail('d9', 'd', start),
        mail('n9', null, start),
      ]),
    )
    const claims = await run((tx) => claimAt(tx, at(5)))
    expect(claims.map(({ message, lateSentAt }) => [message.id, lateSentAt]).toSorted()).toEqual([
      ['a9', at(3)],
      ['b9', null],
      ['c9', at(3)],
      ['d9', null],
      ['n9', null],
    ])
  })

  test('mail is claimed by class, route, lane, time and id, up to the limit', async ({ run }) => {
    const mail = (id: string, queue: Partial<QueueEntry>) => oneMail({ id }, queue)
    await run((tx) =>
      queueMails(tx, [
        mail('h', { class: 2, route: 'au', lane: 0 }),
        mail('g', { class: 1, route: 'gmail', lane: 0 }),
        mail('f', { class: 1, route: 'docomo', lane: 10, runAt: start - 9 }),
        mail('e', { class: 1, route: 'docomo', lane: 9, runAt: start }),
        mail('d', { class: 1, route: 'docomo', lane: 9, runAt: start - 1 }),
        mail('c', { class: 1, route: 'docomo', lane: 9, runAt: start - 1 }),
        mail('b', { class: 0, route: 'yahoo-japan', lane: 63 }),
        mail('a', { class: 0, route: 'yahoo', lane: 63 }),
      ]),
    )
    expect(ids(await run((tx) => claimAt(tx, start, { limit: 3 })))).toEqual(['a', 'b', 'c'])
    expect(ids(await run((tx) => claimAt(tx, start)))).toEqual(['d', 'e', 'f', 'g', 'h'])
  })

  test('what is not due yet is left alone, and hides nothing behind it', async ({ run }) => {
    const mails = [
      oneMail({ id: 'soon' }, { class: 0, runAt: start + 1 }),
      oneMail({ id: 'now' }, { class: 0, runAt: start }),
      oneMail({ id: 'later' }, { class: 1, lane: 1, runAt: start + minute }),
      oneMail({ id: 'other' }, { class: 1, lane: 2, runAt: start }),
    ]
    await run((tx) => queueMails(tx, mails))
    expect(ids(await run((tx) => claimAt(tx, start)))).toEqual(['now', 'other'])
    expect(ids(await run((tx) => claimAt(tx, start + 1)))).toEqual(['soon'])
  })

  test('a claimed mail is taken by nobody until its lease is over; then with a higher token', async ({ run }) => {
    await run((tx) => queueMails(tx, [oneMail()]))
    const [first] = await run((tx) => claimAt(tx, start))
    expect(ids(await run((tx) => claimAt(tx, start + minute - 1, { owner: 'w2' })))).toEqual([])
    const [second] = await run((tx) => claimAt(tx, start + minute, { owner: 'w2' }))
    expect([first?.token, second?.token]).toEqual([1, 2])
  })

  test('a marked mail is never claimed, not even past its lease', async ({ run }) => {
    await run((tx) => queueMails(tx, [oneMail()]))
    const claims = await run((tx) => claimAt(tx, start))
    await run((tx) => markAt(tx, claims, start))
    expect(ids(await run((tx) => claimAt(tx, start + 100 * minute)))).toEqual([])
  })

  test('the mail of a paused scenario waits, other mail does not', async ({ run }) => {
    const contactId = 'c1'
    await run(function* (tx) {
      yield* tx.scenarios.publish(aScenarioVersion())
      yield* queueMails(tx, [oneMail({ scenario: 'welcome', enrolmentId: 'e1' }), oneMail({ id: 'm2' }, { lane: 2 })])
      yield* tx.enrolments.enter([anEnrolment({ id: 'e1', contactId })])
      yield* tx.scenarios.save(aScenario({ state: 'paused' }))
    })
    expect(ids(await run((tx) => claimAt(tx, start, { limit: 1 })))).toEqual(['m2'])
    expect(ids(await run((tx) => claimAt(tx, start)))).toEqual([])
    await run((tx) => tx.scenarios.save(aScenario({ state: 'active' })))
    expect(ids(await run((tx) => claimAt(tx, start)))).toEqual(['m1'])
  })

  test('a claim that is given back can be taken at once, and its old token is void', async ({ run }) => {
    await run((tx) => queueMails(tx, [oneMail()]))
    const claims = await run((tx) => claimAt(tx, start))
    await run((tx) => tx.queue.release([{ messageId: 'm1', token: 99 }]))
    expect(ids(await run((tx) => claimAt(tx, start)))).toEqual([])
    await run((tx) => tx.queue.release([{ messageId: 'm1', token: 1 }]))
    expect(await run((tx) => markAt(tx, claims, start))).toEqual(['lost'])
    const again = await run((tx) => claimAt(tx, start))
    expect(again.map((claim) => [claim.token, claim.attempt])).toEqual([[2, 0]])
  })

  test('a marked mail cannot be given back', async ({ run }) => {
    await run((tx) => queueMails(tx, [oneMail()]))
    const claims = await run((tx) => claimAt(tx, start))
    await run((tx) => markAt(tx, claims, start))
    await run((tx) => tx.queue.release([{ messageId: 'm1', token: 1 }]))
    expect(ids(await run((tx) => claimAt(tx, start + 100 * minute)))).toEqual([])
  })
}
