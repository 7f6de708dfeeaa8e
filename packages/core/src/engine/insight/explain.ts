import type { DeclaredScenario, DeclaredSegment, DeclaredTemplate } from '../../define/declared.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { readDefinition, readScenario, versionOf } from '../scenarios/read-definition.ts'
import type { Explanation, Tobiishi } from '../tobiishi.ts'
import { explainBroadcast } from './explain-broadcast.ts'
import { blockedFindings } from './explain-consent.ts'
import { finding, type Speaker } from './explain-finding.ts'
import { explainScenario, type ScenarioAnswer } from './explain-scenario.ts'
import { explainSegment } from './explain-segment.ts'

type Target = Parameters<Tobiishi['explain']>[1]

interface Question {
  readonly contactId: string
  readonly target: Target
  readonly language: Speaker['language']
  readonly now: Instant
}

/** Why a contact got, gets or does not get something. Throws `scenario.unknown` or `broadcast.unknown`. */
export const createExplain =
  (runtime: Runtime, ready: () => Promise<void>): Tobiishi['explain'] =>
  async (contactId, target, { language = 'en' } = {}) => {
    await ready()
    const now = runtime.clock.now()
    return await runtime.storage.read((reader) => explain(runtime, reader, { contactId, target, language, now }))
  }

function* explain(runtime: Runtime, reader: StorageReader, { contactId, target, language, now }: Question): Step<Explanation> {
  const [contact] = yield* reader.contacts.get([contactId])
  const speaker: Speaker = { language, timeZone: contact?.timeZone ?? runtime.settings.timeZone }
  const about = { exists: contact !== undefined, hasAddress: contact?.email != null, timeZone: speaker.timeZone }
  if (contact === undefined)
    return { contactId, contact: about, findings: [finding(speaker, 'noContact', { kind: 'not-entered' })], nextAt: null }
  const answer = yield* answerTo(runtime, reader, speaker, { contact, target, now })
  return { contactId, contact: about, ...answer }
}

function* answerTo(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  { contact, target, now }: { readonly contact: Contact; readonly target: Target; readonly now: Instant },
): Step<ScenarioAnswer> {
  if ('broadcast' in target) return yield* explainBroadcast(runtime, reader, speaker, { contact, id: target.broadcast, now })
  if (isSegment(target)) {
    const { name, tree } = target
    return { findings: yield* explainSegment(runtime, reader, speaker, { contactId: contact.id, name, tree, now }), nextAt: null }
  }
  const row = yield* readScenario(reader.scenarios, 'scenario' in target ? target.scenario : target.definition.name)
  const definition = yield* readDefinition(reader.scenarios, row.name, versionOf(row))
  const { findings, nextAt } = yield* explainScenario(runtime, reader, speaker, { contact, definition, row, now })
  const templates = templatesOf(runtime, definition)
  const blocked = yield* blockedFindings(runtime, reader, speaker, { contact, templates, now })
  return { findings: [...findings, ...blocked], nextAt }
}

const isSegment = (target: DeclaredScenario | DeclaredSegment | { readonly scenario: string }): target is DeclaredSegment =>
  'kind' in target && target.kind === 'segment'

const templatesOf = ({ templates }: Runtime, { steps }: ScenarioDefinition): readonly DeclaredTemplate[] => {
  const names = new Set(Object.values(steps).flatMap((step) => (step.kind === 'send' ? [step.template] : [])))
  return [...names].flatMap((name) => templates.get(name) ?? [])
}
