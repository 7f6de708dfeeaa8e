import type { DeclaredScenario, DeclaredTemplate } from '../define/declared.ts'
import type { Instant, Milliseconds } from '../domain/time/instant.ts'
import type { InstantInput } from '../domain/time/parse-instant.ts'
import { createConsoleLogger } from '../engine/console-logger.ts'
import { createTobiishi } from '../engine/create-tobiishi.ts'
import type { TobiishiOptions, TypedModel, TypesOf } from '../engine/settings/options.ts'
import type { ConsentInput, ModelTypes, Profile, TickReport, Tobiishi } from '../engine/tobiishi.ts'
import { memoryStorage } from '../memory/index.ts'
import type { Logger } from '../ports/logger.ts'
import type { OutgoingMail, TransportResult } from '../ports/transport.ts'
import { boundedHandlers } from './bounded-handlers.ts'
import type { OutboxMessage } from './outbox-message.ts'
import { outboxTransport } from './outbox-transport.ts'
import { plainMarkup } from './plain-markup.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

/** Options of `createTestTobiishi`: the app's own where given, defaults for tests where not. */
export interface TestOptions<D extends TypedModel, Tx = never> extends Partial<Omit<TobiishiOptions<D, Tx>, 'model' | 'clock'>> {
  readonly model: D
  readonly scenarios?: readonly DeclaredScenario[]
  readonly templates?: readonly DeclaredTemplate[]
  /** What the clock shows at first. Default 2026-01-05T00:00:00Z, a Monday, 09:00 in Tokyo. */
  readonly now?: InstantInput
  /**
   * Default true: a contact that is identified without `consent` and `withdraw` for the first time is taken to have consented
   * to all topics, because the law of Japan lets no marketing mail out otherwise. False to test what happens without.
   */
  readonly grantConsent?: boolean
  /**
   * Default true: `track`, `trackMany` and `enrol` of a contact nobody identified identify it first, as `<id>@example.test`. It
   * has no name and no attributes: a template that needs one cannot be rendered for it (`failed: render-failed`, and an error on
   * the console), and segments take each as absent. Call `contacts.identify` first where a test is about attributes. False: as in production, such a contact has no address and gets no mail.
   */
  readonly autoContacts?: boolean
  /**
   * Default: errors as JSON lines on standard error, so that a mail that could not be rendered or handed over does not go missing
   * in silence; warnings are left out.
   */
  readonly logger?: Logger
  /** What the receiving side says to a mail, for tests of bounces. Default: accepted. */
  readonly answer?: (mail: OutgoingMail) => TransportResult | undefined
  /**
   * Default 2000: milliseconds of real time after which a handler that has not settled is taken to be stuck. The clock of the test
   * then goes on to the time-out of its call, which has failed, as in production.
   */
  readonly handlerPatience?: Milliseconds
}

/** Everything of `Tobiishi`, with a clock that the test moves and a box of what was sent. */
export interface TestTobiishi<M extends ModelTypes, Tx = never> extends Tobiishi<M, Tx> {
  /** `await t.clock.advance('4 days')` does all the work of four days, each at its time, without sleeping. */
  readonly clock: VirtualClock
  /** What was accepted, in order. Empty where the test gives a `transport` of its own. */
  readonly outbox: readonly OutboxMessage[]
  /** Does what is due now; `clock.advance` does it by itself. */
  settle(): Promise<TickReport>
}

const sender = {
  legalName: '株式会社テスト',
  displayName: 'テスト',
  email: 'news@sender.test',
  postalAddress: '東京都千代田区1-1',
  contact: '03-0000-0000',
}

/**
 * A whole Tobiishi for a test of the app's own scenarios and templates: storage in memory, a virtual clock, an outbox instead of a
 * transport, a plain markup (`plainMarkup`), and contacts that exist and have consented unless the test says otherwise. Rejects
 * as `prepare()` does.
 */
