import type { DeclaredTemplate } from '../../define/declared.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import { routeOf } from '../../domain/contact/route-of.ts'
import { bucketOf, hour, type Instant } from '../../domain/time/instant.ts'
import type { Broadcast, Message, QueueEntry, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { newMessageId } from '../deliver/message-id.ts'
import type { Runtime } from '../runtime.ts'
import { queryNow } from './preview-audience.ts'

/** Members turned into messages in one transaction, which on SQLite holds the event loop for its length. */
const chunk = 250
/** A mail that is still queued this long after the planned time is not sent. */
const sendWithin = 24 * hour

/**
 * Starts the broadcasts that are due: freezes each audience in one statement and turns it, chunk by chunk, into messages, those
 * without an address as skipped ones. Answers how many messages were made. Repeatable after a crash: what was taken from the
 * audience has its message in the same commit. An abort ends it after the chunk under way.
 */
export const expandBroadcasts = async (
  runtime: Runtime,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<number> => {
  const due = await runtime.storage.read((reader) => reader.broadcasts.due(runtime.clock.now()))
  let made = 0
  for (const { id, template } of due) {
    const declared = runtime.templates.get(template)
    if (declared === undefined) {
      runtime.logger.warn('template.unknownHere', { template, broadcastId: id })
      continue
    }
    for (;;) {
      if (options.signal?.aborted) return made
      const done = await runtime.storage.transaction((tx) => expandChunk(runtime, tx, id, declared))
      if (done === null) break
      if (done.started !== undefined) warnIfTooLate(runtime, done.started)
      made += done.made
    }
  }
  return made
}

/** Said once: a broadcast starts once. */
const warnIfTooLate = ({ logger }: Runtime, { id, at, startedAt, audience }: Started): void => {
  if (startedAt >= at + sendWithin)
    logger.warn('broadcast.startedTooLate', { broadcastId: id, audience, late: startedAt - at, reason: 'no worker ran' })
}

interface Expanded {
  readonly made: number
  /** Where this was the start. */
  readonly started?: Started
}

/** One chunk; null where there is nothing to do: another holds it, it is cancelled, or all of it is expanded. */
function* expandChunk(runtime: Runtime, tx: StorageTransaction, id: string, template: DeclaredTemplate): Step<Expanded | null> {
  const locked = yield* tx.broadcasts.lock(id, { skipLocked: true })
  if (locked === null || (locked.state !== 'scheduled' && locked.state !== 'expanding')) return null
  if (locked.state === 'scheduled' || locked.startedAt === null) return yield* start(runtime, tx, locked)
  const ids = yield* tx.broadcasts.takeAudience(id, chunk)
  if (ids.length < chunk) yield* tx.broadcasts.save({ ...locked, state: 'sending' })
  if (ids.length === 0) return null
  const { startedAt } = locked
  const contacts = yield* tx.contacts.get(ids)
  const rows = contacts.map((contact) => rowOf(runtime, { ...locked, startedAt }, template, contact))
  return { made: yield* tx.messages.enqueue(rows) }
}

function* start(runtime: Runtime, tx: StorageTransaction, broadcast: Broadcast): Step<Expanded> {
  const audience = yield* tx.broadcasts.freeze(broadcast.id, queryNow(runtime, broadcast.segment.tree))
  const started = { ...broadcast, state: 'expanding', startedAt: runtime.clock.now(), audience } as const
  yield* tx.broadcasts.save(started)
  return { made: 0, started }
}

type Started = Broadcast & { readonly startedAt: Instant }

const rowOf = (
  runtime: Runtime,
  broadcast: Started,
  template: DeclaredTemplate,
  contact: Contact,
): { readonly message: Message; readonly queue: QueueEntry | null } => {
  const message = messageOf(runtime, broadcast, template, contact)
  if (contact.emailKey === null) return { message, queue: null }
  const queue: QueueEntry = {
    messageId: message.id,
    contactId: contact.id,
    enrolmentId: null,
    enrolmentRev: 0,
    scenario: null,
    broadcastId: broadcast.id,
    class: template.purpose === 'transactional' ? 0 : 2,
    route: routeOf(contact.emailKey.slice(contact.emailKey.lastIndexOf('@') + 1)),
    lane: contact.lane,
    runAt: broadcast.startedAt,
    expiresAt: broadcast.at + sendWithin,
  }
  return { message, queue }
}

const messageOf = (runtime: Runtime, broadcast: Started, template: DeclaredTemplate, contact: Contact): Message => {
  const now = runtime.clock.now()
  const bucket = bucketOf(broadcast.startedAt)
  const isReachable = contact.emailKey !== null
  return {
    id: newMessageId(runtime, bucket),
    bucket,
    idemKey: `${encodeURIComponent(broadcast.id)}:${encodeURIComponent(contact.id)}`,
    contactId: contact.id,
    template: template.name,
    purpose: template.purpose,
    topic: template.topic,
    isHtml: template.body.syntax === 'mjml',
    props: broadcast.props,
    scenario: null,
    scenarioVersion: null,
    stepId: null,
    enrolmentId: null,
    broadcastId: broadcast.id,
    state: isReachable ? 'queued' : 'skipped',
    reason: isReachable ? null : 'no-address',
    plannedAt: broadcast.at,
    createdAt: now,
    finishedAt: isReachable ? null : now,
    templateHash: null,
    providerId: null,
    answer: null,
    unknownToken: null,
    urgent: null,
  }
}
