import type { LocalDate } from '../time/instant.ts'

/** Mails a day, from current enrolments. */
export interface Forecast {
  readonly days: readonly {
    readonly date: LocalDate
    readonly mails: number
    readonly byStep: { readonly [step: string]: number }
  }[]
  /** Enrolments whose way depends on what nobody can know yet (events, opens, segments): counted on the way they take if nothing happens. */
  readonly uncertain: number
}
