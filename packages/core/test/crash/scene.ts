import type { DeclaredScenario, DeclaredTemplate } from '../../src/define/declared.ts'
import type { FrequencyCap, HandlerCall, Tobiishi, TypesOf } from '../../src/index.ts'
import type { model } from '../club.ts'
import type { Answer } from './process.ts'
import type { Snapshot } from './snapshot.ts'

export type App = Tobiishi<TypesOf<typeof model>>

/** A release of the app. */
export interface Code {
  readonly scenarios: readonly DeclaredScenario[]
  /** Templates of no scenario. */
  readonly templates?: readonly DeclaredTemplate[]
  readonly handlers?: { readonly [name: string]: (call: HandlerCall) => void }
  readonly caps?: readonly FrequencyCap[]
}

/** What the app's people and customers do. It is done again when the process dies in it, so it must bear that. */
export type Act = {
  /** Milliseconds after the start of the world. */
  readonly at: number
} & ({ readonly run: (mail: App) => Promise<unknown> } | { readonly release: number })

/** A small world: an app, what happens to it, and how long it is looked at. */
export interface Scene {
  readonly name: string
  /** The first is there from the start. */
  readonly releases: readonly Code[]
  readonly acts: readonly Act[]
  /** Milliseconds after the start. */
  readonly until: number
  readonly contactIds: readonly string[]
  /** The storage allows one worker at a time, as SQLite does. Default false. */
  readonly isSingleWorker?: boolean
  /** Default: accepted. */
  readonly answer?: Answer
  /** An address that may be suppressed in the end. */
  readonly suppressed?: string
  /** Hours of Tokyo's day in which mail goes out. Default: any. */
  readonly opens?: { readonly from: number; readonly to: number }
  /** What may end otherwise: where it is left to who comes first, or follows from a mail of which nobody knows whether it arrived. */
  readonly isOpen?: (subject: string, ending: { readonly snapshot: Snapshot; readonly isAmbiguous: boolean }) => boolean
  /** Errors and warnings that belong to the story. */
  readonly says?: readonly string[]
}
