import { day } from '../wall-clock.ts'
import { occurrenceOf } from './calendar.ts'
import type { Occasion } from './entering.ts'
import { changesAt, isMember } from './membership.ts'
import { isOpen, type Knowledge, type Standing, type Watched } from './standing.ts'
import type { Person } from './state.ts'

interface Look {
  readonly watched: Watched
  /** What it starts, if it may start anything. */
  readonly occasion: Occasion | null
}

const triggerOf = ({ versions, version }: Standing) => versions.get(version)?.trigger ?? null

const unwatched: Watched = { isMember: false, changedAt: null, dueAt: null, date: null }

const lookAt = (known: Knowledge, standing: Standing, person: Person, before: Watched): Look | null => {
  const trigger = triggerOf(standing)
  const { now } = known
  if (trigger?.kind === 'segment') {
    const events = known.events.get(person.id) ?? []
    const isIn = isMember(trigger.segment, person, events, now)
    const dueAt = changesAt(trigger.segment, events, now)
    const isFlip = isIn !== before.isMember
    const changedAt = isFlip
      ? Math.max(now, (before.changedAt ?? 0) + 1)
      : (before.changedAt ?? (isIn || dueAt !== null ? now : null))
    const isWanted = isFlip && (trigger.on === 'entry') === isIn
    const occasion = { key: `${isIn ? 'in' : 'out'}:${changedAt}`, occurredAt: now, payload: {} }
    return { watched: { isMember: isIn, changedAt, dueAt, date: null }, occasion: isWanted ? occasion : null }
  }
  if (trigger?.kind !== 'date') return null
  const date = person.attributes[trigger.attribute]
  if (typeof date !== 'string') return { watched: unwatched, occasion: null }
  const at = occurrenceOf(date, trigger, person.zone ?? known.zone)
  const isDue = before.date === date && at <= now
  const watched = at > now ? { ...unwatched, dueAt: at, date } : unwatched
  if (isDue && now - at > day) known.sometimes('date missed')
  return { watched, occasion: isDue && now - at <= day ? { key: date, occurredAt: at, payload: {}, isDate: true } : null }
}

/** Looks at every contact for scenarios that are watched for the first time; that starts nothing. */
export const fillWatches = (known: Knowledge): void => {
  for (const standing of known.scenarios.values()) {
    if (!isOpen(standing)) known.watches.delete(standing.name)
    else if (!known.watches.has(standing.name)) {
      const watches = new Map<string, Watched>()
      for (const person of known.people.values()) {
        const look = lookAt(known, standing, person, unwatched)
        if (look !== null) watches.set(person.id, look.watched)
      }
      known.watches.set(standing.name, watches)
    }
  }
}

/** When a watch of the contact is due; null: none is. */
export const watchDueAt = (known: Knowledge, contact: string): number | null => {
  const due = [...known.watches.values()].flatMap((watches) => watches.get(contact)?.dueAt ?? [])
  return due.length === 0 ? null : Math.min(...due)
}

/** Looks again at a contact to whom something happened (`mayStart`: something that may start scenarios), or whose time has come. */
export const lookAgain = (
  known: Knowledge,
  person: Person,
  mayStart: boolean,
): readonly { readonly standing: Standing; readonly occasion: Occasion }[] =>
  [...known.scenarios.values()].filter(isOpen).flatMap((standing) => {
    const watches = known.watches.get(standing.name)
    if (watches === undefined) return []
    const before = watches.get(person.id) ?? unwatched
    const look = lookAt(known, standing, person, before)
    if (look === null) return []
    watches.set(person.id, look.watched)
    const isDue = before.dueAt !== null && before.dueAt <= known.now
    const isDate = look.occasion?.isDate === true
    return look.occasion !== null && (mayStart || isDue || isDate) ? [{ standing, occasion: look.occasion }] : []
  })
