import type { DeclaredScenario, DeclaredTemplate, TypesOf } from '@tobiishi/core'
import type { Logger, Storage } from '@tobiishi/core/ports'
import { createTestTobiishi, type OutboxMessage, type TestTobiishi } from '@tobiishi/core/testing'
import type { Setup } from '../command.ts'
import { model } from '../vocabulary.ts'

export type App = TestTobiishi<TypesOf<typeof model>, unknown>

/** A mail that the receiving side accepted. */
export interface Accepted {
  readonly mail: OutboxMessage
  readonly at: number
}

/** One try of a call to the app. */
export interface Tried {
  readonly idemKey: string
  /** From 0. */
  readonly attempt: number
  readonly isDone: boolean
}

/** What a world writes down of what its processes do outside. */
export interface Diary {
  readonly accepted: Accepted[]
  readonly tried: Tried[]
  /** What was logged as an error; nothing should be. */
  readonly errors: string[]
}

/** Band of the setups that have one. */
export const quietHours = { from: '21:00', to: '08:00' } as const

export const appZone = 'Asia/Tokyo'

/** Fails once for every fourth order, and always for every other fourth. */
const fails = (n: unknown, attempt: number): boolean => n === 3 || (n === 2 && attempt === 0)

const silent = () => {}

/** Starts a process of the app on the storage. */
export const startApp = (
  storage: Storage<unknown>,
  { caps, hasQuietHours }: Setup,
  process: {
    readonly now: number
    readonly scenarios: readonly DeclaredScenario[]
    readonly templates: readonly DeclaredTemplate[]
  },
  diary: Diary,
): Promise<App> => {
  const logger: Logger = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (event, fields) => {
      if (event !== 'call.gaveUp') diary.errors.push(`${event} ${JSON.stringify(fields)}`)
    },
  }
  return createTestTobiishi({
    model,
    storage,
    ...process,
    timeZone: appZone,
    grantConsent: false,
    autoContacts: false,
    logger,
    handlers: {
      crm: ({ idemKey, payload }) => {
        const attempt = diary.tried.filter((one) => one.idemKey === idemKey).length
        const isDone = !fails(payload.n, attempt)
        diary.tried.push({ idemKey, attempt, isDone })
        if (!isDone) throw new Error('The app cannot be reached.')
      },
    },
    ...(hasQuietHours ? { quietHours } : {}),
    ...(caps === null ? {} : { caps: [{ name: 'daily', per: 'day', limit: 1, policy: caps }] }),
  })
}
