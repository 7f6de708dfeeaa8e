import { decideSend } from '../../domain/consent/decide-send.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ForecastFacts } from '../../domain/scenario/forecast.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { MailFate } from '../../domain/scenario/transition-contract.ts'
import { evaluateSegment } from '../../domain/segment/evaluate-segment.ts'
import { timeLeaves } from '../../domain/segment/next-change.ts'
import type { SegmentNode } from '../../domain/segment/segment-node.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { today } from '../../domain/time/local-date.ts'
import type { EventRow, Step, StorageReader } from '../../ports/storage/index.ts'
import { partsOf } from '../advance/definition-parts.ts'
import { isOfAttributes } from '../advance/memberships.ts'
import type { Runtime } from '../runtime.ts'
import { lookUpSuppressions, type SuppressionsOf } from '../suppression-lookup.ts'

/** What a batch of contacts may be sent now, by the decision that sending makes. */
export interface Allowing {
  readonly contacts: ReadonlyMap<string, Contact>
  mayGet(contactId: string, template: string): boolean
}

/** Two requests, whatever the number of contacts. A template that another process has is taken to be allowed. */
export function* readAllowing(
  runtime: Runtime,
  reader: StorageReader,
  contactIds: readonly string[],
  now: Instant,
): Step<Allowing> {
  const contacts = new Map((yield* reader.contacts.get(contactIds)).map((contact): [string, Contact] => [contact.id, contact]))
  const suppressionsOf: SuppressionsOf = yield* lookUpSuppressions(runtime, reader, contacts.values())
  const { jurisdiction, audience } = runtime.settings
  return {
    contacts,
    mayGet: (contactId, template) => {
      const contact = contacts.get(contactId)
      const declared = runtime.templates.get(template)
      if (contact === undefined || declared === undefined) return contact !== undefined
      const message = { purpose: declared.purpose, topic: declared.topic, expiresAt: null }
      return decideSend({ contact, message, suppressions: suppressionsOf(contact), jurisdiction, audience, now }).allow
    },
  }
}

/** All facts of a batch of enrolments of one version, one request a kind and segment. */
export function* readForecastFacts(
  runtime: Runtime,
  reader: StorageReader,
  definition: ScenarioDefinition,
  enrolments: readonly Enrolment[],
  now: Instant,
): Step<(enrolment: Enrolment) => ForecastFacts> {
  const ids = [...new Set(enrolments.map(({ contactId }) => contactId))]
  const { contacts, mayGet } = yield* readAllowing(runtime, reader, ids, now)
  const matches = yield* readMembers(runtime, reader, definition, { ids, now })
  const eventsOf = yield* readEvents(reader, definition, enrolments)
  const fates = yield* readFates(reader, definition, enrolments)
  const variants = yield* readVariants(reader, definition, ids)
  const { settings, templates } = runtime
  return ({ id, contactId }) => ({
    timeZone: contacts.get(contactId)?.timeZone ?? settings.timeZone,
    attributes: contacts.get(contactId)?.attributes ?? {},
    quietHours: settings.quietHours,
    isHoliday: settings.isHoliday,
    purposeOf: (template) => templates.get(template)?.purpose ?? 'marketing',
    matches: (segment, attributes) => matches(segment, contactId, attributes),
    changesWithTime: (segment) => timeLeaves(treeOf(definition, segment)).length > 0,
    mayGet: (template) => mayGet(contactId, template),
    events: (event) => eventsOf(contactId, event),
    fate: (step) => fates.get(keyOf(id, step)) ?? null,
    variant: (experiment) => variants.get(keyOf(experiment, contactId)) ?? null,
  })
}

const keyOf = (...parts: readonly string[]) => parts.join('\u0000')

const treeOf = ({ segments }: ScenarioDefinition, segment: string): SegmentNode => segments[segment] ?? { kind: 'any', of: [] }

type Matches = (segment: string, contactId: string, attributes: Contact['attributes']) => boolean

