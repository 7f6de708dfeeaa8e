import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { PastEvent } from '../../domain/scenario/transition-contract.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step } from '../../ports/storage/index.ts'
import type { Batch } from './batch.ts'
import { partsOf } from './definition-parts.ts'
import type { TaskOf, TasksByDefinition } from './tasks-by-definition.ts'

export interface AskedEvent {
  readonly definition: ScenarioDefinition
  readonly event: string
}

const none: readonly PastEvent[] = []

/** The events of a batch's contacts as far as they have been read. */
export class KnownEvents {
  readonly #batch: Batch
  readonly #tasks: TasksByDefinition
  /** Definition → event → contact → events, newest first. */
  readonly #read = new Map<ScenarioDefinition, Map<string, ReadonlyMap<string, readonly PastEvent[]>>>()

  constructor(batch: Batch, tasks: TasksByDefinition) {
    this.#batch = batch
    this.#tasks = tasks
  }

  /** Newest first; undefined: not read yet. */
  of(definition: ScenarioDefinition, event: string, contactId: string): readonly PastEvent[] | undefined {
    const read = this.#read.get(definition)?.get(event)
    return read === undefined ? undefined : (read.get(contactId) ?? none)
  }

  /** Reads events for the enrolments of these definitions, back to the earliest entry among them. Of events that waits count from, all. */
  *read(asked: readonly AskedEvent[]): Step<void> {
    const fresh = asked.filter(({ definition, event }) => !this.#read.get(definition)?.has(event))
    const isAnchor = ({ definition, event }: AskedEvent) => partsOf(definition).anchors.has(event)
    const recent = fresh.filter((one) => !isAnchor(one))
    const tasks = this.#tasks.of(recent.map(({ definition }) => definition))
    yield* this.#readSince(recent, earliestEntry(tasks))
    yield* this.#readSince(fresh.filter(isAnchor), 0)
  }

  *#readSince(asked: readonly AskedEvent[], since: Instant): Step<void> {
    if (asked.length === 0) return
    const contactIds = this.#tasks.contactsOf(asked.map(({ definition }) => definition))
    const names = [...new Set(asked.map(({ event }) => event))]
    const rows = yield* this.#batch.tx.events.ofContacts(contactIds, { names, since })
    const byName = Map.groupBy(rows, ({ name }) => name)
    for (const { definition, event } of asked) {
      const own = this.#read.get(definition) ?? new Map<string, ReadonlyMap<string, readonly PastEvent[]>>()
      this.#read.set(definition, own)
      own.set(
        event,
        Map.groupBy(byName.get(event) ?? [], ({ contactId }) => contactId),
      )
    }
  }
}

const earliestEntry = (tasks: readonly TaskOf[]): Instant =>
  tasks.reduce(
    (earliest: Instant, { enrolment }: { readonly enrolment: Enrolment }) => Math.min(earliest, enrolment.enteredAt),
    Number.MAX_SAFE_INTEGER,
  )
