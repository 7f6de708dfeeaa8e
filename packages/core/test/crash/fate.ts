/** Where a process can be interrupted: at each request of a transaction, before its commit and after, and around what it does outside. */
export type Place =
  | 'request'
  | 'before commit'
  | 'after commit'
  | 'before append'
  | 'after append'
  | 'before hand-over'
  | 'after hand-over'
  | 'before handler'
  | 'after handler'

type PlaceInside = 'request' | 'before commit'

/** What happens to one transaction. */
export interface Hazard {
  /** A chance: true ends it there, and what it wrote is taken back. Before the commit only where it has written anything. */
  readonly breaks: (place: PlaceInside) => boolean
  /** Told at once before each try, and after each that was taken back. */
  readonly begins: () => void
  readonly broke: () => void
}

/** What happens to a process, at one of its chances. */
export interface Fate {
  /** Resolves while the process runs: never again for a dead one, later for one that stands still. */
  readonly awake: () => Promise<void>
  /** Of a transaction that begins. */
  readonly hazard: () => Hazard
  /** A chance outside of transactions. */
  readonly pass: (place: Exclude<Place, PlaceInside>) => Promise<void>
}

const nothing = () => {}
const resolved = () => Promise.resolve()
const harmless: Hazard = { breaks: () => false, begins: nothing, broke: nothing }

export const alive = (): Fate => ({ awake: resolved, hazard: () => harmless, pass: resolved })

/** A fate that strikes once. */
export interface Struck extends Fate {
  readonly struck: Promise<Place>
}

/** A promise of its own each time: one that all dead processes share would hold all of them in memory. */
const never = () => new Promise<never>(() => {})

/** Dies at the n-th chance: nothing that it awaits ever comes back. */
export const deathAt = (nth: number): Struck => {
  const struck = Promise.withResolvers<Place>()
  let chances = 0
  const strikes = (place: Place): boolean => {
    chances += 1
    if (chances === nth) struck.resolve(place)
    return chances >= nth
  }
  const hazard = { ...harmless, breaks: (place: PlaceInside) => (place === 'request' ? chances >= nth : strikes(place)) }
  return {
    awake: () => (chances >= nth ? never() : Promise.resolve()),
    hazard: () => hazard,
    pass: (place) => (strikes(place) ? never() : Promise.resolve()),
    struck: struck.promise,
  }
}

/** A process that stands still until it is told to go on. */
export interface Stall extends Struck {
  readonly resume: () => void
}

/**
 * Stands still at the n-th chance, as a process under SIGSTOP does, all of it, until told to go on. What it had done in a
 * transaction that was not committed is taken back, as a database does that loses the connection, and done again afterwards.
 */
export const stallAt = (nth: number): Stall => {
  const struck = Promise.withResolvers<Place>()
  const gate = Promise.withResolvers<void>()
  let chances = 0
  let isOpen = false
  const isHeld = () => chances >= nth && !isOpen
  const strikes = (place: Place): boolean => {
    chances += 1
    if (chances === nth) struck.resolve(place)
    return isHeld()
  }
  const hazard = { ...harmless, breaks: (place: PlaceInside) => (place === 'request' ? isHeld() : strikes(place)) }
  return {
    awake: () => (isHeld() ? gate.promise : Promise.resolve()),
    hazard: () => hazard,
    pass: (place) => (strikes(place) ? gate.promise : Promise.resolve()),
    struck: struck.promise,
    resume: () => {
      isOpen = true
      gate.resolve()
    },
  }
}

/** Breaks every transaction at its first request, then at its second, and so on, at last before its commit; then lets it through. */
export const breaking = (told: Omit<Hazard, 'breaks'>): Fate => {
  const hazard = (): Hazard => {
    let chance = 0
    let breaksAt = 1
    return {
      begins: () => {
        chance = 0
        told.begins()
      },
      breaks: () => {
        chance += 1
        return chance === breaksAt
      },
      broke: () => {
        breaksAt += 1
        told.broke()
      },
    }
  }
  return { ...alive(), hazard }
}
