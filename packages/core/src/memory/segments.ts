import type { Contact } from '../domain/contact/contact.ts'
import { compareCodePoints } from '../domain/segment/code-point-order.ts'
import { evaluateSegment, type SegmentMessage } from '../domain/segment/evaluate-segment.ts'
import { earliestOf } from '../domain/segment/next-change.ts'
import type { SegmentQuery } from '../domain/segment/segment-node.ts'
import type { SegmentReader } from '../ports/storage/index.ts'
import type { Tables } from './tables.ts'
import { verb } from './verb.ts'

export const createSegments = (tables: Tables): SegmentReader => ({
  count: (query) => verb(() => membersOf(tables, query, tables.contacts.values()).length),
  page: (query, { after, limit }) =>
    verb(() => {
      const ids: string[] = []
      for (const contact of tables.contactsById.rows.from((row) => after === null || compareCodePoints(row.id, after) > 0)) {
        if (ids.length >= limit) break
        if (isMember(tables, query, contact)) ids.push(contact.id)
      }
      return ids
    }),
  matching: (query, contactIds) =>
    verb(() => membersOf(tables, query, tables.contacts.pick(new Set(contactIds))).map((contact) => contact.id)),
  earliest: (leaf, contactIds, after) =>
    verb(() =>
      [...new Set(contactIds)].flatMap((contactId) => {
        const at = earliestOf(leaf, after, tables.eventsByContact.of(contactId), messagesOf(tables, contactId))
        return at === null ? [] : [{ contactId, at }]
      }),
    ),
})

export const membersOf = (tables: Tables, query: SegmentQuery, contacts: Iterable<Contact>): Contact[] =>
  [...contacts].filter((contact) => isMember(tables, query, contact))

const isMember = (tables: Tables, query: SegmentQuery, contact: Contact): boolean =>
  evaluateSegment(query, contact, tables.eventsByContact.of(contact.id), messagesOf(tables, contact.id))

const messagesOf = (tables: Tables, contactId: string): readonly SegmentMessage[] =>
  tables.messagesByContact.of(contactId).map((message) => {
    const facts = tables.facts.get(message.id)
    return {
      scenario: message.scenario,
      stepId: message.stepId,
      sentAt: message.state === 'sent' ? message.finishedAt : null,
      openedAt: facts?.humanOpenedAt ?? null,
      clickedAt: facts?.humanClickedAt ?? null,
    }
  })
