import type { DeclaredSegment, DeclaredTemplate } from '../../define/declared.ts'
import type { SkipReason } from '../../domain/consent/consent.ts'
import { decideSend } from '../../domain/consent/decide-send.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { SegmentQuery } from '../../domain/segment/segment-node.ts'
import { today } from '../../domain/time/local-date.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { lookUpSuppressions, type SuppressionsOf } from '../suppression-lookup.ts'
import type { Audience, LongOptions } from '../tobiishi.ts'

const pageSize = 1_000

export interface PreviewRequest {
  readonly template: DeclaredTemplate
  readonly to: DeclaredSegment
}

/** A segment's query as of now. */
export const queryNow = (runtime: Runtime, tree: SegmentQuery['tree']): SegmentQuery => {
  const now = runtime.clock.now()
  return { tree, now, today: today(now, runtime.settings.timeZone) }
}

/**
 * Whom a mail would reach now, and why it would not reach the others, by the decision that sending makes. Reads page by page;
 * an abort ends it with what was counted so far.
 */
export const previewAudience = async (
  runtime: Runtime,
  request: PreviewRequest,
  options: LongOptions = {},
): Promise<Audience> => {
  const query = queryNow(runtime, request.to.tree)
  const leftOut: { [reason in SkipReason]?: number } = {}
  let inSegment = 0
  let willReceive = 0
  let after: string | null = null
  for (;;) {
    if (options.signal?.aborted) break
    const { contacts, suppressionsOf, last, isLast }: Page = await runtime.storage.read((reader) =>
      readPage(runtime, reader, query, after),
    )
    for (const contact of contacts) {
      const decision = decide(runtime, request.template, contact, suppressionsOf, query.now)
      inSegment += 1
      if (decision === null) willReceive += 1
      else leftOut[decision] = (leftOut[decision] ?? 0) + 1
    }
    options.onProgress?.({ done: inSegment, total: null })
    if (isLast) break
    after = last
  }
  return { inSegment, willReceive, leftOut }
}

interface Page {
  readonly contacts: readonly Contact[]
  readonly suppressionsOf: SuppressionsOf
  readonly last: string | null
  readonly isLast: boolean
}

function* readPage(runtime: Runtime, reader: StorageReader, query: SegmentQuery, after: string | null): Step<Page> {
  const ids = yield* reader.segments.page(query, { after, limit: pageSize })
  const contacts = yield* reader.contacts.get(ids)
  const suppressionsOf = yield* lookUpSuppressions(runtime, reader, contacts)
  return { contacts, suppressionsOf, last: ids.at(-1) ?? null, isLast: ids.length < pageSize }
}

const decide = (
  { settings }: Runtime,
  { purpose, topic }: DeclaredTemplate,
  contact: Contact,
  suppressionsOf: SuppressionsOf,
  now: number,
): SkipReason | null => {
  const { jurisdiction, audience } = settings
  const message = { purpose, topic, expiresAt: null }
  const decision = decideSend({ contact, message, suppressions: suppressionsOf(contact), jurisdiction, audience, now })
  return decision.allow ? null : decision.reason
}
