import assert from 'node:assert/strict'
import type { Storage } from '@tobiishi/core/ports'

const at = (text: string): number => Date.parse(text)
const hour = 3_600_000

/**
 * What must hold of the rows in `fixtures/version-1-rows.sql` of either storage after the migration. The engine of schema
 * version 1 wrote them on 5 January 2026 at ten in Tokyo: `c_1` waits for three days, `c_2` has a mail for the evening, and
 * what `c_3` did has not been worked in yet.
 */
export const checkUpgradedRows = async (storage: Storage<unknown>): Promise<void> => {
  await checkScenarios(storage)
  await checkEnrolments(storage)
  await checkMail(storage)
  const inbox = await storage.transaction((tx) => tx.inbox.load(['c_3'], 9))
  assert.deepEqual(
    inbox.map(({ name, key, meta }) => ({ name, key, meta })),
    [{ name: 'brochure.requested', key: 'b3', meta: undefined }],
  )
}

const checkScenarios = async (storage: Storage<unknown>): Promise<void> => {
  const untouched = { version: 1, state: 'active', origin: 'code', pauses: [], pausedAt: null, draftVersion: null }
  assert.deepEqual(await storage.read((reader) => reader.scenarios.all()), [
    { name: 'evening', ...untouched },
    { name: 'onboarding', ...untouched },
  ])
  const [version] = await storage.read((reader) => reader.scenarios.versions([{ scenario: 'onboarding', version: 1 }]))
  assert.equal(version?.format, 1)
  assert.equal(version.definition.format, 2)
  assert.deepEqual(version.definition.trigger, { kind: 'event', event: 'brochure.requested', where: null })
  assert.deepEqual(version.definition.steps.settle, {
    ...{ kind: 'wait', id: 'settle', next: 'nudge', from: { kind: 'previous' }, past: { kind: 'skip' } },
    wait: { kind: 'calendar', months: 0, weeks: 0, days: 3, at: '10:00' },
  })
}

const checkEnrolments = async (storage: Storage<unknown>): Promise<void> => {
  const [enrolment] = await storage.read((reader) => reader.enrolments.ofContact('c_1'))
  const entry = at('2026-01-05T01:00:00Z')
  const end = at('2026-01-08T01:00:00Z')
  assert.equal(enrolment?.wakeAt, end)
  assert.deepEqual(enrolment.wakeSpec, {
    wait: { kind: 'calendar', months: 0, weeks: 0, days: 3, at: '10:00' },
    ...{ anchorAt: entry, from: { kind: 'previous' }, arrivedAt: entry, endsAt: end },
  })
  assert.deepEqual([enrolment.memory, enrolment.pausesSeen, enrolment.depth], [{}, 0, 0])
  const due = (now: number, formats: number[]) => storage.read((reader) => reader.enrolments.due({ now, limit: 9, formats }))
  assert.deepEqual(await due(end - 1, [1, 2]), ['c_2'])
  assert.deepEqual(await due(end, [1, 2]), ['c_2', 'c_1'])
  assert.deepEqual(await due(end, [2]), [])
}

const checkMail = async (storage: Storage<unknown>): Promise<void> => {
  const [sent] = await storage.read((reader) => reader.messages.ofContact('c_1', { limit: 9 }))
  assert.deepEqual([sent?.state, sent?.urgent], ['sent', null])
  const now = at('2026-01-05T09:00:00Z')
  const answers = await storage.transaction(function* (tx) {
    const [mail] = yield* tx.queue.claim({ now, limit: 9, leaseUntil: now + hour, owner: 'w' })
    if (mail === undefined) throw new Error('Nothing was claimed.')
    const caps = [{ cap: 'daily', bucket: '2026-01-05', limit: 1 }]
    const request = { messageId: mail.message.id, contactId: 'c_2', token: mail.token, consentRev: mail.contact.consentRev, caps }
    const marks = yield* tx.queue.mark([request], { now, leaseUntil: now + hour })
    const used = yield* tx.queue.capsUsed([{ contactId: 'c_2', cap: 'daily', bucket: '2026-01-05' }])
    const done = { kind: 'done', messageId: mail.message.id, token: mail.token, state: 'sent', reason: null } as const
    const finished = yield* tx.queue.finish([{ ...done, templateHash: null, providerId: null, answer: null }], now)
    return { marks, used: used.map((row) => row.used), finished }
  })
  assert.deepEqual(answers, { marks: ['marked'], used: [1], finished: [true] })
}
