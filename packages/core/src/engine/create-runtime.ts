import { randomBytes } from 'node:crypto'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import { createAddressKeys } from '../message/address-keys.ts'
import { createSigner } from '../message/create-signer.ts'
import { createConsoleLogger } from './console-logger.ts'
import { createPollingWaker } from './polling-waker.ts'
import type { Runtime } from './runtime.ts'
import { checkSettings, collectScenarios, collectTemplates } from './settings/check-options.ts'
import type { TobiishiOptions, TypedModel } from './settings/options.ts'
import { createSystemClock } from './system-clock.ts'

/** The checked options in the form that the parts of the engine share, and how the default clock is set. */
export const createRuntime = <D extends TypedModel, Tx>(
  options: TobiishiOptions<D, Tx>,
): { readonly runtime: Runtime; readonly synchroniseClock: () => Promise<void> } => {
  const settings = checkSettings(options)
  const templates = collectTemplates(options.templates ?? [], options.scenarios ?? [], settings)
  const handlers = new Map(Object.entries(options.handlers ?? {}))
  const scenarios = collectScenarios(options.scenarios ?? [], { templates, handlers })
  const systemClock = createSystemClock(options.storage.databaseNow?.bind(options.storage))
  const clock = options.clock ?? systemClock
  const { check, ...suppressionKeys } = createAddressKeys(options.addressKey)
  const randomId = createRandomId()
  const runtime: Runtime = {
    settings,
    model: options.model,
    scenarios,
    templates,
    handlers,
    prepared: new Map(),
    stored: { versions: new Map(), watching: null, leftAlone: new Set(), actsOnMail: false, asksWhoWasSent: false },
    storage: options.storage,
    transport: options.transport,
    markup: options.markup ?? null,
    clock,
    waker: options.waker ?? createPollingWaker(clock),
    logger: options.logger ?? createConsoleLogger(),
    signer: createSigner(options.secrets),
    suppressionKeys,
    addressKeyCheck: check,
    owner: randomId(),
    randomId,
  }
  warnOfMissingCalendar(runtime, options.isHoliday !== undefined)
  return { runtime, synchroniseClock: clock === systemClock ? systemClock.synchronise : async () => {} }
}

/** Without a calendar every weekday is a business day, which nobody notices before a holiday. */
const warnOfMissingCalendar = ({ scenarios, logger }: Runtime, hasCalendar: boolean): void => {
  if (hasCalendar) return
  const names = [...scenarios.values()].flatMap(({ definition }) => (asksForBusinessDays(definition) ? [definition.name] : []))
  if (names.length > 0) logger.warn('calendar.missing', { scenarios: names, advice: 'give isHoliday to createTobiishi' })
}

const asksForBusinessDays = ({ window, steps }: ScenarioDefinition): boolean =>
  window?.days === 'business' ||
  Object.values(steps).some(
    (step) =>
      (step.kind === 'wait' && step.wait.kind === 'business') ||
      (step.kind === 'wait-for' && step.timeout.wait.kind === 'business'),
  )

const idLength = 12

/** 12 random bytes as base64url. Drawn for many ids at once, because each call to the system costs more than the bytes. */
const createRandomId = (): (() => string) => {
  let pool = Buffer.alloc(0)
  let used = 0
  return () => {
    if (used === pool.length) {
      pool = randomBytes(idLength * 512)
      used = 0
    }
    used += idLength
    return pool.toString('base64url', used - idLength, used)
  }
}
