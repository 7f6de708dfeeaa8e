import type { DeclaredScenario } from '../../src/define/declared.ts'
import { memoryStorage } from '../../src/memory/index.ts'
import { createAddressKeys } from '../../src/message/address-keys.ts'
import type { Call, Storage, StorageReader } from '../../src/ports/storage/index.ts'
import type { Step } from '../../src/ports/storage/step.ts'
import { createTestTobiishi, type TestOptions } from '../../src/testing/index.ts'
import { model, nudge, plain, pro, thanks } from '../shop.ts'

/** Monday 10:00 in Tokyo. */
export const start = '2026-01-05T01:00:00Z'

export const [first, second] = [plain('first'), plain('second')]

const addressKey = 'an address key for tests, long enough'

type Options = Partial<Omit<TestOptions<typeof model>, 'model' | 'scenarios'>>

/** A whole Tobiishi on a storage that the test can look into and that outlives it. */
export const lifeWorld = async (scenarios: readonly DeclaredScenario[], options: Options = {}) => {
  const storage: Storage = options.storage ?? memoryStorage()
  const templates = options.templates ?? [nudge, thanks, first, second]
  const t = await createTestTobiishi({ model, now: start, templates, addressKey, scenarios, ...options, storage })
  const read = <T>(work: (reader: StorageReader) => Step<T>) => storage.read(work)
  const { address } = createAddressKeys(addressKey)
  const suppressionOf = async (email: string) => (await read((reader) => reader.suppressions.find([address(email)])))[0]
  return { ...t, storage, read, suppressionOf }
}
export type LifeWorld = Awaited<ReturnType<typeof lifeWorld>>

export const statesOf = async (t: LifeWorld, id: string) =>
  (await t.scenarios.enrolments(id)).map(({ version, state, stepId, endReason }) => ({ version, state, stepId, endReason }))

/** Subjects of what was accepted, with who got it. */
export const sent = (t: LifeWorld): string[] => t.outbox.map(({ to, subject }) => `${to.split('@')[0]}: ${subject}`)

/** What became of the contact's mail, oldest first. */
export const mails = async (t: LifeWorld, id: string) =>
  (await t.messages.ofContact(id))
    .toSorted((a, b) => a.plannedAt - b.plannedAt)
    .map(({ template, state, reason }) => (reason === null ? `${template}: ${state}` : `${template}: ${state} (${reason})`))

/** Starts by a segment, splits, and calls the app: what leaves traces of a contact beside mail and events. */
export const everything = model.scenario('everything', {
  version: 1,
  enterOn: { segment: pro },
  steps: ({ split, call }) => [split('half', { arms: { one: { weight: 1 }, other: { weight: 1 } } }), call('tell', 'tell')],
})
export const tracesOf = async (t: LifeWorld, id: string) => {
  const calls = (await waitingCalls(t)).filter(({ contactId }) => contactId === id)
  return await t.read(function* (reader) {
    const keys = (yield* reader.watches.all()).map(({ key }) => key)
    const variants = yield* reader.assignments.get(['everything:half'], [id])
    const watches = yield* reader.watches.members(keys, [id])
    return { variants: variants.length, watches: watches.length, calls: calls.length }
  })
}

/** Looked at as a worker would claim them, and given back by a transaction that fails. */
const waitingCalls = async ({ storage, clock }: LifeWorld): Promise<readonly Call[]> => {
  let found: readonly Call[] = []
  const undo = new Error('undo')
  const claiming = storage.transaction(function* (tx): Step<void> {
    found = yield* tx.calls.claim({ now: clock.now(), limit: 99, leaseMargin: 0, handlers: ['tell'] })
    throw undo
  })
  await claiming.catch((error: unknown) => {
    if (error !== undo) throw error
  })
  return found
}
