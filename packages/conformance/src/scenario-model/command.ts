import type { EventName } from './vocabulary.ts'

/** What a run begins with. */
export interface Setup {
  /** Names of shapes. */
  readonly cast: readonly string[]
  /** Declared in code, or saved as JSON and published by name. */
  readonly origin: 'code' | 'json'
  /** At most one marketing mail a contact and local day, and what happens to the others. */
  readonly caps: 'skip' | 'defer' | 'advance' | null
  readonly hasQuietHours: boolean
  readonly people: readonly {
    /** Makes the id another, and with it the share of a split. */
    readonly salt: number
    readonly zone: string | null
    readonly plan: 'free' | 'pro' | null
    readonly hasConsent: boolean
  }[]
}

/**
 * One thing that happens. Plain data, so that a failing list can be shrunk, printed and put into a test. `who` and `scenario` count
 * modulo the people and the cast; spans are minutes, on a grid of five, so that the pauses between two tries of a call, which
 * nobody can foresee to the second, never decide about anything else.
 */
export type Command =
  | {
      readonly do: 'identify'
      readonly who: number
      readonly plan?: 'free' | 'pro' | null
      readonly zone?: string | null
      /** Days from today; null clears. */
      readonly renewsIn?: number | null
      /** Of a contact without one: the same as ever, which is suppressed where it was erased, or one that nobody had. */
      readonly address: 'own' | 'new'
    }
  /** `id` of a small pool, so that ids come again, 0 for any contact; `isHeld`: told together with what follows. */
  | {
      readonly do: 'track'
      readonly who: number
      readonly event: EventName
      readonly id: number
      readonly n: number
      readonly ago: number
      readonly isHeld: boolean
    }
  /** The latest events of a contact once more, backwards: nothing may come of it. */
  | { readonly do: 'tell again'; readonly who: number }
  | {
      readonly do: 'enrol'
      readonly who: number
      readonly scenario: number
      readonly key: number | null
      readonly isAtLastStep: boolean
    }
  | {
      readonly do: 'publish'
      readonly scenario: number
      readonly change: 'none' | 'other'
      readonly inFlight: 'pin' | 'migrate' | 'exit'
      /** Of a scenario that is declared: whether publishing is a deploy, or a word after one that brought a draft. */
      readonly by: 'deploy' | 'name'
    }
  | { readonly do: 'pause'; readonly scenario: number }
  | { readonly do: 'resume'; readonly scenario: number; readonly missed: 'continue' | 'skip' | 'shift' }
  /** At one instant: nothing may come of it. */
  | { readonly do: 'pause and resume'; readonly scenario: number; readonly missed: 'continue' | 'skip' | 'shift' }
  | { readonly do: 'stop'; readonly scenario: number; readonly inFlight: 'finish' | 'exit' }
  | { readonly do: 'start again'; readonly scenario: number }
  | { readonly do: 'merge'; readonly from: number; readonly into: number }
  | { readonly do: 'erase'; readonly who: number }
  | { readonly do: 'withdraw'; readonly who: number; readonly topic: 'news' | 'tips' | null }
  | { readonly do: 'grant'; readonly who: number; readonly topic: 'news' | 'tips' | null }
  /** By the link of the latest mail that has one. */
  | { readonly do: 'unsubscribe'; readonly who: number }
  | { readonly do: 'read'; readonly who: number; readonly how: 'opened' | 'clicked' }
  /** Workers are there all the time. */
  | { readonly do: 'advance'; readonly minutes: number }
  /** Nobody works meanwhile, and not before the next command. */
  | { readonly do: 'outage'; readonly minutes: number }
  /** The process ends and a new one starts. */
  | { readonly do: 'restart' }
  /** Another process works once. */
  | { readonly do: 'second worker' }

/** One line, as code that can be pasted into a test. */
export const tellCommand = (command: Command): string =>
  JSON.stringify(command)
    .replace(/"([a-zA-Z]+)":/g, '$1:')
    .replaceAll('"', "'")
