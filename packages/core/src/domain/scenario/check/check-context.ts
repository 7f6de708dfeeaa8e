import type { ScenarioDefinition } from '../scenario-definition.ts'

/** A cap as `createTobiishi` has it. */
export interface CheckedCap {
  readonly name: string
  readonly per: 'day' | 'week' | 'month'
  readonly limit: number
  /** Default: all marketing mail. */
  readonly topic?: string | null
  /** Default `defer`. */
  readonly policy?: 'skip' | 'defer' | 'advance'
}

/** What a reading may know besides the definition; absent parts are not looked at. */
export interface CheckContext {
  /** By name. `required` and `optional` are the props of the template. */
  readonly templates?: {
    readonly [name: string]: {
      readonly purpose: 'marketing' | 'transactional'
      /** Null, or absent: none. */
      readonly topic?: string | null
      readonly required: readonly string[]
      readonly optional: readonly string[]
    }
  }
  /** Names of the handlers that the app gives. */
  readonly handlers?: readonly string[]
  /** All scenarios: names for `go-to`, definitions to follow them round too. */
  readonly scenarios?: readonly (string | ScenarioDefinition)[]
  /** As the option of `createTobiishi`. */
  readonly quietHours?: { readonly from: string; readonly to: string } | null
  /** As the option of `createTobiishi`. Of a cap on a topic only mail counts whose template is known. */
  readonly caps?: readonly CheckedCap[]
}
