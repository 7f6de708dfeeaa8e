import type { Contact } from '../../domain/contact/contact.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from './step.ts'

export interface ContactReader {
  get(ids: readonly string[]): Step<Contact[]>
  findByEmailKeys(keys: readonly string[]): Step<{ readonly emailKey: string; readonly id: string }[]>
  /** Ids in code-point order, after `after`; null when there are no more. */
  page(options: { readonly after: string | null; readonly limit: number }): Step<Contact[]>
  count(): Step<number>
}

export interface ContactWriter extends ContactReader {
  /** Makes the missing ones, without address. Concurrent makers of one id: one row, no error. */
  ensure(contacts: readonly { readonly id: string; readonly hash: number; readonly lane: number }[], now: Instant): Step<void>
  /**
   * Takes the write lock of these contacts in id order and answers their rows as of now. Every write of consent, suppression,
   * cap or erasure and every advance holds it. With `skipLocked` a contact held by another is left out, else waited for.
   */
  lock(ids: readonly string[], options: { readonly skipLocked: boolean }): Step<Contact[]>
  /** Replaces the rows (the caller holds their locks). An `emailKey` held by another contact: the address columns keep their old value and the id is answered. */
  save(contacts: readonly Contact[]): Step<{ readonly addressTaken: readonly string[] }>
  /** Deletes a contact whose lock is held. Its other rows are the caller's to move or erase before. */
  remove(id: string): Step<void>
}
