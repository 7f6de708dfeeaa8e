import type { Runtime } from '../engine/runtime.ts'
import { TobiishiError } from '../errors/index.ts'
import { testLeave } from '../message/signer.ts'
import { clientOf } from './client-of.ts'
import type { HttpContext, Route } from './http-context.ts'
import { askPage, donePage, type Leaving, type LeavingChoice, sentencePage } from './leaving-page.ts'
import { type PageLocale, pageLocale } from './page-locale.ts'
import { readForm } from './read-form.ts'
import { reasonOf } from './reason-of.ts'

interface LeftMessage {
  readonly id: string
  readonly contactId: string
  readonly template: string
  readonly topic: string | null
}

interface Subject {
  readonly message: LeftMessage
  readonly leaving: Leaving
}

/**
 * `u/<token>`, the address in List-Unsubscribe and in the legal block. GET and HEAD show a page and change nothing, because
 * scanners follow links. POST leaves: by RFC 8058's one-click request, without cookies or redirects, 200 as often as it comes,
 * or by the page's own form. A withdrawal that cannot be stored is 503, never a friendly page.
 */
export const unsubscribeRoute: Route = async (context) => {
  const { request, path } = context
  const [token = '', ...rest] = path
  if (!/^(GET|HEAD|POST)$/.test(request.method) || rest.length > 0) return null
  const locale = pageLocale(null, request.headers.get('accept-language'), context.runtime.settings.defaultLocale)
  if (token === testLeave) return forMethod(request, sentencePage(locale, 'test', 200))
  const known = context.runtime.signer.verify('leave', token)
  if (known === null) return forMethod(request, sentencePage(locale, 'badLink', 404))

  try {
    const subject = await readSubject(context.runtime, known.messageId, request)
    if (subject === null) return forMethod(request, sentencePage(locale, 'badLink', 404))
    return request.method === 'POST' ? await leave(context, subject) : forMethod(request, askPage(subject.leaving))
  } catch (error) {
    context.runtime.logger.error('unsubscribe.failed', { reason: reasonOf(error) })
    return sentencePage(locale, 'failed', 503)
  }
}

async function leave({ request, runtime, withdraw }: HttpContext, { message, leaving }: Subject): Promise<Response> {
  const form = await readForm(request)
  const isOneClick = form?.get('List-Unsubscribe') === 'One-Click'
  const choice = isOneClick ? 'topic' : readChoice(form)
  if (choice === null) return sentencePage(leaving.locale, 'badLink', 400)
  const isTopic = choice === 'topic' && message.topic !== null && message.topic in runtime.model.topics
  try {
    await withdraw(message.contactId, {
      ...(isTopic && message.topic !== null ? { topics: [message.topic] } : {}),
      evidence: { source: isOneClick ? 'one-click' : 'unsubscribe-page', ...clientOf(request) },
      messageId: message.id,
    })
  } catch (error) {
    if (!(await isErased(runtime, message, error))) throw error
  }
  if (isOneClick) return new Response(null, { headers: { 'cache-control': 'no-store' } })
  return donePage(leaving, isTopic ? 'topic' : 'all')
}

/** Whoever was erased has left for good, though their mail is still in a mailbox. After a merge the message is another contact's: asked again. */
async function isErased({ storage }: Runtime, { id, contactId }: LeftMessage, error: unknown): Promise<boolean> {
  if (!TobiishiError.is(error) || error.code !== 'contact.unknown') return false
  const [message] = await storage.read((reader) => reader.messages.get([id]))
  return message?.contactId === contactId
}

function readChoice(form: FormData | null): LeavingChoice | null {
  const choice = form?.get('choice')
  return choice === 'topic' || choice === 'all' ? choice : null
}

async function readSubject(runtime: Runtime, messageId: string, request: Request): Promise<Subject | null> {
  const found = await runtime.storage.read(function* (reader) {
    const [message] = yield* reader.messages.get([messageId])
    if (message === undefined) return null
    const [contact] = yield* reader.contacts.get([message.contactId])
    return { message, contactLocale: contact?.locale ?? null }
  })
  if (found === null) return null
  const { message, contactLocale } = found
  const locale = pageLocale(contactLocale, request.headers.get('accept-language'), runtime.settings.defaultLocale)
  return { message, leaving: { locale, topic: topicTitle(runtime, message.topic, locale), sender: senderName(runtime, message) } }
}

function topicTitle({ model }: Runtime, name: string | null, locale: PageLocale): string | null {
  const topic = name === null ? undefined : model.topics[name]
  if (topic === undefined) return null
  return topic.title[locale] ?? topic.title.ja ?? topic.title.en ?? name
}

function senderName({ templates, settings }: Runtime, { template }: LeftMessage): string {
  const sender = settings.senders[templates.get(template)?.sender ?? 'default'] ?? settings.senders.default
  return sender?.legalName ?? ''
}

const forMethod = (request: Request, page: Response): Response =>
  request.method === 'HEAD' ? new Response(null, { status: page.status, headers: page.headers }) : page
