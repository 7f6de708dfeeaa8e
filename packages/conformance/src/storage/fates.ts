import type { Message, MessageFacts } from '@tobiishi/core/ports'
import { aContact, aDeliveryEvent, aMessage, anEnrolment, aTemplateVersion, start } from '../fixtures/rows.ts'
import type { Capability, World } from './capability.ts'
import { claimAt, doneOf, markAt, minute, oneMail, queueMails, retryOf } from './queue-world.ts'

/** A message of a step of `e1` that is not in the queue. */
const ended = (id: string, change: Partial<Message> = {}): Message =>
  aMessage({ ...{ id, contactId: 'c1', enrolmentId: 'e1', stepId: 'hello', state: 'sent', finishedAt: start }, ...change })

const write = ({ run }: Pick<World, 'run'>, messages: readonly Message[]) =>
  run(function* (tx) {
    yield* tx.contacts.ensure([aContact({ id: 'c1' })], start)
    yield* tx.messages.enqueue(messages.map((message) => ({ message, queue: null })))
  })

const untouched: Pick<MessageFacts, 'deliveredAt' | 'bouncedAt'> & { openedAt: null; clickedAt: null; links: [] } = {
  ...{ deliveredAt: null, bouncedAt: null, openedAt: null, clickedAt: null, links: [] },
}

