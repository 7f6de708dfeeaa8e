import type { Contact, Enrolment, Message, MessageFacts } from '@tobiishi/core'
import type { Storage, StorageReader } from '@tobiishi/core/ports'

/** An enrolment as it stands in the storage, under a key that is the same in every world. */
export interface SeenCourse {
  readonly key: string
  readonly row: Enrolment
}

export type SeenMessage = Message & { readonly facts: MessageFacts }

/** All that can be seen at one instant of the contacts of a run. */
export interface Sighting {
  readonly at: number
  readonly contacts: ReadonlyMap<string, Contact>
  readonly courses: readonly SeenCourse[]
  readonly messages: readonly SeenMessage[]
  /** `experiment contact` → variant. */
  readonly variants: ReadonlyMap<string, string>
}

export const nothingSeen: Sighting = { at: 0, contacts: new Map(), courses: [], messages: [], variants: new Map() }

/** Looks at a storage. What it has seen once it knows again, so that ids, which are drawn by chance, can be told by their meaning. */
export class Observer {
  readonly #storage: Storage<unknown>
  readonly #contactIds: readonly string[]
  readonly #experiments: readonly string[]
  readonly #rows = new Map<string, Enrolment>()
  /** Whose an enrolment was when it was first seen. */
  readonly #owners = new Map<string, string>()

  constructor(
    storage: Storage<unknown>,
    watched: { readonly contactIds: readonly string[]; readonly experiments: readonly string[] },
  ) {
    this.#storage = storage
    this.#contactIds = watched.contactIds
    this.#experiments = watched.experiments
  }

  /** One snapshot. */
  async look(at: number): Promise<Sighting> {
    const [ids, experiments] = [this.#contactIds, this.#experiments]
    const { contacts, rows, messages, variants } = await this.#storage.read(function* (reader: StorageReader) {
      const all: SeenMessage[] = []
      for (const id of ids) all.push(...(yield* reader.messages.ofContact(id, { limit: 1_000 })))
      return {
        contacts: yield* reader.contacts.get(ids),
        rows: yield* reader.enrolments.ofContacts(ids),
        messages: all,
        variants: experiments.length === 0 ? [] : yield* reader.assignments.get(experiments, ids),
      }
    })
    for (const row of rows) {
      this.#rows.set(row.id, row)
      if (!this.#owners.has(row.id)) this.#owners.set(row.id, row.contactId)
    }
    return {
      at,
      contacts: new Map(contacts.map((contact) => [contact.id, contact])),
      courses: rows.map((row) => ({ key: this.#keyOf(row), row })),
      messages,
      variants: new Map(variants.map(({ experiment, contactId, variant }) => [`${experiment} ${contactId}`, variant])),
    }
  }

  /** An enrolment that was seen before, whoever has it now. */
  seen(enrolmentId: string): SeenCourse | null {
    const row = this.#rows.get(enrolmentId)
    return row === undefined ? null : { key: this.#keyOf(row), row }
  }

  /** Another scenario enters under the id of the enrolment that leads there. */
  #keyOf({ entryKey }: Enrolment): string {
    const source = this.#rows.get(entryKey.replace(/:\d+$/, ''))
    return source === undefined ? entryKey : `by ${source.scenario} ${this.#keyOf(source)} of ${this.#owners.get(source.id)}`
  }
}
