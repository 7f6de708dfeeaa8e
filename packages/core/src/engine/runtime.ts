import type { DeclaredModel, DeclaredScenario, DeclaredTemplate } from '../define/declared.ts'
import type { Audience, Jurisdiction } from '../domain/consent/consent.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import type { Milliseconds } from '../domain/time/instant.ts'
import type { PreparedTemplate } from '../message/prepared-template.ts'
import type { Sender } from '../message/sender.ts'
import type { Signer } from '../message/signer.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Markup } from '../ports/markup.ts'
import type { Storage } from '../ports/storage/index.ts'
import type { Transport } from '../ports/transport.ts'
import type { Waker } from '../ports/waker.ts'
import type { FrequencyCap, Handler } from './tobiishi.ts'

/** The options of `createTobiishi` after checking, with every default filled in. */
export interface Settings {
  readonly senders: { readonly [name: string]: Sender }
  /** No trailing slash. */
  readonly baseUrl: string
  readonly timeZone: string
  readonly defaultLocale: 'ja' | 'en'
  readonly jurisdiction: Jurisdiction
  readonly audience: Audience
  readonly environment: string
  /** Local part and domain of VERP return paths; null: the sender's address. */
  readonly bounceAddress: string | null
  readonly retry: { readonly attempts: number; readonly firstDelay: Milliseconds; readonly maxDelay: Milliseconds }
  readonly unknownPolicy: { readonly marketing: 'drop' | 'resend'; readonly transactional: 'drop' | 'resend' }
  readonly attribution: {
    readonly by: 'click' | 'open'
    readonly within: Milliseconds
    readonly events: readonly string[]
    /** Dotted path of the value in the event's payload. Default `total`. */
    readonly value?: string
  }
  readonly isHoliday: (date: string) => boolean
  readonly quietHours: { readonly from: string; readonly to: string } | null
  readonly caps: readonly CheckedCap[]
  /** Most handlers that this process runs at once. */
  readonly callConcurrency: number
}

/** A cap with its defaults; `topic` null: all marketing mail. */
export interface CheckedCap extends Required<Omit<FrequencyCap, 'topic'>> {
  readonly topic: string | null
}

/** What this process knows of the scenarios in the database. Versions are immutable, so what was read once stays true. */
export interface StoredScenarios {
  /** Definitions by `versionKey`, in the format of now; null where the stored format cannot be read. */
  readonly versions: Map<string, ScenarioDefinition | null>
  /** Watches that the scenarios of this process need; null before they have been read. */
  watching: readonly string[] | null
  /** Versions (`versionKey`) that this process lacks parts of, and about whose contacts it has said so. */
  readonly leftAlone: Set<string>
  /** Some scenario acts on what becomes of its mail, so that news of mail must be told to the contact's enrolments. Never taken back. */
  actsOnMail: boolean
  /** Some scenario asks who was sent mail, so that every mail that goes out must be told too. Never taken back. */
  asksWhoWasSent: boolean
}

/** What the parts of the engine share. Made once by `createTobiishi`; every part is a function or small class over it. */
export interface Runtime {
  readonly settings: Settings
  readonly model: DeclaredModel
  readonly scenarios: ReadonlyMap<string, DeclaredScenario>
  readonly templates: ReadonlyMap<string, DeclaredTemplate>
  readonly handlers: ReadonlyMap<string, Handler>
  /** Filled by `prepare`. */
  readonly prepared: Map<string, PreparedTemplate>
  readonly stored: StoredScenarios
  readonly storage: Storage<unknown>
  readonly transport: Transport
  readonly markup: Markup | null
  readonly clock: Clock
  readonly waker: Waker
  readonly logger: Logger
  readonly signer: Signer
  /** `a:` + keyed hash of a normalised address, `d:` + keyed hash of a domain. */
  readonly suppressionKeys: { address(emailKey: string): string; domain(domain: string): string }
  readonly addressKeyCheck: string
  /** Name of this process's worker. */
  readonly owner: string
  /** 12+ random bytes as base64url: ids. */
  readonly randomId: () => string
}
