import type { ConsentEntry, Suppression } from '../../domain/consent/consent.ts'
import type { Step } from './step.ts'

export interface ConsentReader {
  /** The ledger of a contact, oldest first (occurredAt, recordedAt, id). */
  ledger(contactId: string): Step<ConsentEntry[]>
}
export interface ConsentWriter extends ConsentReader {
  /** Append-only. The same id again is ignored. */
  append(entries: readonly ConsentEntry[]): Step<void>
  /** Gives the ledger of `from` to `into` (of an erased contact: to its alias; evidence is kept for as long as the law asks). */
  move(from: string, into: string): Step<void>
}
export interface SuppressionReader {
  find(keys: readonly string[]): Step<Suppression[]>
}
export interface SuppressionWriter extends SuppressionReader {
  /** The wider scope wins (`all` over `marketing`), the earlier `since` stays. */
  put(rows: readonly Suppression[]): Step<void>
  remove(keys: readonly string[]): Step<void>
}