/** Segments of attributes are answered with the attributes as the steps leave them, the others as they are now. */
function* readMembers(
  { settings }: Runtime,
  reader: StorageReader,
  definition: ScenarioDefinition,
  { ids, now }: { readonly ids: readonly string[]; readonly now: Instant },
): Step<Matches> {
  const queryOf = (tree: SegmentNode) => ({ tree, now, today: today(now, settings.timeZone) })
  const members = new Map<string, ReadonlySet<string>>()
  for (const name of segmentsAsked(definition)) {
    const tree = treeOf(definition, name)
    if (!isOfAttributes(tree)) members.set(name, new Set(yield* reader.segments.matching(queryOf(tree), ids)))
  }
  return (segment, contactId, attributes) =>
    members.get(segment)?.has(contactId) ?? evaluateSegment(queryOf(treeOf(definition, segment)), { attributes }, [])
}

/** Conditions of steps. */
const conditionsOf = ({ steps }: ScenarioDefinition) =>
  Object.values(steps).flatMap((step) => {
    if (step.kind === 'branch') return [step.on]
    return step.kind === 'wait-for' ? step.arms.map(({ on }) => on) : []
  })

const segmentsAsked = (definition: ScenarioDefinition): ReadonlySet<string> => {
  const { goal, exitWhen } = definition
  const ofSteps = conditionsOf(definition).flatMap((on) => (on.kind === 'segment' ? [on.segment] : []))
  return new Set([...ofSteps, ...(goal?.kind === 'segment' ? [goal.segment] : []), ...(exitWhen === null ? [] : [exitWhen])])
}

/** Newest first: those that are waited for since the earliest entry, those that waits count from since ever. */
function* readEvents(
  reader: StorageReader,
  definition: ScenarioDefinition,
  enrolments: readonly Enrolment[],
): Step<(contactId: string, event: string) => readonly EventRow[]> {
  const { anchors, awaited } = partsOf(definition)
  const ids = [...new Set(enrolments.map(({ contactId }) => contactId))]
  const recent = [...awaited].filter((name) => !anchors.has(name))
  const earliest = enrolments.reduce((least, { enteredAt }) => Math.min(least, enteredAt), Number.MAX_SAFE_INTEGER)
  const rows: EventRow[] = []
  if (recent.length > 0) rows.push(...(yield* reader.events.ofContacts(ids, { names: recent, since: earliest })))
  if (anchors.size > 0) rows.push(...(yield* reader.events.ofContacts(ids, { names: [...anchors], since: 0 })))
  const found = Map.groupBy(rows, ({ contactId, name }) => keyOf(contactId, name))
  return (contactId, event) => found.get(keyOf(contactId, event)) ?? []
}

function* readFates(
  reader: StorageReader,
  definition: ScenarioDefinition,
  enrolments: readonly Enrolment[],
): Step<ReadonlyMap<string, MailFate>> {
  const steps = new Set(conditionsOf(definition).flatMap((on) => (on.kind === 'mail' ? [on.step] : [])))
  const keys = enrolments.flatMap(({ id: enrolmentId }) => [...steps].map((stepId) => ({ enrolmentId, stepId })))
  const rows = keys.length === 0 ? [] : yield* reader.messages.fates(keys)
  return new Map(rows.map(({ enrolmentId, stepId, fate }) => [keyOf(enrolmentId, stepId), fate]))
}

function* readVariants(
  reader: StorageReader,
  { steps }: ScenarioDefinition,
  ids: readonly string[],
): Step<ReadonlyMap<string, string>> {
  const experiments = new Set(Object.values(steps).flatMap((step) => (step.kind === 'split' ? [step.experiment] : [])))
  const rows = experiments.size === 0 ? [] : yield* reader.assignments.get([...experiments], ids)
  return new Map(rows.map(({ experiment, contactId, variant }) => [keyOf(experiment, contactId), variant]))
}
