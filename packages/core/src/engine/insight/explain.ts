import type { DeclaredScenario, DeclaredSegment, DeclaredTemplate } from '../../define/declared.ts'
import type { Contact } from '../../domain/contact/contact.ts'
import type { ScenarioDefinition } from '../../domain/scenario/scenario-definition.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Step, StorageReader } from '../../ports/storage/index.ts'
import type { Runtime } from '../runtime.ts'
import { lookUpSuppressions } from '../suppression-lookup.ts'
import type { Explanation, Tobiishi } from '../tobiishi.ts'
import { blockedFindings } from './explain-consent.ts'
import { type ExplainFinding, finding, type Speaker } from './explain-finding.ts'
import { mailFinding } from './explain-mail.ts'
import { explainScenario, type ScenarioAnswer } from './explain-scenario.ts'
import { explainSegment } from './explain-segment.ts'

type Target = Parameters<Tobiishi['explain']>[1]

const manyMails = 1_000

/** Why a contact got, gets or does not get something. Throws `scenario.unknown` or `broadcast.unknown`. */
export const createExplain =
  (runtime: Runtime, ready: () => Promise<void>): Tobiishi['explain'] =>
  async (contactId, target, { language = 'en' } = {}) => {
    await ready()
    const now = runtime.clock.now()
    return await runtime.storage.read((reader) => explain(runtime, reader, { contactId, target, language, now }))
  }

function* explain(
  runtime: Runtime,
  reader: StorageReader,
  { contactId, target, language, now }: { contactId: string; target: Target; language: Speaker['language']; now: Instant },
): Step<Explanation> {
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
  if ('broadcast' in target) return yield* ofBroadcast(runtime, reader, speaker, { contact, id: target.broadcast, now })
  if (isSegment(target)) {
    const { name, tree } = target
    return { findings: yield* explainSegment(runtime, reader, speaker, { contactId: contact.id, name, tree, now }), nextAt: null }
  }
  const name = 'scenario' in target ? target.scenario : target.definition.name
  const { row, definition } = yield* storedScenario(reader, name)
  const blocked = yield* blockedOf(runtime, reader, speaker, { contact, templates: templatesOf(runtime, definition), now })
  const { findings, nextAt } = yield* explainScenario(runtime, reader, speaker, { contact, definition, row, now })
  return { findings: [...findings, ...blocked], nextAt }
}

const isSegment = (target: DeclaredScenario | DeclaredSegment | { readonly scenario: string }): target is DeclaredSegment =>
  'kind' in target && target.kind === 'segment'

/** The row of a scenario and the version that new enrolments get, or its draft. */
export function* storedScenario(reader: StorageReader, name: string) {
  const row = (yield* reader.scenarios.all()).find((one) => one.name === name)
  const version = row?.state === 'draft' ? (row.draftVersion ?? row.version) : row?.version
  const [stored] = version === undefined ? [] : yield* reader.scenarios.versions([{ scenario: name, version }])
  if (row === undefined || stored === undefined)
    throw new TobiishiError('scenario.unknown', `There is no scenario '${name}': give it to createTobiishi, or save it.`)
  return { row, definition: stored.definition }
}

const templatesOf = ({ templates }: Runtime, { steps }: ScenarioDefinition): readonly DeclaredTemplate[] => {
  const names = new Set(Object.values(steps).flatMap((step) => (step.kind === 'send' ? [step.template] : [])))
  return [...names].flatMap((name) => templates.get(name) ?? [])
}

function* blockedOf(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  {
    contact,
    templates,
    now,
  }: { readonly contact: Contact; readonly templates: readonly DeclaredTemplate[]; readonly now: Instant },
): Step<readonly ExplainFinding[]> {
  const suppressionsOf = yield* lookUpSuppressions(runtime, reader, [contact])
  return blockedFindings(runtime, speaker, contact, suppressionsOf, { templates, now })
}

function* ofBroadcast(
  runtime: Runtime,
  reader: StorageReader,
  speaker: Speaker,
  { contact, id, now }: { readonly contact: Contact; readonly id: string; readonly now: Instant },
): Step<ScenarioAnswer> {
  const broadcast = yield* reader.broadcasts.get(id)
  if (broadcast === null) throw new TobiishiError('broadcast.unknown', 'There is no broadcast with this id.')
  const template = runtime.templates.get(broadcast.template)
  const blocked = yield* blockedOf(runtime, reader, speaker, {
    contact,
    templates: template === undefined ? [] : [template],
    now,
  })
  if (broadcast.startedAt === null)
    return {
      findings: [finding(speaker, 'broadcastNotStarted', { kind: 'waiting', at: broadcast.at }), ...blocked],
      nextAt: broadcast.state === 'cancelled' ? null : Math.max(now, broadcast.at),
    }
  const mails = (yield* reader.messages.ofContact(contact.id, { limit: manyMails })).filter(
    ({ broadcastId }) => broadcastId === id,
  )
  if (mails.length === 0) return { findings: [finding(speaker, 'notInBroadcast', { kind: 'not-entered' })], nextAt: null }
  const waiting = new Map((yield* reader.messages.waitingOf([contact.id])).map(({ messageId, runAt }) => [messageId, runAt]))
  const times = mails.flatMap((mail) => waiting.get(mail.id) ?? [])
  return {
    findings: [...mails.map((mail) => mailFinding(speaker, mail, waiting.get(mail.id) ?? null)), ...blocked],
    nextAt: times.length === 0 ? null : Math.max(now, ...times),
  }
}
