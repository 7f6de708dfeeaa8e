import type { Contact } from '../../domain/contact/contact.ts'
import { routeOf } from '../../domain/contact/route-of.ts'
import type { Effect, Enrolment } from '../../domain/scenario/enrolment.ts'
import { bucketOf } from '../../domain/time/instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Message, QueueEntry } from '../../ports/storage/index.ts'
import { newMessageId } from '../deliver/message-id.ts'
import type { Batch } from './batch.ts'

/** A message with its queue row, as `messages.enqueue` takes them. */
export interface Mail {
  readonly message: Message
  readonly queue: QueueEntry | null
}

type MailEffect = Extract<Effect, { kind: 'queue' | 'skip' }>

/** The mail of an effect; what is skipped is written down without a queue row. Throws `template.unknown`. */
export const mailOf = (batch: Batch, enrolment: Enrolment, effect: MailEffect): Mail => {
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
    urgent: effect.kind === 'queue' ? effect.urgent : null,
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
