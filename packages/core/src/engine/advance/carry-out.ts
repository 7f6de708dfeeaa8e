import type { Contact } from '../../domain/contact/contact.ts'
import { routeOf } from '../../domain/contact/route-of.ts'
import type { Effect, Enrolment } from '../../domain/scenario/enrolment.ts'
import { bucketOf } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Message, QueueEntry, Step } from '../../ports/storage/index.ts'
import { newMessageId } from '../deliver/message-id.ts'
import type { Batch } from './batch.ts'
import type { Task } from './task.ts'

type Mail = { readonly message: Message; readonly queue: QueueEntry | null }
type MailEffect = Exclude<Effect, { kind: 'dropQueued' }>

/**
 * Writes what the tasks of a batch came to: enrolments first, then mail, then what is to be dropped, as the lock order asks.
 * Answers how many messages are new. A message key that is there already is left alone, so a repeat queues nothing twice.
 */
export function* carryOut(batch: Batch, tasks: readonly Task[]): Step<number> {
  const changed = tasks.filter(({ isChanged }) => isChanged)
  if (changed.length === 0) return 0
  yield* batch.tx.enrolments.save(changed.map(({ enrolment }) => enrolment))
  const mails = changed.flatMap((task) =>
    task.effects.flatMap((effect) => (effect.kind === 'dropQueued' ? [] : [mailOf(batch, task, effect)])),
  )
  const queued = mails.length === 0 ? 0 : yield* batch.tx.messages.enqueue(mails)
  const dropping = changed.filter(({ effects }) => effects.some(({ kind }) => kind === 'dropQueued'))
  if (dropping.length > 0) {
    const enrolmentIds = dropping.map(({ enrolment }) => enrolment.id)
    yield* batch.tx.messages.dropQueued({ enrolmentIds }, 'exited', batch.now)
  }
  return queued
}

const mailOf = (batch: Batch, { enrolment }: Task, effect: MailEffect): Mail => {
  const contact = batch.contacts.get(enrolment.contactId)
  const message = messageOf(batch, enrolment, effect)
  const isQueued = effect.kind === 'queue' && contact !== undefined
  return { message, queue: isQueued ? queueEntry(message, enrolment, effect, contact) : null }
}

const messageOf = (batch: Batch, enrolment: Enrolment, effect: MailEffect): Message => {
  const template = batch.runtime.templates.get(effect.template)
  if (template === undefined) throw new TobiishiError('template.unknown', `There is no template '${effect.template}'.`)
  const bucket = bucketOf(enrolment.enteredAt)
  const isSkipped = effect.kind === 'skip'
  return {
    id: newMessageId(batch.runtime, bucket),
    bucket,
    idemKey: `${enrolment.id}:${effect.stepSeq}`,
    contactId: enrolment.contactId,
    template: template.name,
    purpose: template.purpose,
    topic: template.topic,
    isHtml: template.body.syntax === 'mjml',
    props: effect.props,
    scenario: enrolment.scenario,
    scenarioVersion: enrolment.version,
    stepId: effect.stepId,
    enrolmentId: enrolment.id,
    broadcastId: null,
    state: isSkipped ? 'skipped' : 'queued',
    reason: isSkipped ? effect.reason : null,
    plannedAt: effect.plannedAt,
    createdAt: batch.now,
    finishedAt: isSkipped ? batch.now : null,
    templateHash: null,
    providerId: null,
    answer: null,
    unknownToken: null,
  }
}

const queueEntry = (
  message: Message,
  enrolment: Enrolment,
  effect: Extract<Effect, { kind: 'queue' }>,
  contact: Contact,
): QueueEntry => ({
  messageId: message.id,
  contactId: contact.id,
  enrolmentId: enrolment.id,
  enrolmentRev: enrolment.rev,
  scenario: enrolment.scenario,
  broadcastId: null,
  class: message.purpose === 'transactional' ? 0 : 1,
  route: contact.emailKey === null ? 'other' : routeOf(contact.emailKey.slice(contact.emailKey.lastIndexOf('@') + 1)),
  lane: contact.lane,
  runAt: effect.runAt,
  expiresAt: effect.expiresAt,
})