export const createTestTobiishi = async <D extends TypedModel, Tx = never>(
  options: TestOptions<D, Tx>,
): Promise<TestTobiishi<TypesOf<D>, Tx>> => {
  const {
    now = '2026-01-05T00:00:00Z',
    grantConsent = true,
    autoContacts = true,
    answer,
    handlerPatience = 2_000,
    ...given
  } = options
  const { handlers, scenarios = [], logger = createConsoleLogger({ level: 'error' }) } = given
  const clock = createVirtualClock(now)
  /** What the engine waits for by itself, as between two tries to write something down, would wait for ever on a clock that waits for the engine. */
  const pause = async (until: Instant) => clock.jumpTo(until)
  const box = outboxTransport({ now: () => clock.now(), ...(answer === undefined ? {} : { answer }) })
  const mail = createTobiishi<D, Tx>({
    storage: memoryStorage(),
    transport: box,
    markup: plainMarkup,
    senders: { default: sender },
    baseUrl: 'https://app.test/mail',
    secrets: [{ id: 'test', value: 'a secret for tests, long enough to pass' }],
    addressKey: 'an address key for tests, long enough',
    ...given,
    logger,
    ...(handlers === undefined
      ? {}
      : { handlers: boundedHandlers(handlers, { clock, logger, scenarios, patience: handlerPatience }) }),
    clock: { ...clock, sleepUntil: (until, signal) => (signal === undefined ? pause(until) : clock.sleepUntil(until, signal)) },
  })
  await mail.prepare()

  const settle = async (): Promise<TickReport> => {
    const total = { advanced: 0, sent: 0, failed: 0, skipped: 0, retried: 0, unknown: 0, calls: 0 }
    for (;;) {
      const { nextDueAt, calls = 0, ...rest } = await mail.tick()
      const report = { ...rest, calls }
      for (const key of keysOf(total)) total[key] += report[key]
      if (keysOf(total).every((key) => report[key] === 0)) return { ...total, nextDueAt }
    }
  }
  clock.drive(async () => (await settle()).nextDueAt)
  return { ...mail, ...withContacts(mail, { grantConsent, autoContacts }), clock, outbox: box.outbox, settle }
}

const keysOf = <T extends object>(value: T) => Object.keys(value) as (keyof T)[]

type Entrances<M extends ModelTypes, Tx> = Pick<Tobiishi<M, Tx>, 'contacts' | 'track' | 'trackMany' | 'enrol'>

interface Conveniences {
  readonly grantConsent: boolean
  readonly autoContacts: boolean
}

const testGrant: ConsentInput = { basis: 'opt-in', evidence: { source: 'test: granted by createTestTobiishi' } }

/** A contact's id as the local part of an address. */
const addressOf = (id: string) => `${encodeURIComponent(id).replaceAll('%', '=')}@example.test`

/** The entrances with the two conveniences of the kit: consent at the first `identify`, and contacts that exist. */
const withContacts = <M extends ModelTypes, Tx>(mail: Tobiishi<M, Tx>, conveniences: Conveniences): Entrances<M, Tx> => {
  const met = new Set<string>()

  const granted = (id: string, profile: Profile<M['attributes']>): Profile<M['attributes']> => {
    const isFirst = !met.has(id)
    met.add(id)
    const isSaid = profile.consent !== undefined || profile.withdraw !== undefined
    return conveniences.grantConsent && isFirst && !isSaid ? { ...profile, consent: [testGrant] } : profile
  }

  const meet = async (id: string) => {
    if (!conveniences.autoContacts || met.has(id)) return
    if ((await mail.contacts.get(id)) === null) await mail.contacts.identify(id, granted(id, { email: addressOf(id) }))
    met.add(id)
  }

  return {
    contacts: {
      ...mail.contacts,
      identify: (id, profile, options) => mail.contacts.identify(id, granted(id, profile), options),
      identifyMany: (rows, options) => {
        if (!conveniences.grantConsent) return mail.contacts.identifyMany(rows, options)
        const all = Array.from(rows, (row) => ({ ...row, profile: granted(row.id, row.profile) }))
        return mail.contacts.identifyMany(all, options)
      },
    },
    track: async (contactId, event, payload, options) => {
      await meet(contactId)
      await mail.track(contactId, event, payload, options)
    },
    trackMany: async (rows, options) => {
      const all = [...rows]
      for (const { contactId } of all) await meet(contactId)
      return await mail.trackMany(all, options)
    },
    enrol: async (who, scenario, options) => {
      if (typeof who === 'string') await meet(who)
      return await mail.enrol(who, scenario, options)
    },
  }
}
