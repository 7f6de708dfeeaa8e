import type { Contact } from '../../domain/contact/contact.ts'
import type { Enrolment } from '../../domain/scenario/enrolment.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { MailFate, TransitionFacts } from '../../domain/scenario/transition-contract.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { today } from '../../domain/time/local-date.ts'
import type { EventRow, Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'

/** The names that a definition's steps ask about. */
const askedBy = ({ steps }: ScenarioDefinition) => {
  const events = new Set<string>()
  const mails = new Set<string>()
  const experiments = new Set<string>()
  for (const step of Object.values(steps)) {
    if (step.kind === 'split') experiments.add(step.experiment)
    if (step.kind === 'wait' && step.from.kind === 'event') events.add(step.from.event)
    const asked = step.kind === 'branch' ? [step.on] : step.kind === 'wait-for' ? step.arms.map(({ on }) => on) : []
    for (const on of asked) {
      if (on.kind === 'event') events.add(on.event)
      if (on.kind === 'mail') mails.add(on.step)
    }
  }
  return { events: [...events], mails: [...mails], experiments: [...experiments] }
}

const keyOf = (...parts: readonly string[]) => parts.join('\u0000')

/** All facts of a batch of enrolments of one version, one request a kind. */
export function* readForecastFacts(
  runtime: Runtime,
  reader: StorageReader,
  definition: ScenarioDefinition,
  enrolments: readonly Enrolment[],
  now: Instant,
): Step<(enrolment: Enrolment) => TransitionFacts> {
  const ids = [...new Set(enrolments.map(({ contactId }) => contactId))]
  const contacts = new Map((yield* reader.contacts.get(ids)).map((contact): [string, Contact] => [contact.id, contact]))
  const members = new Map<string, ReadonlySet<string>>()
  for (const [name, tree] of Object.entries(definition.segments)) {
    const query = { tree, now, today: today(now, runtime.settings.timeZone) }
    members.set(name, new Set(yield* reader.segments.matching(query, ids)))
  }
  const { events: names, mails, experiments } = askedBy(definition)
  const since = enrolments.reduce((least, { enteredAt }) => Math.min(least, enteredAt), now)
  const events: readonly EventRow[] = names.length === 0 ? [] : yield* reader.events.ofContacts(ids, { names, since })
  const byContact = Map.groupBy(events, ({ contactId, name }) => keyOf(contactId, name))
  const keys = enrolments.flatMap(({ id: enrolmentId }) => mails.map((stepId) => ({ enrolmentId, stepId })))
  const fates = new Map<string, MailFate>()
  if (keys.length > 0)
    for (const { enrolmentId, stepId, fate } of yield* reader.messages.fates(keys)) fates.set(keyOf(enrolmentId, stepId), fate)
  const variants = new Map<string, string>()
  if (experiments.length > 0)
    for (const { experiment, contactId, variant } of yield* reader.assignments.get(experiments, ids))
      variants.set(keyOf(experiment, contactId), variant)

  const { settings, templates } = runtime
  return ({ id, contactId }) => ({
    timeZone: contacts.get(contactId)?.timeZone ?? settings.timeZone,
    attributes: contacts.get(contactId)?.attributes ?? {},
    quietHours: settings.quietHours,
    isHoliday: settings.isHoliday,
    purposeOf: (template) => templates.get(template)?.purpose ?? 'marketing',
    matches: (segment) => members.get(segment)?.has(contactId) ?? false,
    changesAt: () => null,
    events: (event) => byContact.get(keyOf(contactId, event)) ?? [],
    fate: (step) => fates.get(keyOf(id, step)) ?? null,
    variant: (experiment) => variants.get(keyOf(experiment, contactId)) ?? null,
  })
}
