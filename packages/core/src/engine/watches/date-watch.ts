import type { DeclaredModel } from '../../define/declared.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { DateTrigger } from '../../domain/scenario/scenario-definition.ts'
import { day, type Instant, type LocalDate } from '../../domain/time/instant.ts'
import { isLocalDate, localDate } from '../../domain/time/local-date.ts'
import { nextOccurrence, type Occurrence } from '../../domain/time/next-occurrence.ts'
import type { WatchMember } from '../../ports/storage/index.ts'

/** What the dates of contacts are read with. */
export interface DateContext {
  readonly model: DeclaredModel
  /** Of contacts that have none. */
  readonly timeZone: string
  readonly now: Instant
}

export interface DateLook {
  /** Null: never again. */
  readonly nextAt: Instant | null
  /** What has come due since the last look. */
  readonly occurred: Occurrence | null
}

/** Zones are at most this far apart. */
const widestZones = 2 * day

/**
 * What has come due of a contact's date since it was last looked at, and when it comes next. A date that was set or changed
 * meanwhile and whose time has passed is none that came due. A contact who moved east past an occurrence that they were waiting
 * for has come to it; so has one without a zone where the app's moved.
 */
export const lookAtDate = (
  context: DateContext,
  trigger: DateTrigger,
  { contact, before, member }: { readonly contact: Contact; readonly before: Contact; readonly member: WatchMember | undefined },
): DateLook => {
  const { now } = context
  const date = dateOf(context, trigger, contact)
  if (date === null) return { nextAt: null, occurred: null }
  const zone = contact.timeZone ?? context.timeZone
  const nextAt = nextOccurrence(trigger, date, zone, now)?.at ?? null
  const waited = waitedFor(context, trigger, before, member?.nextAt ?? null)
  if (waited === null) return { nextAt, occurred: null }
  const same = nextOccurrence(trigger, date, zone, waited.at - widestZones)
  return { nextAt, occurred: same !== null && same.date === waited.date && same.at <= now ? same : null }
}

/** The occurrence that the stored instant stands for, by the contact as it was when that was worked out. */
const waitedFor = (context: DateContext, trigger: DateTrigger, before: Contact, at: Instant | null): Occurrence | null => {
  const date = dateOf(context, trigger, before)
  if (at === null || date === null) return null
  if (before.timeZone === null) return nearby(nextOccurrence(trigger, date, context.timeZone, at - widestZones), at)
  const waited = nextOccurrence(trigger, date, before.timeZone, at - 1)
  return waited?.at === at ? waited : null
}

/** The app's zone may be another one since then, and no contact was changed by that. */
const nearby = (occurrence: Occurrence | null, at: Instant): Occurrence | null =>
  occurrence !== null && occurrence.at < at + widestZones ? occurrence : null

/** The attribute as a date of the contact's calendar; null where it is not set. */
const dateOf = ({ model, timeZone }: DateContext, { attribute }: DateTrigger, contact: Contact): LocalDate | null => {
  const value = Object.hasOwn(contact.attributes, attribute) ? contact.attributes[attribute] : undefined
  if (typeof value !== 'string') return null
  if (model.attributeTypes[attribute] !== 'instant') return isLocalDate(value) ? value : null
  const instant = Date.parse(value)
  return Number.isNaN(instant) ? null : localDate(instant, contact.timeZone ?? timeZone)
}
