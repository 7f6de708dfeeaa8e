import type { Accepted } from '../world/app.ts'
import type { SeenMessage, Sighting } from '../world/sighting.ts'

/** A mail that the receiving side accepted. */
export interface HandOver {
  readonly message: SeenMessage
  readonly to: string
  /** The contact's date at that instant. */
  readonly date: string
}

/** Every mail that went out in a world, by whose it is now. */
export class HandOvers {
  readonly #all: (HandOver & { contactId: string })[] = []
  /** Subjects of mail that belongs to no message. */
  readonly strays: string[] = []

  /** Answers what is new. */
  add(accepted: readonly Accepted[], { messages }: Sighting, dateOf: (contactId: string) => string): readonly HandOver[] {
    const byId = new Map(messages.map((message) => [message.id, message]))
    const fresh = accepted.flatMap(({ mail }) => {
      const message = byId.get(mail.messageId)
      if (message === undefined) this.strays.push(mail.subject)
      return message === undefined
        ? []
        : [{ message, to: mail.to, date: dateOf(message.contactId), contactId: message.contactId }]
    })
    this.#all.push(...fresh)
    return fresh
  }

  get all(): readonly HandOver[] {
    return this.#all
  }

  /** Of a contact and of those who were merged into it. */
  of(contactId: string): readonly HandOver[] {
    return this.#all.filter((one) => one.contactId === contactId)
  }

  merged(from: string, into: string): void {
    for (const one of this.#all) if (one.contactId === from) one.contactId = into
  }

  /** Whoever comes back under that id is somebody else. */
  erased(id: string): void {
    for (const one of this.#all) if (one.contactId === id) one.contactId = ''
  }
}
