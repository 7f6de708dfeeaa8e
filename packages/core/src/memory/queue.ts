import { minute } from '../domain/time/instant.ts'
import type { ClaimedMail, QueueWriter } from '../ports/storage/index.ts'
import { capsUsed, purgeCaps } from './caps.ts'
import { finish } from './finish.ts'
import { giveBack } from './give-back.ts'
import { isPaused } from './is-paused.ts'
import type { QueueRow } from './mail-tables.ts'
import { createMark } from './mark.ts'
import { endMessage } from './messages.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createQueue = (tables: Tables): QueueWriter => {
  const mark = createMark(tables)
  return {
    capsUsed: (asked) => verb(() => capsUsed(tables, asked)),
    depth: () => verb(() => tables.queue.size),
    claim: ({ now, limit, leaseUntil, owner }) =>
      verb(() =>
        claimable(tables, now, limit).flatMap((row) =>
          claimedMail(tables, tables.queue.put({ ...row, leaseUntil, owner, token: row.token + 1 })),
        ),
      ),
    mark: (requests, options) => verb(() => requests.map((request) => mark(request, options))),
    finish: (requests, now) => verb(() => requests.map((request) => finish(tables, request, now))),
    release: (claims) =>
      verb(() => {
        for (const { messageId, token } of claims) {
          const row = tables.queue.get(messageId)
          if (row !== undefined && row.phase === 0 && row.token === token) giveBack(tables, row)
        }
      }),
    purgeCaps: (options) => verb(() => purgeCaps(tables, options)),
    reap: ({ now, limit }) =>
      verb(() => {
        const over = tables.marked.rows.take(limit).filter((row) => (row.leaseUntil ?? 0) <= now)
        return over.flatMap((row) => {
          tables.queue.delete(row.entry.messageId)
          const change = { state: 'unknown', reason: 'lease-over', finishedAt: now, unknownToken: row.token } as const
          return endMessage(tables, row.entry.messageId, change) ?? []
        })
      }),
  }
}

/** Walks (class, route, lane) groups in order and skips the rest of a group at its first row that is not due yet. */
const claimable = (tables: Tables, now: number, limit: number): QueueRow[] => {
  const found: QueueRow[] = []
  let rows = tables.unmarked.rows.from(() => true)
  while (found.length < limit) {
    const next = rows.next()
    if (next.done) break
    const row = next.value
    if (row.entry.runAt > now) rows = tables.unmarked.rows.from((other) => isPastGroup(other, row))
    else if ((row.leaseUntil ?? now) <= now && !isPaused(tables, row.entry.scenario)) found.push(row)
  }
  return found
}

const isPastGroup = ({ entry: a }: QueueRow, { entry: b }: QueueRow): boolean => {
  if (a.class !== b.class) return a.class > b.class
  if (a.route !== b.route) return a.route > b.route
  return a.lane > b.lane
}

const claimedMail = (tables: Tables, row: QueueRow): ClaimedMail[] => {
  const message = tables.messages.get(row.entry.messageId)
  const contact = tables.contacts.get(row.entry.contactId)
  if (message === undefined || contact === undefined) return []
  const { enrolmentId } = row.entry
  const hasSiblings = enrolmentId !== null && tables.queueByEnrolment.of(enrolmentId).length > 1
  const lateSentAt = lateSentAtOf(tables, enrolmentId)
  return [{ queue: row.entry, token: row.token, attempt: row.attempt, message, contact, hasSiblings, lateSentAt }]
}

const lateSentAtOf = (tables: Tables, enrolmentId: string | null): number | null => {
  if (enrolmentId === null) return null
  const late = tables.messagesByEnrolment.of(enrolmentId).flatMap(({ state, plannedAt, finishedAt }) => {
    const isOut = state === 'sent' || state === 'unknown'
    return isOut && finishedAt !== null && finishedAt - plannedAt > minute ? [finishedAt] : []
  })
  return late.length === 0 ? null : Math.max(...late)
}
