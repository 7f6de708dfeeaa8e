import type { DeclaredModel, DeclaredScenario, DeclaredTemplate } from '../../define/declared.ts'
import type { Audience, Jurisdiction } from '../../domain/consent/consent.ts'
import type { Milliseconds } from '../../domain/time/instant.ts'
import type { Secret } from '../../message/create-signer.ts'
import type { Sender } from '../../message/sender.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Markup } from '../../ports/markup.ts'
import type { Storage } from '../../ports/storage/index.ts'
import type { Transport } from '../../ports/transport.ts'
import type { Waker } from '../../ports/waker.ts'
import type { FrequencyCap, Handler, ModelTypes } from '../tobiishi.ts'

/** What `createTobiishi` needs and may be given. Checked at once; what is wrong is refused as `config.invalid` with its path. */
export interface TobiishiOptions<D extends TypedModel = TypedModel, Tx = never> {
  readonly model: D
  readonly scenarios?: readonly DeclaredScenario[]
  /** Those that broadcasts and tests send. Templates of scenarios come with their scenarios. */
  readonly templates?: readonly DeclaredTemplate[]
  readonly storage: Storage<Tx>
  readonly transport: Transport
  /** Needed as soon as one template is HTML. */
  readonly markup?: Markup
  /** Who may be sending; `default` is used where a template names none. */
  readonly senders: { readonly default: Sender; readonly [name: string]: Sender }
  /** Where `handler` is mounted, as recipients reach it. http or https; a path is kept. */
  readonly baseUrl: string
  /** The first signs, all verify. */
  readonly secrets: readonly Secret[]
  /** At least 32 bytes. Hashes suppressed addresses; never changes for a database. */
  readonly addressKey: string
  /** IANA zone of the app: calendar waits of contacts without their own, and days of reports. Default `Asia/Tokyo`. */
  readonly timeZone?: string
  /** Language of contacts that have none. Default `ja`. */
  readonly defaultLocale?: 'ja' | 'en'
  /** Whose law decides. Default `JP`. */
  readonly jurisdiction?: Jurisdiction
  /** Default `consumer`, the stricter. */
  readonly audience?: Audience
  /** Name of this installation's surroundings, such as `production` or `staging`: part of the stamp that tells a copied database. Default `production`. */
  readonly environment?: string
  /** Where bounces go (VERP puts the message id into it). Default: the sender's address. */
  readonly bounceAddress?: string
  /** Functions that `call` steps call, by name. Default none. */
  readonly handlers?: { readonly [name: string]: Handler }
  /** Most handlers that one process runs at once. Default 5. */
  readonly callConcurrency?: number
  /** Band of the contact's local day in which no marketing mail goes out, as `{ from: '21:00', to: '08:00' }`; it waits for the end. Default none. */
  readonly quietHours?: { readonly from: string; readonly to: string }
  /** Default none. */
  readonly caps?: readonly FrequencyCap[]
  /** Closed days for `business`, as `@tobiishi/core/calendars/jp` has them. Default: no holidays. */
  readonly isHoliday?: (date: string) => boolean
  /**
   * Of mail that was certainly not accepted: the server could not be reached, or said "not now". Default: until the mail expires
   * (its step's `sendWithin`, 24 hours after its time), from 1 minute to 4 hours apart, the last one shortly before. `attempts`
   * ends it earlier. Each pass that postpones mail logs `delivery.postponed`; mail given up is `delivery.gaveUp`.
   */
  readonly retry?: { readonly attempts?: number; readonly firstDelay?: Milliseconds; readonly maxDelay?: Milliseconds }
  /** What happens to a mail whose hand-over has no known end. Default `drop` for marketing, `resend` for transactional. */
  readonly unknownPolicy?: { readonly marketing?: 'drop' | 'resend'; readonly transactional?: 'drop' | 'resend' }
  /** Which events count as success, and how they find their mail. Default: no events; last human click within 5 days. */
  readonly attribution?: {
    readonly events: readonly (keyof TypesOf<D>['events'] & string)[]
    readonly by?: 'click' | 'open'
    readonly within?: Milliseconds
    /** Dotted path of the number in the payload that is summed up. Default `total`. */
    readonly value?: string
  }
  /** Default: the process's clock corrected by the database's. */
  readonly clock?: Clock
  /** Default: looks every 5 s, earlier when something is due or told. */
  readonly waker?: Waker
  /** Default: warnings and errors as JSON lines on standard error. */
  readonly logger?: Logger
}

/** A model with the types that it fixes, as `defineModel` answers it. */
export interface TypedModel extends DeclaredModel {
  readonly '~types'?: ModelTypes
}

/** The caller's types of a model: attributes and payloads as they are written. */
export type TypesOf<D extends TypedModel> = D extends { readonly '~types'?: infer Types extends ModelTypes } ? Types : ModelTypes
