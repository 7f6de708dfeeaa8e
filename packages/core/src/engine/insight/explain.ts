import type { DeclaredScenario, DeclaredSegment, DeclaredTemplate } from '../../define/declared.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { readDefinition, readScenario, versionOf } from '../scenarios/read-definition.ts'
import { checkLanguage, checkOptions } from '../settings/check-arguments.ts'
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

/** Why a contact got, gets or does not get something. Throws `scenario.unknown`, `broadcast.unknown` or `config.invalid`. */
export const createExplain =
  (runtime: Runtime, ready: () => Promise<void>): Tobiishi['explain'] =>
  async (contactId, target, options) => {
    const { language = 'en' } = checkOptions('explain', options) ?? {}
    checkLanguage('explain', language)
    checkTarget(target)
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

/** Callers without types may ask about anything. */
const checkTarget = (target: unknown): void => {
  if (typeof target === 'object' && target !== null) {
    if ('broadcast' in target && typeof target.broadcast === 'string') return
    if ('scenario' in target && typeof target.scenario === 'string') return
    if ('tree' in target && 'kind' in target && target.kind === 'segment') return
    if ('definition' in target && typeof target.definition === 'object' && target.definition !== null) return
  }
  throw new TobiishiError(
    'config.invalid',
    'The target of explain must be a scenario or segment of the model, { scenario: name } or { broadcast: id }.',
  )
}

const isSegment = (target: DeclaredScenario | DeclaredSegment | { readonly scenario: string }): target is DeclaredSegment =>
  'kind' in target && target.kind === 'segment'

const templatesOf = ({ templates }: Runtime, { steps }: ScenarioDefinition): readonly DeclaredTemplate[] => {
  const names = new Set(Object.values(steps).flatMap((step) => (step.kind === 'send' ? [step.template] : [])))
  return [...names].flatMap((name) => templates.get(name) ?? [])
}
