import type { Instant, Milliseconds } from '../../domain/time/instant.ts'
import { nextSendable, type SendRules } from '../../domain/time/next-sendable.ts'
import { windowEnd } from '../../domain/time/window-end.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Message, ScenarioReader, Step } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { definitionOf, readVersions, versionOf } from './pinned-version.ts'

/** The parts of a mail that decide when it may go out. */
export interface TimedMail {
  readonly message: Pick<Message, 'purpose' | 'scenario' | 'scenarioVersion' | 'urgent'>
  readonly contact: { readonly timeZone: string | null }
}

/** Reads what `openingFor` needs about these mails: nothing, unless one is of a version that is neither declared nor known. */
export function* readSendWindows(
  runtime: Runtime,
  reader: { readonly scenarios: ScenarioReader },
  mails: readonly TimedMail['message'][],
): Step<void> {
  const versions = mails.flatMap((mail) => versionOf(mail) ?? [])
  if (versions.length > 0) yield* readVersions(runtime, reader, versions)
}

/**
 * The window of its scenario, and quiet hours for marketing mail, in the contact's zone; null where it may go out at any time:
 * there is neither, or it is an urgent transactional mail. Throws where the version cannot be read here.
 */
export const sendRulesFor = (runtime: Runtime, { message, contact }: TimedMail): SendRules | null => {
  const isMarketing = message.purpose === 'marketing'
  if (message.urgent !== null && !isMarketing) return null
  const version = versionOf(message)
  const definition = version === null ? undefined : definitionOf(runtime, version)
  if (definition === null)
    throw new TobiishiError(
      'scenario.invalid',
      'This version of the scenario was stored by a newer release: update this process.',
    )
  const window = definition?.window ?? null
  const { timeZone, isHoliday } = runtime.settings
  const quietHours = isMarketing ? runtime.settings.quietHours : null
  if (window === null && quietHours === null) return null
  return { window, quietHours, zone: contact.timeZone ?? timeZone, isHoliday: (date) => isHoliday(date) }
}

/**
 * When a mail may go out at the earliest, from `at` on: `at` itself, or the next instant in its scenario's window and outside of
 * the quiet hours. Needs `readSendWindows` first. Throws what `nextSendable` throws, and for a version that this process
 * cannot read.
 */
export const openingFor = (runtime: Runtime, mail: TimedMail, at: Instant): Instant => {
  const rules = sendRulesFor(runtime, mail)
  return rules === null ? at : nextSendable(at, rules)
}

/** When mail may go out: from `opensAt` on, and no more from `closesAt` on (null: not within the time asked). */
export interface Opening {
  readonly opensAt: Instant
  readonly closesAt: Instant | null
}

/**
 * The openings of the mails of one batch as of one instant, worked out once for all that share window and zone. `within` is how
 * far ahead an end is looked for. Throws as `openingFor`.
 */
export class BatchOpenings {
  readonly #runtime: Runtime
  readonly #now: Instant
  readonly #until: Instant
  readonly #always: Opening
  readonly #found = new Map<string, Opening>()

  constructor(runtime: Runtime, now: Instant, within: Milliseconds) {
    this.#runtime = runtime
    this.#now = now
    this.#until = now + within
    this.#always = { opensAt: now, closesAt: null }
  }

  /** Mail that may go out at any time is not looked at before its own, though it be claimed: who moves has all of it looked at again. */
  of(mail: TimedMail & { readonly message: Pick<Message, 'plannedAt'> }): Opening {
    const rules = sendRulesFor(this.#runtime, mail)
    const { scenario, scenarioVersion, purpose, plannedAt } = mail.message
    if (rules === null) return plannedAt > this.#now ? { opensAt: plannedAt, closesAt: null } : this.#always
    const key = `${purpose}\n${scenario}\n${scenarioVersion}\n${rules.zone}`
    const found = this.#found.get(key) ?? this.#openingBy(rules)
    this.#found.set(key, found)
    return found
  }

  #openingBy(rules: SendRules): Opening {
    const opensAt = nextSendable(this.#now, rules)
    if (opensAt > this.#now) return { opensAt, closesAt: null }
    return { opensAt, closesAt: windowEnd(this.#now, this.#until, { ...rules, isHoliday: closedWhereUnknown(rules) }) }
  }
}

/** A day about which the calendar says nothing is not sent on: what is open now closes before it. */
const closedWhereUnknown =
  (rules: SendRules): SendRules['isHoliday'] =>
  (date) => {
    try {
      return rules.isHoliday(date)
    } catch {
      return true
    }
  }
