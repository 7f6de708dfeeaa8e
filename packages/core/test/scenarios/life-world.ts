import type { DeclaredScenario } from '../../src/define/declared.ts'
import { memoryStorage } from '../../src/memory/index.ts'
import { createAddressKeys } from '../../src/message/address-keys.ts'
import type { Storage, StorageReader } from '../../src/ports/storage/index.ts'
import type { Step } from '../../src/ports/storage/step.ts'
import { createTestTobiishi, type TestOptions } from '../../src/testing/index.ts'
import { model, nudge, plain, thanks } from '../shop.ts'

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
