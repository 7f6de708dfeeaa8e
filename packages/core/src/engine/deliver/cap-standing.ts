import { rulesFor } from '../../domain/caps/cap-rule.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition, ScenarioStep, SendStep } from '../../domain/scenario/scenario-definition.ts'
import { capBucket } from '../../domain/time/cap-bucket.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ClaimedMail, Message, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { definitionOf, readVersions, versionOf } from './pinned-version.ts'

/** Broadcasts come after every scenario that says nothing about its priority. */
const broadcastPriority = -1

/** Mail that wants a place too, and is not in the batch. */
export interface Rival extends Pick<Message, 'purpose' | 'topic' | 'scenario' | 'scenarioVersion'> {
  readonly id: string
  readonly plannedAt: Instant
  /** Not before. */
  readonly runAt: Instant
}

/** What is known about the caps of a batch's contacts besides its own mail. */
export interface CapStanding {
  used(contactId: string, cap: string, bucket: string): number
  rivalsOf(contactId: string): readonly Rival[]
}

/** Who goes first: the priority of the scenario. Mail of a version that this process cannot read counts as 0. */
export const priorityOf = (runtime: Runtime, mail: Pick<Message, 'scenario' | 'scenarioVersion'>): number => {
  const version = versionOf(mail)
  return version === null ? broadcastPriority : (definitionOf(runtime, version)?.priority ?? 0)
}

/**
 * Reads, in one request each for the whole batch, what its contacts have used of their caps today (or this week, this month),
 * what else is queued for them, and which scenarios will want to send to them. Null, without any request, where no cap concerns
 * the batch.
 */
export function* readCapStanding(
  runtime: Runtime,
  reader: Pick<StorageReader, 'queue' | 'messages' | 'enrolments' | 'scenarios'>,
  mails: readonly ClaimedMail[],
  now: Instant,
): Step<CapStanding | null> {
  const asked = placesAsked(runtime, mails, now)
  if (asked.length === 0) return null
  const contactIds = [...new Set(asked.map(({ contactId }) => contactId))]
  const used = yield* reader.queue.capsUsed(asked)
  const waiting = yield* reader.messages.waitingOf(contactIds)
  const enrolments = (yield* reader.enrolments.ofContacts(contactIds)).filter(isOnItsWay)
  yield* readVersions(runtime, reader, [...waiting.flatMap((mail) => versionOf(mail) ?? []), ...enrolments])
  const paused = yield* pausedAmong(reader, [...waiting, ...enrolments])
  const expected = enrolments.flatMap((enrolment) => expectedOf(runtime, enrolment) ?? [])
  const queued = waiting.map(({ messageId, ...rest }) => ({ ...rest, id: messageId }))
  const rivals = Map.groupBy(
    [...queued, ...expected].filter(
      ({ purpose, scenario }) => purpose === 'marketing' && !(scenario !== null && paused.has(scenario)),
    ),
    ({ contactId }) => contactId,
  )
  const counts = new Map(used.map((row) => [placeKey(row.contactId, row.cap, row.bucket), row.used]))
  return {
    used: (contactId, cap, bucket) => counts.get(placeKey(contactId, cap, bucket)) ?? 0,
    rivalsOf: (contactId) => rivals.get(contactId) ?? [],
  }
}

const placeKey = (contactId: string, cap: string, bucket: string) => `${cap}\n${bucket}\n${contactId}`

/**
 * The places of now that the mails may take. Later buckets are not asked about: a place is reserved when its mail goes out, so
 * that they hold none.
 */
const placesAsked = ({ settings }: Runtime, mails: readonly ClaimedMail[], now: Instant) => {
  const asked = new Map<string, { readonly contactId: string; readonly cap: string; readonly bucket: string }>()
  if (settings.caps.length === 0) return []
  for (const { message, contact } of mails)
    for (const { name, per } of rulesFor(settings.caps, message)) {
      const bucket = capBucket(per, now, contact.timeZone ?? settings.timeZone)
      asked.set(placeKey(contact.id, name, bucket), { contactId: contact.id, cap: name, bucket })
    }
  return [...asked.values()]
}

/** A holdout gets no mail. */
const isOnItsWay = ({ state, stepId, memory }: Enrolment): boolean =>
  state === 'active' && stepId !== null && memory.holdout === undefined

/** What a paused scenario holds back takes no places from others. */
function* pausedAmong(
  reader: Pick<StorageReader, 'scenarios'>,
  rivals: readonly { readonly scenario: string | null }[],
): Step<ReadonlySet<string>> {
  if (rivals.every(({ scenario }) => scenario === null)) return new Set()
  return new Set((yield* reader.scenarios.all()).flatMap(({ name, state }) => (state === 'paused' ? [name] : [])))
}

/**
 * The marketing mail that an enrolment may want to send when its wait is over; null where it can come to none before it waits
 * again, or where that is not known. Of several ways the first that leads to one counts, because only one of them is taken.
 */
const expectedOf = (runtime: Runtime, enrolment: Enrolment): (Rival & { readonly contactId: string }) | null => {
  const { id, contactId, scenario, version, stepId, wakeAt, wakeSpec } = enrolment
  const steps = definitionOf(runtime, { scenario, version })?.steps
  const standing = steps?.[stepId ?? '']
  if (steps === undefined || standing === undefined) return null
  const afterWait = wakeSpec === null ? undefined : nextOfWait(standing)
  const at = afterWait === undefined ? wakeAt : (wakeSpec?.endsAt ?? null)
  if (at === null) return null
  const isWanted = (step: SendStep) =>
    runtime.templates.get(step.template)?.purpose === 'marketing' && enrolment.memory.sentBefore?.includes(step.id) !== true
  const next = firstSend(steps, afterWait === undefined ? standing.id : afterWait, isWanted)
  const template = next === null ? undefined : runtime.templates.get(next.template)
  if (template === undefined) return null
  const { purpose, topic } = template
  return { id: `next:${id}`, contactId, purpose, topic, scenario, scenarioVersion: version, plannedAt: at, runAt: at }
}

/** Where a wait leads if nothing else happens; undefined for a step that is none. */
const nextOfWait = (step: ScenarioStep): string | null | undefined => {
  if (step.kind === 'wait') return step.next
  return step.kind === 'wait-for' ? step.timeout.next : undefined
}

/** The nearest wanted send on any way from a step up to the next waits; null: there is none. */
const firstSend = (
  steps: ScenarioDefinition['steps'],
  from: string | null,
  isWanted: (step: SendStep) => boolean,
): SendStep | null => {
  const ways = new Set([from])
  // A set hands out what is added meanwhile, each step once, so that loops end.
  for (const id of ways) {
    const step = id === null ? undefined : steps[id]
    if (step === undefined) continue
    if (step.kind === 'send' && isWanted(step)) return step
    for (const next of nextAtOnce(step)) ways.add(next)
  }
  return null
}

/** Where a step may lead without waiting. What follows a call that is waited for, or another scenario, is not known. */
const nextAtOnce = (step: ScenarioStep): readonly (string | null)[] => {
  switch (step.kind) {
    case 'send':
    case 'update':
      return [step.next]
    case 'branch':
      return [step.yes, step.no]
    case 'split':
      return step.arms.map(({ next }) => next)
    case 'call':
      return step.waits ? [] : [step.next]
    default:
      return []
  }
}