export const fateCases: Capability = ({ test, expect }) => {
  test('the fate of a step is that of its latest mail; a step without mail has none', async (world) => {
    await write(world, [
      ended('m3', { createdAt: start + 1 }),
      ended('m1', { createdAt: start + 2, state: 'failed', reason: 'rejected' }),
      ended('m2', { createdAt: start, state: 'skipped', reason: 'late' }),
      ended('m4', { stepId: 'nudge', state: 'skipped', reason: 'holdout' }),
      ended('m5', { enrolmentId: 'e2', state: 'unknown' }),
      ended('m6', { enrolmentId: null, stepId: 'other' }),
    ])
    const key = (enrolmentId: string, stepId: string) => ({ enrolmentId, stepId })
    const asked = [key('e1', 'hello'), key('e1', 'nudge'), key('e2', 'hello'), key('e2', 'nudge'), key('e1', 'other')]
    const fates = await world.read((reader) => reader.messages.fates(asked))
    const told = fates.map((row) => `${row.enrolmentId} ${row.stepId} ${row.fate.state}`).toSorted()
    expect(told).toEqual(['e1 hello failed', 'e1 nudge skipped', 'e2 hello unknown'])
    expect(fates[0]?.fate).toEqual({ state: fates[0]?.fate.state, ...untouched })
    expect(await world.read((reader) => reader.messages.fates([]))).toEqual([])
  })

  test('a fate tells first times of people, and each link that a person clicked, with its address', async (world) => {
    await write(world, [ended('m1', { templateHash: 'h1' }), ended('m2', { stepId: 'nudge', templateHash: 'h1' })])
    await world.run((tx) =>
      tx.templates.publish([
        aTemplateVersion({
          hash: 'h1',
          links: [
            { index: 0, url: 'https://example.jp/a', label: 'A' },
            { index: 3, url: null, label: 'B' },
          ],
        }),
      ]),
    )
    const event = (key: string, change: Partial<Parameters<typeof aDeliveryEvent>[0]>) =>
      aDeliveryEvent({ key, messageId: 'm1', contactId: 'c1', kind: 'clicked', ...change })
    await world.run((tx) =>
      tx.messages.recordDelivery([
        event('1', { kind: 'delivered', occurredAt: start + 1 }),
        event('2', { kind: 'opened', actor: 'machine', occurredAt: start + 2 }),
        event('3', { kind: 'opened', occurredAt: start + 9 }),
        event('4', { actor: 'machine', link: 9, occurredAt: start + 3 }),
        event('5', { link: 0, occurredAt: start + 12 }),
        event('6', { link: 0, occurredAt: start + 11 }),
        event('7', { link: 3, url: 'https://example.jp/?q=①', occurredAt: start + 13 }),
        event('8', { link: 7, occurredAt: start + 14 }),
        event('9', { link: null, occurredAt: start + 15 }),
        event('10', { kind: 'bounced', occurredAt: start + 20 }),
        event('11', { messageId: 'm2', link: 1 }),
      ]),
    )
    const [row] = await world.read((reader) => reader.messages.fates([{ enrolmentId: 'e1', stepId: 'hello' }]))
    const links = row?.fate.links.toSorted((a, b) => a.link - b.link)
    expect({ ...row?.fate, links }).toEqual({
      ...{ state: 'sent', deliveredAt: start + 1, openedAt: start + 9, clickedAt: start + 11, bouncedAt: start + 20 },
      links: [
        { link: 0, url: 'https://example.jp/a' },
        { link: 3, url: 'https://example.jp/?q=①' },
        { link: 7, url: null },
      ],
    })
  })

  test('opens and clicks of machines alone are no fate', async (world) => {
    await write(world, [ended('m1')])
    const event = (key: string, kind: 'opened' | 'clicked') =>
      aDeliveryEvent({ key, kind, messageId: 'm1', contactId: 'c1', actor: 'machine' })
    await world.run((tx) => tx.messages.recordDelivery([event('1', 'opened'), event('2', 'clicked')]))
    const [row] = await world.read((reader) => reader.messages.fates([{ enrolmentId: 'e1', stepId: 'hello' }]))
    expect(row?.fate).toEqual({ state: 'sent', ...untouched })
  })

  test('the steps that have mail are told once each, and whether some of it still waits unmarked', async (world) => {
    const mail = (id: string, stepId: string | null, runAt = start, change: Partial<Message> = {}) =>
      oneMail({ id, enrolmentId: 'e1', stepId, ...change }, { runAt })
    await write(world, [
      ended('s1', { stepId: 'skipped', state: 'skipped', reason: 'past' }),
      ended('s2', { stepId: 'claimed', createdAt: start - 1 }),
      ended('s3', { stepId: 'other', enrolmentId: 'e3' }),
    ])
    await world.run((tx) =>
      queueMails(tx, [mail('m1', 'marked'), mail('m2', 'claimed'), mail('m3', 'retried'), mail('m4', null), mail('m5', 'sent')]),
    )
    await world.run((tx) => tx.enrolments.enter([anEnrolment({ id: 'e1', contactId: 'c1' })]))
    const claims = await world.run((tx) => claimAt(tx, start))
    await world.run((tx) =>
      markAt(
        tx,
        claims.filter(({ message }) => ['m1', 'm3', 'm5'].includes(message.id)),
        start,
      ),
    )
    await world.run((tx) =>
      tx.queue.finish([retryOf({ messageId: 'm3', token: 1 }, start + 1), doneOf({ messageId: 'm5', token: 1 })], start),
    )
    await world.run((tx) => queueMails(tx, [mail('m6', 'waiting', start + 5, { enrolmentId: 'e2' })]))
    const steps = await world.read((reader) => reader.messages.stepsOf(['e1', 'e2', 'e9', 'e1']))
    expect(steps.map((row) => `${row.enrolmentId} ${row.stepId} ${row.state} ${row.isWaiting}`).toSorted()).toEqual([
      'e1 claimed queued true',
      'e1 marked queued false',
      'e1 retried queued true',
      'e1 sent sent false',
      'e1 skipped skipped false',
      'e2 waiting queued true',
    ])
    expect(await world.read((reader) => reader.messages.stepsOf([]))).toEqual([])
  })

  test('the mail of enrolments that is in the queue or may have gone out is told, with its time there or its end', async (world) => {
    const key = (seq: number, enrolmentId = 'e1') => ({ enrolmentId, stepId: 'any', idemKey: `${enrolmentId}:${seq}` })
    await write(world, [
      ended('s1', { ...key(1), plannedAt: start - 9, finishedAt: start - 3 }),
      ended('s2', { ...key(2), state: 'unknown', reason: 'ambiguous', finishedAt: start - 2 }),
      ended('s3', { ...key(3), state: 'skipped', reason: 'late' }),
      ended('s4', { ...key(4), state: 'failed', reason: 'rejected' }),
      ended('s5', { ...key(1, 'e3') }),
    ])
    await world.run((tx) => tx.enrolments.enter([anEnrolment({ id: 'e1', contactId: 'c1' })]))
    await world.run((tx) =>
      queueMails(tx, [
        oneMail({ id: 'm1', ...key(5) }, { runAt: start - 1 }),
        oneMail({ id: 'm2', purpose: 'transactional', ...key(6, 'e2') }, { runAt: start + 7 }),
      ]),
    )
    const claims = await world.run((tx) => claimAt(tx, start))
    expect(await world.run((tx) => markAt(tx, claims, start))).toEqual(['marked'])
    const mails = await world.read((reader) => reader.messages.ofEnrolments(['e1', 'e2', 'e9', 'e1']))
    const marketing = { purpose: 'marketing', plannedAt: start, finishedAt: null, leaseUntil: null }
    expect(mails.toSorted((a, b) => (a.idemKey < b.idemKey ? -1 : 1))).toEqual([
      {
        ...marketing,
        messageId: 's1',
        enrolmentId: 'e1',
        idemKey: 'e1:1',
        plannedAt: start - 9,
        runAt: null,
        finishedAt: start - 3,
      },
      { ...marketing, messageId: 's2', enrolmentId: 'e1', idemKey: 'e1:2', runAt: null, finishedAt: start - 2 },
      { ...marketing, messageId: 'm1', enrolmentId: 'e1', idemKey: 'e1:5', runAt: start - 1, leaseUntil: start + minute },
      { ...marketing, messageId: 'm2', enrolmentId: 'e2', idemKey: 'e2:6', purpose: 'transactional', runAt: start + 7 },
    ])
    expect(await world.read((reader) => reader.messages.ofEnrolments([]))).toEqual([])
  })
}
