import { describe, expect, it } from 'vitest'
import { hello, model, nudge, onboarding } from '../../../test/shop.ts'
import { createTobiishi, type DeclaredScenario, silentLogger } from '../../index.ts'
import { memoryStorage } from '../../memory/index.ts'
import type { SchemaState, Storage } from '../../ports/index.ts'
import { createTestTobiishi, outboxTransport, plainMarkup } from '../../testing/index.ts'

const start = (
  storage: Storage,
  scenario: DeclaredScenario = onboarding,
  more: { baseUrl?: string; environment?: string; addressKey?: string } = {},
) => createTestTobiishi({ model, scenarios: [scenario], storage, ...more })

/** What createTestTobiishi sets, for a process that cannot be prepared. */
const testSetting = {
  model,
  transport: outboxTransport(),
  markup: plainMarkup,
  logger: silentLogger,
  senders: { default: { legalName: 'x', displayName: 'x', email: 'a@b.test', postalAddress: 'x', contact: 'x' } },
  baseUrl: 'https://app.test/mail',
  secrets: [{ id: 'test', value: 'a secret for tests, long enough to pass' }],
  addressKey: 'an address key for tests, long enough',
}

const version = (number: number, days: number) =>
  model.scenario('onboarding', {
    version: number,
    enterOn: 'brochure.requested',
    steps: ({ send, wait, event }) => [
      send('hello', hello, { brochure: event.brochure }),
      wait('settle', { days }),
      send('nudge', nudge),
    ],
  })

describe('starting on a database', () => {
  it.each<[SchemaState, string, RegExp]>([
    ['missing', 'schema.not_migrated', /run `await storage\.migrate\(\)`/],
    ['outdated', 'schema.outdated', /run `await storage\.migrate\(\)`/],
    ['too-new', 'schema.too_new', /update the package/],
  ])('refuses tables that are %s and says what to do', async (state, code, sentence) => {
    const storage: Storage = { ...memoryStorage(), schemaState: async () => state }
    await expect(start(storage)).rejects.toThrow(expect.objectContaining({ code, message: expect.stringMatching(sentence) }))
  })

  it('refuses a copy of another installation', async () => {
    const storage = memoryStorage()
    await start(storage)
    await expect(start(storage)).resolves.toBeDefined()
    await expect(start(storage, onboarding, { baseUrl: 'https://staging.test' })).rejects.toThrow(
      expect.objectContaining({
        code: 'stamp.mismatch',
        message: expect.stringMatching(/app\.test.*staging\.test.*database of its own/),
      }),
    )
    await expect(start(storage, onboarding, { environment: 'staging' })).rejects.toThrow(
      expect.objectContaining({ code: 'stamp.mismatch' }),
    )
  })

  it('refuses another address key', async () => {
    const storage = memoryStorage()
    await start(storage)
    await expect(start(storage, onboarding, { addressKey: 'another key of enough characters' })).rejects.toThrow(
      expect.objectContaining({ code: 'config.address_key_changed' }),
    )
  })

  it('refuses a version number that was published with other contents, and names the difference', async () => {
    const storage = memoryStorage()
    await start(storage, version(1, 3))
    await expect(start(storage, version(1, 4))).rejects.toThrow(
      expect.objectContaining({
        code: 'scenario.changed',
        message: expect.stringMatching(/steps\.settle\.wait\.days was 3, is 4.*Raise the version to 2/),
      }),
    )
    await expect(start(storage, version(2, 4))).resolves.toBeDefined()
  })

  it('keeps the higher version when a process with a lower one starts later', async () => {
    const storage = memoryStorage()
    await start(storage, version(2, 4))
    const older = await start(storage, version(1, 3))
    await older.track('c_1', 'brochure.requested', { brochure: 'A' })
    await older.settle()
    expect((await older.scenarios.enrolments('c_1')).map((enrolment) => enrolment.version)).toEqual([2])
  })

  it('leaves contacts on the version they entered', async () => {
    const storage = memoryStorage()
    const before = await start(storage, version(1, 3))
    await before.track('c_1', 'brochure.requested', { brochure: 'A' })
    await before.settle()
    const after = await start(storage, version(2, 30))
    await after.track('c_2', 'brochure.requested', { brochure: 'A' })
    await after.clock.advance('10 days')
    expect(after.outbox.map(({ to, subject }) => [to, subject])).toEqual([
      ['c_2@example.test', 'hello A'],
      ['c_1@example.test', 'nudge'],
    ])
  })
})

describe('a process whose scenarios are refused', () => {
  it('takes nothing in, but lets people leave', async () => {
    const storage = memoryStorage()
    const before = await start(storage, version(1, 3))
    await before.contacts.identify('c_1', { email: 'a@example.test' })
    const refused = createTobiishi({ ...testSetting, storage, scenarios: [version(1, 4)] })
    await expect(refused.contacts.identify('c_2', {})).rejects.toThrow(expect.objectContaining({ code: 'scenario.changed' }))
    await refused.consent.withdraw('c_1', { evidence: { source: 'unsubscribe-page' } })
    expect((await before.contacts.get('c_1'))?.consent.all?.status).toBe('withdrawn')
  })
})
