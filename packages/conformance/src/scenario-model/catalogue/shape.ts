import type { Scenario } from '@tobiishi/core'

/** Which of its two contents a version has. */
export type Edition = 'a' | 'b'

/** What a version of a shape is built with. */
export interface Pressing {
  readonly version: number
  readonly edition: Edition
  readonly inFlight: 'pin' | 'migrate' | 'exit'
  /** It waits to be published by name. Default false. */
  readonly draft?: boolean
}

/** A small scenario that can be published in any number of versions. Equal pressings have equal definitions. */
export interface Shape {
  readonly name: string
  /** Other shapes that it leads to. */
  readonly needs?: readonly string[]
  /** A contact is in it at most once at a time, so that no two of its mails want a place under a cap at one instant. */
  readonly isAlone: boolean
  /** What `enrol` gives it to read. */
  readonly event?: { readonly n: number }
  /** A step of every edition at which somebody who moves in from another system may start. */
  readonly lastStep: string
  press(pressing: Pressing): Scenario
}
