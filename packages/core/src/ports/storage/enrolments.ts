import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { OwnWork } from './schema.ts'
import type { Step } from './step.ts'

export interface EnrolmentReader {
  /**
   * Contacts with active enrolments whose `wakeAt <= now` and whose scenario is active or stopped, in versions of these formats and
   * not `foreign` (default none), earliest first. Unlocked candidates.
   */
  due(
    options: { readonly now: Instant; readonly limit: number } & Pick<OwnWork, 'formats'> & Partial<Pick<OwnWork, 'foreign'>>,
  ): Step<string[]>
  ofContact(contactId: string): Step<Enrolment[]>
  /** All enrolments of these contacts, ended ones too, of one scenario where given; by (contactId, enteredAt, id). */
  ofContacts(contactIds: readonly string[], options?: { readonly scenario?: string }): Step<Enrolment[]>
  /** Active enrolments of a scenario by id in code-point order, after `after`; of other versions than `except` where given. Unlocked. */
  page(options: {
    readonly scenario: string
    readonly exceptVersion?: number
    readonly after: string | null
    readonly limit: number
  }): Step<Enrolment[]>
  /** Enrolments by version, state, the step they stand at (null: none) and the reason they ended with, for counts a step and previews. */
  countByStep(scenario: string): Step<
    {
      readonly version: number
      readonly state: Enrolment['state']
      readonly stepId: string | null
      readonly endReason: string | null
      readonly count: number
    }[]
  >
  count(filter: { readonly scenario: string; readonly state?: Enrolment['state'] }): Step<number>
}
export interface EnrolmentWriter extends EnrolmentReader {
  /** Active enrolments of contacts whose lock is held; locks them too. */
  lockActive(contactIds: readonly string[]): Step<Enrolment[]>
  /** Inserts; an existing (scenario, contactId, entryKey) is left alone. Answers the ids that are new. */
  enter(rows: readonly Enrolment[]): Step<string[]>
  /** Replaces rows that `lockActive` or `enter` gave; whose they are and their place (scenario, contact, entry key) stay. */
  save(rows: readonly Enrolment[]): Step<void>
  /** What is kept of the ended enrolments of a person who goes: the entry key becomes the id, event and memory are emptied. */
  forget(contactId: string): Step<void>
  /**
   * Gives the enrolments of `from` to `into`; both contacts are locked. Where `into` has that (scenario, entryKey) already, the
   * row stays with `from`. Answers the ids that moved.
   */
  move(from: string, into: string): Step<string[]>
}
