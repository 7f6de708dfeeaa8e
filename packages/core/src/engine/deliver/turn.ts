import type { Instant } from '../../domain/time/instant.ts'
import type { DeliveryEvent } from '../../domain/tracking/delivery-event.ts'
import type {
  FinishRequest,
  InboxEntry,
  MarkAnswer,
  MarkRequest,
  Message,
  QueueEntry,
  Step,
  StorageTransaction,
} from '../../ports/storage/index.ts'
import { tellContacts } from '../inbox/tell-contacts.ts'
import { tellEnrolments } from '../ingest/tell-enrolments.ts'
import type { Runtime } from '../runtime.ts'
import { tellPostponed } from './tell-postponed.ts'

/** A refusal at hand-over: the bounce, and the address that was refused in its comparable form. */
export interface Rejection {
  readonly event: DeliveryEvent
  readonly emailKey: string | null
}

/** What ended since the last turn and waits to be written down. */
export interface TurnWrites {
  readonly finishes: FinishRequest[]
  /** What enrolments are told where the finish takes effect. */
  readonly notices: Map<FinishRequest, InboxEntry>
  readonly rejections: Rejection[]
  /** Copies of mail whose fate is unknown, where the policy is to send again. */
  readonly resends: { readonly message: Message; readonly queue: QueueEntry }[]
}

export const emptyWrites = (): TurnWrites => ({ finishes: [], notices: new Map(), rejections: [], resends: [] })

export interface TurnAnswers {
  readonly marks: readonly MarkAnswer[]
  readonly finished: readonly boolean[]
}

/**
 * One transaction of a delivery run: marks the next calls and writes down the ended ones, with the word of it to enrolments that
 * wait for what becomes of their mail. Marks go first because they take contacts (contact → send_queue → message).
 */
export function* turn(
  runtime: Runtime,
  tx: StorageTransaction,
  marks: readonly MarkRequest[],
  writes: TurnWrites,
  times: { readonly now: Instant; readonly leaseUntil: Instant },
): Step<TurnAnswers> {
  const marked = marks.length === 0 ? [] : yield* tx.queue.mark(marks, times)
  const finished = writes.finishes.length === 0 ? [] : yield* tx.queue.finish(writes.finishes, times.now)
  if (writes.rejections.length > 0) yield* recordRejections(runtime, tx, writes.rejections)
  if (writes.resends.length > 0) yield* tx.messages.enqueue(writes.resends)
  if (writes.notices.size > 0) yield* tell(tx, writes, finished)
  yield* tellPostponed(tx, untold(writes, finished), times.now)
  return { marks: marked, finished }
}

function* recordRejections(runtime: Runtime, tx: StorageTransaction, rejections: readonly Rejection[]): Step<void> {
  const events = rejections.map(({ event }) => event)
  yield* tx.messages.recordDelivery(events)
  yield* tellEnrolments(runtime, tx, events)
}

/** Mail that was put back and of which nobody is told otherwise. */
const untold = ({ finishes, notices }: TurnWrites, finished: readonly boolean[]) =>
  finishes.flatMap((finish, index) =>
    finish.kind === 'retry' && finished[index] === true && !notices.has(finish) ? [finish] : [],
  )

function* tell(tx: StorageTransaction, { finishes, notices }: TurnWrites, finished: readonly boolean[]): Step<void> {
  const entries = finishes.flatMap((finish, index) => (finished[index] ? (notices.get(finish) ?? []) : []))
  yield* tellContacts(tx, entries)
}
