import type { Kit } from './engine-world.ts'

export const subjects = (kit: Kit): string[] => kit.outbox.map(({ subject }) => subject)

export const recipients = (kit: Kit): string[] => kit.outbox.map(({ to }) => to).toSorted()

/** What the ledger says of the contact's mail, oldest first: `hello sent`, `nudge skipped: late`. */
export const ledger = async (kit: Kit, contactId = 'c_1'): Promise<string[]> => {
  const messages = (await kit.messages.ofContact(contactId)).toReversed().toSorted((a, b) => a.plannedAt - b.plannedAt)
  return messages.map(({ template, state, reason }) => `${template} ${state}${reason === null ? '' : `: ${reason}`}`)
}

/** When the contact's mail went out, oldest first. */
export const sentAt = async (kit: Kit, contactId = 'c_1'): Promise<string[]> => {
  const messages = await kit.messages.ofContact(contactId)
  const instants = messages.filter(({ state }) => state === 'sent').map(({ finishedAt }) => finishedAt ?? 0)
  return instants.toSorted((a, b) => a - b).map((instant) => new Date(instant).toISOString().replace('.000Z', 'Z'))
}

/** What went out to the contact and when, by the clock on a wall of `timeZone`, in that order; what went out together as it was planned: `2026-01-05 10:00 hello`. */
export const mailed = async (kit: Kit, contactId = 'c_1', timeZone = 'Asia/Tokyo'): Promise<string[]> => {
  const sent = (await kit.messages.ofContact(contactId)).toReversed().filter(({ state }) => state === 'sent')
  const lines = sent.map(({ template, finishedAt, plannedAt }) => ({ template, plannedAt, at: finishedAt ?? 0 }))
  return lines
    .toSorted((a, b) => a.at - b.at || a.plannedAt - b.plannedAt)
    .map(({ template, at }) => `${wallTime(at, timeZone)} ${template}`)
}

/** `2026-01-05 10:00`. */
export const wallTime = (instant: number, timeZone = 'Asia/Tokyo'): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(instant)

/** How the contact's enrolments stand: `active`, `completed`, `exited: event:order.placed`. */
export const enrolments = async (kit: Kit, contactId = 'c_1'): Promise<string[]> => {
  const all = await kit.scenarios.enrolments(contactId)
  return all.map(({ state, endReason }) => (endReason === null ? state : `${state}: ${endReason}`)).toSorted()
}

/** What a promise rejected with; fails where it did not. */
export const rejection = async (promise: Promise<unknown>): Promise<{ readonly code?: string; readonly message: string }> => {
  try {
    await promise
  } catch (error) {
    return error as Error & { readonly code?: string }
  }
  throw new Error('This was not refused.')
}

/** Adds contacts `c_0`, `c_1`, …, every third of them a pro. */
export const addContacts = async (kit: Kit, count: number): Promise<void> => {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: `c_${index}`,
    profile: { email: `c_${index}@example.test`, attributes: { plan: index % 3 === 0 ? ('pro' as const) : ('free' as const) } },
  }))
  const { refused } = await kit.contacts.identifyMany(rows)
  if (refused.length > 0) throw new Error(`A contact was refused: ${refused[0]?.code}`)
}
