import type { Enrolment } from '../../src/domain/scenario/enrolment.ts'
import type { Assignment, MarkRequest, ScenarioRow, StorageTransaction } from '../../src/ports/storage/index.ts'
import type { TransportResult } from '../../src/ports/transport.ts'
import { watchingWrites } from './watching-writes.ts'

/** What was committed, in the order of the commits, as far as the invariants ask for it. */
export type Fact =
  | {
      readonly kind: 'marked'
      readonly process: number
      readonly messageId: string
      readonly contactId: string
      readonly token: number
    }
  /** A call that was certainly not accepted. */
  | { readonly kind: 'put back'; readonly messageId: string; readonly token: number }
  | { readonly kind: 'withdrawn'; readonly contactId: string }
  | { readonly kind: 'enrolment'; readonly enrolment: Enrolment }
  | { readonly kind: 'scenario'; readonly row: ScenarioRow }
  | { readonly kind: 'assigned'; readonly assignment: Assignment }
  | { readonly kind: 'call ended'; readonly idemKey: string }
  /** What was kept of a person or of a twin goes on under this name. */
  | { readonly kind: 'renamed'; readonly from: string; readonly to: string }
  /** Somebody came with an answer, or wanted to begin, after their lease. */
  | { readonly kind: 'came too late' }

/** A mail that was given to the other side. */
export interface HandOver {
  readonly messageId: string
  readonly to: string
  /** Of its mark, and where that is among the facts; null and -1 without one. */
  readonly token: number | null
  readonly markedAt: number
  /** When the engine began the call; the other side may have heard it later. */
  readonly startedAt: number
  readonly result: TransportResult
}

/** A call of a handler of the app. */
export interface Handled {
  readonly idemKey: string
  readonly attempt: number
  /** How many facts there were when the engine began it. */
  readonly after: number
}

/** What all processes of a world did, seen from outside. */
export interface Witness {
  readonly facts: Fact[]
  readonly handOvers: HandOver[]
  readonly handled: Handled[]
}

export const newWitness = (): Witness => ({ facts: [], handOvers: [], handled: [] })

/** What is seen of one try of a transaction; of no use where it is taken back. */
export interface Notes {
  readonly process: number
  readonly facts: Fact[]
  hasWritten: boolean
}

/** Where the verbs note what they do. */
interface Noting {
  notes: Notes
}
const made = new WeakMap<StorageTransaction, Noting & { readonly tx: StorageTransaction }>()

/** The verbs of a transaction, which note what they do. Made once for a storage, which runs one transaction at a time. */
export const noting = (plain: StorageTransaction, notes: Notes): StorageTransaction => {
  const known = made.get(plain)
  if (known !== undefined) {
    known.notes = notes
    return known.tx
  }
  const to: Noting = { notes }
  const tx = watchingWrites(plain, () => {
    to.notes.hasWritten = true
  })
  const all = { ...tx, ...notingScenarios(tx, to), ...notingConsent(tx, to), ...notingDelivery(tx, to) }
  made.set(plain, Object.assign(to, { tx: all }))
  return all
}

const noteEnrolments = (rows: readonly Enrolment[], { notes }: Noting): void => {
  for (const enrolment of rows) notes.facts.push({ kind: 'enrolment', enrolment })
}

const notingScenarios = (
  tx: StorageTransaction,
  to: Noting,
): Pick<StorageTransaction, 'enrolments' | 'assignments' | 'scenarios'> => ({
  enrolments: {
    ...tx.enrolments,
    *enter(rows) {
      const entered = yield* tx.enrolments.enter(rows)
      noteEnrolments(
        rows.filter(({ id }) => entered.includes(id)),
        to,
      )
      return entered
    },
    *save(rows) {
      yield* tx.enrolments.save(rows)
      noteEnrolments(rows, to)
    },
    *move(from, into) {
      to.notes.facts.push({ kind: 'renamed', from, to: into })
      return yield* tx.enrolments.move(from, into)
    },
  },
  assignments: {
    ...tx.assignments,
    *put(rows) {
      yield* tx.assignments.put(rows)
      for (const assignment of rows) to.notes.facts.push({ kind: 'assigned', assignment })
    },
  },
  scenarios: {
    ...tx.scenarios,
    *save(row) {
      yield* tx.scenarios.save(row)
      to.notes.facts.push({ kind: 'scenario', row })
    },
  },
})

const notingConsent = (tx: StorageTransaction, to: Noting): Pick<StorageTransaction, 'consents'> => ({
  consents: {
    ...tx.consents,
    *append(entries) {
      yield* tx.consents.append(entries)
      for (const { kind, contactId } of entries) if (kind === 'withdraw') to.notes.facts.push({ kind: 'withdrawn', contactId })
    },
  },
})

const notingDelivery = (tx: StorageTransaction, to: Noting): Pick<StorageTransaction, 'queue' | 'calls'> => ({
  queue: {
    ...tx.queue,
    *mark(requests, options) {
      const answers = yield* tx.queue.mark(requests, options)
      for (const [index, request] of requests.entries()) {
        if (answers[index] === 'marked') to.notes.facts.push(markOf(request, to.notes.process))
        if (answers[index] === 'lost') to.notes.facts.push({ kind: 'came too late' })
      }
      return answers
    },
    *finish(requests, now) {
      const answers = yield* tx.queue.finish(requests, now)
      for (const [index, { kind, messageId, token }] of requests.entries()) {
        if (answers[index] !== true) to.notes.facts.push({ kind: 'came too late' })
        else if (kind === 'retry') to.notes.facts.push({ kind: 'put back', messageId, token })
      }
      return answers
    },
  },
  calls: {
    ...tx.calls,
    *finish(requests) {
      const answers = yield* tx.calls.finish(requests)
      for (const [index, { idemKey, outcome }] of requests.entries()) {
        if (answers[index] !== true) to.notes.facts.push({ kind: 'came too late' })
        else if (outcome !== 'retry') to.notes.facts.push({ kind: 'call ended', idemKey })
      }
      return answers
    },
  },
})

const markOf = ({ messageId, contactId, token }: MarkRequest, process: number): Fact => ({
  kind: 'marked',
  process,
  messageId,
  contactId,
  token,
})
