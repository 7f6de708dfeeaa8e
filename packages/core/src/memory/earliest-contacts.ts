import { compareCodePoints } from '../domain/segment/code-point-order.ts'

/**
 * The contacts of rows that are due, the earliest first, each once. Every group is sorted by its time, so no more than the
 * first `limit` contacts of each are looked at.
 */
export const earliestContacts = <Row extends { readonly contactId: string }>(
  groups: Iterable<Iterable<Row>>,
  dueAt: (row: Row) => number | null,
  { now, limit }: { readonly now: number; readonly limit: number },
): string[] => {
  const earliest = new Map<string, number>()
  for (const rows of groups) {
    for (const [contactId, at] of firstOfContacts(rows, dueAt, now, limit)) {
      earliest.set(contactId, Math.min(at, earliest.get(contactId) ?? at))
    }
  }
  return [...earliest]
    .sort(([aId, aAt], [bId, bAt]) => aAt - bAt || compareCodePoints(aId, bId))
    .slice(0, limit)
    .map(([id]) => id)
}

const firstOfContacts = <Row extends { readonly contactId: string }>(
  rows: Iterable<Row>,
  dueAt: (row: Row) => number | null,
  now: number,
  limit: number,
): Map<string, number> => {
  const firsts = new Map<string, number>()
  for (const row of rows) {
    const at = dueAt(row)
    if (at === null || at > now || firsts.size >= limit) break
    if (!firsts.has(row.contactId)) firsts.set(row.contactId, at)
  }
  return firsts
}
