import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

export interface EnrolmentReader {
  /** Contacts with active enrolments whose `wakeAt <= now` and whose scenario is active, earliest first. Unlocked candidates. */
  due(options: { readonly now: Instant; readonly limit: number; readonly formats: readonly number[] }): Step<string[]>
  ofContact(contactId: string): Step<Enrolment[]>
  count(filter: { readonly scenario: string; readonly state?: Enrolment['state'] }): Step<number>
}
export interface EnrolmentWriter extends EnrolmentReader {
  /** Active enrolments of contacts whose lock is held; locks them too. */
  lockActive(contactIds: readonly string[]): Step<Enrolment[]>
  /** Inserts; an existing (scenario, contactId, entryKey) is left alone. Answers the ids that are new. */
  enter(rows: readonly Enrolment[]): Step<string[]>
  /** Replaces rows that `lockActive` or `enter` gave. */
  save(rows: readonly Enrolment[]): Step<void>
}
