import type { SendWindow } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { nextInWindow } from '../../domain/time/next-in-window.ts'
import type { ClaimedMail, Message, ScenarioReader, Step, Storage } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'

interface PinnedVersion {
  readonly scenario: string
  readonly version: number
}

/** Windows of stored versions that this process does not declare. Versions are immutable: what was read once stays true. */
const stored = new WeakMap<Storage<unknown>, Map<string, SendWindow | null>>()

const storedIn = (storage: Storage<unknown>): Map<string, SendWindow | null> => {
  const known = stored.get(storage) ?? new Map<string, SendWindow | null>()
  stored.set(storage, known)
  return known
}

const keyOf = ({ scenario, version }: PinnedVersion) => `${scenario}\n${version}`

const versionOf = ({ scenario, scenarioVersion }: Message): PinnedVersion | null =>
  scenario === null || scenarioVersion === null ? null : { scenario, version: scenarioVersion }

const isDeclared = (runtime: Runtime, { scenario, version }: PinnedVersion): boolean =>
  runtime.scenarios.get(scenario)?.definition.version === version

/** Reads what `openingFor` needs about these mails: nothing, unless one is of a version that is neither declared nor known. */
export function* readSendWindows(
  runtime: Runtime,
  reader: { readonly scenarios: ScenarioReader },
  mails: readonly ClaimedMail[],
): Step<void> {
  const known = storedIn(runtime.storage)
  const missing = new Map<string, PinnedVersion>()
  for (const { message } of mails) {
    const version = versionOf(message)
    if (version === null || isDeclared(runtime, version) || known.has(keyOf(version))) continue
    missing.set(keyOf(version), version)
  }
  if (missing.size === 0) return
  for (const { scenario, version, definition } of yield* reader.scenarios.versions([...missing.values()]))
    known.set(keyOf({ scenario, version }), definition.window ?? null)
}

const windowOf = (runtime: Runtime, message: Message): SendWindow | null => {
  const version = versionOf(message)
  if (version === null) return null
  if (isDeclared(runtime, version)) return runtime.scenarios.get(version.scenario)?.definition.window ?? null
  return storedIn(runtime.storage).get(keyOf(version)) ?? null
}

/**
 * When a mail may go out at the earliest, from `at` on: `at` itself, or the next opening of its scenario's window in the
 * contact's zone. Needs `readSendWindows` first. Throws what `nextInWindow` throws.
 */
export const openingFor = (runtime: Runtime, { message, contact }: ClaimedMail, at: Instant): Instant => {
  const window = windowOf(runtime, message)
  if (window === null) return at
  const { timeZone, isHoliday } = runtime.settings
  return nextInWindow(at, window, contact.timeZone ?? timeZone, (date) => isHoliday(date))
}
