import type { MarkAnswer, Step, StorageTransaction } from '@tobiishi/core/ports'
import { aBroadcast, aContact, aJob, anEnrolment, aScenario, aScenarioVersion, start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { claimAt, doneOf, markAt, minute, oneMail, type QueuedMail, queueMails, retryOf } from './queue-world.ts'

/** Claims `mail`, lets `change` happen as another transaction would, then marks. */
const markAfter = async (
  { run }: Pick<World, 'run'>,
  mail: QueuedMail,
  change: (tx: StorageTransaction) => Step<unknown>,
  now: number = start,
): Promise<MarkAnswer[]> => {
  await run((tx) => queueMails(tx, [mail]))
  const claims = await run((tx) => claimAt(tx, start))
  await run(change)
  return run((tx) => markAt(tx, claims, now))
}

/** The mail can be taken again at once: it went back to be decided anew. */
const wentBack = async ({ run }: Pick<World, 'run'>): Promise<boolean> => {
  const claims = await run((tx) => claimAt(tx, start))
  return claims.length === 1 && claims[0]?.token === 2 && claims[0].attempt === 0
}

function* enrol(tx: StorageTransaction): Step<void> {
  yield* tx.scenarios.publish(aScenarioVersion())
  yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
  yield* tx.enrolments.enter([anEnrolment({ id: 'e1', contactId: 'c1' })])
}
const scenarioMail = oneMail({ scenario: 'welcome', scenarioVersion: 1, stepId: 'hello', enrolmentId: 'e1' })

export const markCases: Capability = ({ test, expect }) => {
  test('nothing changed: marked, once', async ({ run }) => {
    await run((tx) => queueMails(tx, [oneMail()]))
    const claims = await run((tx) => claimAt(tx, start))
    expect(await run((tx) => markAt(tx, claims, start))).toEqual(['marked'])
    expect(await run((tx) => markAt(tx, claims, start))).toEqual(['lost'])
  })

  test('the answers come in the order asked, and one bad row does not spoil the others', async ({ run }) => {
    const mails = ['m1', 'm2', 'm3'].map((id) => oneMail({ id, contactId: `c-${id}` }))
    await run((tx) => queueMails(tx, mails))
    const claims = await run((tx) => claimAt(tx, start))
    const request = (id: string, change: object = {}) => {
      const claim = claims.find((one) => one.message.id === id)
      return { messageId: id, contactId: `c-${id}`, token: claim?.token ?? 0, consentRev: 0, ...change }
    }
    const asked = [
      request('m3'),
      request('m1', { token: 9 }),
      request('missing'),
      request('m2', { consentRev: 5 }),
      request('m3'),
    ]
    const answers = await run((tx) => tx.queue.mark(asked, { now: start, leaseUntil: start + minute }))
    expect(answers).toEqual(['marked', 'lost', 'lost', 'changed', 'lost'])
  })

  test('consent was written since: changed, and the mail goes round again', async (world) => {
    const answer = await markAfter(world, oneMail(), (tx) => tx.contacts.save([aContact({ id: 'c1', consentRev: 1 })]))
    expect(answer).toEqual(['changed'])
    expect(await wentBack(world)).toBe(true)
  })

  test('the enrolment was revised since: changed, and the mail goes round again', async (world) => {
    await world.run(enrol)
    const answer = await markAfter(world, scenarioMail, (tx) =>
      tx.enrolments.save([anEnrolment({ id: 'e1', contactId: 'c1', rev: 1 })]),
    )
    expect(answer).toEqual(['changed'])
    expect(await wentBack(world)).toBe(true)
  })

  for (const [state, expected] of [
    ['active', 'marked'],
    ['completed', 'marked'],
    ['exited', 'ended'],
    ['failed', 'ended'],
  ] as const) {
    test(`the enrolment is ${state}: ${expected}`, async (world) => {
      await world.run(enrol)
      const ended = state === 'active' ? {} : { wakeAt: null, stepId: null, endedAt: start }
      const answer = await markAfter(world, scenarioMail, (tx) =>
        tx.enrolments.save([anEnrolment({ id: 'e1', contactId: 'c1', state, ...ended })]),
      )
      expect(answer).toEqual([expected])
    })
  }

  for (const [below, exits, state, expected] of [
    [null, 'welcome', 'running', 'stopped'],
    [2, 'welcome', 'running', 'stopped'],
    [1, 'welcome', 'running', null],
    [null, 'other', 'running', null],
    [null, 'welcome', 'cancelled', null],
  ] as const) {
    test(`a job (${state}) ends who is in '${exits}' ${below === null ? '' : `below version ${below}`}: ${expected ?? 'marked'}`, async (world) => {
      await world.run(enrol)
      const spec = { reason: 'stopped', below }
      const job = aJob({ id: 'j1', kind: 'exit', scenario: exits, state, spec })
      const answer = await markAfter(world, scenarioMail, (tx) => tx.jobs.create(job))
      expect(answer).toEqual([expected === null ? 'marked' : 'ended'])
      const [message] = await world.read((reader) => reader.messages.get(['m1']))
      expect([message?.state, message?.reason]).toEqual(expected === null ? ['queued', null] : ['skipped', expected])
      expect(await world.read((reader) => reader.queue.depth())).toBe(expected === null ? 1 : 0)
    })
  }

  test('the scenario was paused since: changed, and the mail waits until it goes on', async (world) => {
    await world.run(enrol)
    const answer = await markAfter(world, scenarioMail, (tx) => tx.scenarios.save(aScenario({ state: 'paused' })))
    expect(answer).toEqual(['changed'])
    expect(await wentBack(world)).toBe(false)
    await world.run((tx) => tx.scenarios.save(aScenario({ state: 'active' })))
    expect(await wentBack(world)).toBe(true)
  })

  test('the broadcast was cancelled since: changed', async (world) => {
    await world.run((tx) => tx.broadcasts.create(aBroadcast({ id: 'b1', state: 'sending' })))
    const mail = oneMail({ broadcastId: 'b1' }, { class: 2 })
    const answer = await markAfter(world, mail, (tx) => tx.broadcasts.save(aBroadcast({ id: 'b1', state: 'cancelled' })))
    expect(answer).toEqual(['changed'])
  })

  test('another process took it after the lease: lost', async (world) => {
    const answer = await markAfter(world, oneMail(), (tx) => claimAt(tx, start + minute, { owner: 'w2' }), start + minute)
    expect(answer).toEqual(['lost'])
  })

  test('the lease is over: lost, even if nobody took it yet', async (world) => {
    const mails = [oneMail(), oneMail({ id: 'm2' })]
    await world.run((tx) => queueMails(tx, mails))
    const claims = await world.run((tx) => claimAt(tx, start))
    const [m1, m2] = claims
    expect(await world.run((tx) => markAt(tx, m1 ? [m1] : [], start + minute - 1))).toEqual(['marked'])
    expect(await world.run((tx) => markAt(tx, m2 ? [m2] : [], start + minute))).toEqual(['lost'])
    expect((await world.run((tx) => claimAt(tx, start + minute))).map((claim) => claim.message.id)).toEqual(['m2'])
  })

  test('too late: expired, at the very instant, and the message is skipped', async (world) => {
    const mail = oneMail({}, { expiresAt: start + 5 })
    expect(await markAfter(world, mail, (tx) => tx.enrolments.enter([]), start + 5)).toEqual(['expired'])
    const [message] = await world.read((reader) => reader.messages.get(['m1']))
    expect([message?.state, message?.reason, message?.finishedAt]).toEqual(['skipped', 'expired', start + 5])
    expect(await world.read((reader) => reader.queue.depth())).toBe(0)
  })

  test('a millisecond before it expires it is marked', async (world) => {
    const mail = oneMail({}, { expiresAt: start + 5 })
    expect(await markAfter(world, mail, (tx) => tx.enrolments.enter([]), start + 4)).toEqual(['marked'])
  })

  test('a claim that was finished or retried is lost', async (world) => {
    await world.run((tx) => queueMails(tx, [oneMail(), oneMail({ id: 'm2' })]))
    const claims = await world.run((tx) => claimAt(tx, start))
    const answers = await world.run(function* (tx) {
      yield* tx.queue.finish([doneOf({ messageId: 'm1', token: 1 }), retryOf({ messageId: 'm2', token: 1 }, start)], start)
      return yield* markAt(tx, claims, start)
    })
    expect(answers).toEqual(['lost', 'lost'])
  })
}
