import { describe, expect, it } from 'vitest'
import { model as club, first, now } from '../../../test/club.ts'
import { recordingLogger } from '../../../test/recording-logger.ts'
import { model, onboarding } from '../../../test/shop.ts'
import { silentLogger, TobiishiError } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import type { Storage, StorageTransaction } from '../../ports/storage/index.ts'
import { createTestTobiishi } from '../../testing/index.ts'

/** A storage whose database refuses something, as a broken row or a constraint would make it. */
const withFault = (storage: Storage, fault: (tx: StorageTransaction) => StorageTransaction): Storage => ({
  ...storage,
  transaction: (work) => storage.transaction((tx) => work(fault(tx))),
})

/** Refuses to record an event of the contact. */
const refusesEventsOf =
  (contactId: string, error: Error) =>
  (tx: StorageTransaction): StorageTransaction => ({
    ...tx,
    events: {
      ...tx.events,
      *record(events) {
        if (events.some((event) => event.contactId === contactId)) throw error
        return yield* tx.events.record(events)
      },
    },
  })

describe('a contact whose batch fails', () => {
  it('is found by halving, and takes nobody with it', async () => {
    const storage = memoryStorage()
    const { logger, lines } = recordingLogger()
    const t = await createTestTobiishi({
      model,
      scenarios: [onboarding],
      logger,
      storage: withFault(storage, refusesEventsOf('c_7', new Error('constraint'))),
    })
    const ids = Array.from({ length: 20 }, (_, index) => `c_${index}`)
    for (const id of ids) await t.track(id, 'brochure.requested', { brochure: id })
    await t.settle()
    expect(t.outbox.map(({ subject }) => subject).toSorted()).toEqual(
      ids
        .filter((id) => id !== 'c_7')
        .map((id) => `hello ${id}`)
        .toSorted(),
    )
    const failed = await storage.read((reader) => reader.inbox.failed({ limit: 10 }))
    expect(failed.map(({ contactId, error }) => [contactId, error])).toEqual([['c_7', 'constraint']])
    expect(lines.filter(({ event }) => event === 'contact.setAside').map(({ fields }) => fields.contactIds)).toEqual([['c_7']])
  })

  it('is left alone while the database is only busy', async () => {
    const storage = memoryStorage()
    let isBusy = true
    const busy = new TobiishiError('storage.busy', 'busy', { isRetryable: true })
    const t = await createTestTobiishi({
      model,
      scenarios: [onboarding],
      storage: withFault(storage, (tx) => (isBusy ? refusesEventsOf('c_1', busy)(tx) : tx)),
    })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await expect(t.tick()).rejects.toThrow('busy')
    expect(await storage.read((reader) => reader.inbox.failed({ limit: 10 }))).toEqual([])
    isBusy = false
    await t.settle()
    expect(t.outbox).toHaveLength(1)
  })

  it('has its due enrolment failed when nothing waits in the inbox', async () => {
    const storage = memoryStorage()
    let isBroken = false
    const fault = (tx: StorageTransaction): StorageTransaction => ({
      ...tx,
      messages: {
        ...tx.messages,
        *enqueue(rows) {
          if (isBroken && rows.some(({ message }) => message.contactId === 'c_1')) throw new Error('constraint')
          return yield* tx.messages.enqueue(rows)
        },
      },
    })
    const t = await createTestTobiishi({
      model,
      scenarios: [onboarding],
      storage: withFault(storage, fault),
      logger: silentLogger,
    })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.track('c_2', 'brochure.requested', { brochure: 'B' })
    await t.settle()
    isBroken = true
    await t.clock.advance('5 days')
    expect(await t.scenarios.enrolments('c_1')).toMatchObject([{ state: 'failed', endReason: 'constraint', wakeAt: null }])
    expect(await t.scenarios.enrolments('c_2')).toMatchObject([{ state: 'completed' }])
  })

  it('fails alone when its step cannot be worked out', async () => {
    const { logger, lines } = recordingLogger()
    const inBusinessHours = model.scenario('office', {
      version: 1,
      enterOn: 'brochure.requested',
      window: { days: 'business', from: '09:00', to: '17:00' },
      steps: ({ send, event }) => [send('hello', onboarding.templates[0] as never, { brochure: event.brochure } as never)],
    })
    const t = await createTestTobiishi({
      model,
      scenarios: [inBusinessHours],
      logger,
      isHoliday: () => {
        throw new TobiishiError('time.beyond_horizon', 'The calendar ends in 2025.')
      },
    })
    await t.track('c_1', 'brochure.requested', { brochure: 'A' })
    await t.settle()
    expect(await t.scenarios.enrolments('c_1')).toMatchObject([
      { state: 'failed', endReason: 'time.beyond_horizon: The calendar ends in 2025.' },
    ])
    expect(lines.map(({ event }) => event)).toContain('enrolment.failed')
  })
})

describe('a contact whose watch cannot be looked at', () => {
  it('waits for a day, and the others go on', async () => {
    const storage = memoryStorage()
    const birthdays = club.scenario('birthdays', {
      version: 1,
      enterOn: { date: 'birthday', at: '09:00', yearly: true },
      steps: ({ send }) => [send('first', first)],
    })
    const fault = (tx: StorageTransaction): StorageTransaction => ({
      ...tx,
      enrolments: {
        ...tx.enrolments,
        *enter(rows) {
          if (rows.some(({ contactId }) => contactId === 'c_1')) throw new Error('constraint')
          return yield* tx.enrolments.enter(rows)
        },
      },
    })
    const t = await createTestTobiishi({
      model: club,
      scenarios: [birthdays],
      storage: withFault(storage, fault),
      logger: silentLogger,
      now,
    })
    for (const id of ['c_1', 'c_2']) await t.contacts.identify(id, { attributes: { birthday: '1990-01-06' } })
    await t.clock.advance('2 days')
    expect(await t.scenarios.enrolments('c_1')).toEqual([])
    expect(await t.scenarios.enrolments('c_2')).toHaveLength(1)
    expect((await t.tick()).nextDueAt).toBeGreaterThan(t.clock.now())
  })
})
