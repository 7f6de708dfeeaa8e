import * as z from 'zod'
import type { Purpose } from '../domain/consent/consent.ts'
import {
  createPiece,
  createTag,
  type Fragment,
  originsIn,
  type Piece,
  requireFragment,
  type Syntax,
  type Tag,
} from './content.ts'
import type { DeclaredTemplate } from './declared.ts'
import { invalidDefinition, mustBe, requireName } from './invalid-definition.ts'
import { readOptions } from './options.ts'
import { type Recipient, recipientType } from './recipient.ts'
import { createReferences, type Refs } from './reference.ts'
import { type ObjectType, readObjectType } from './value-type.ts'

/** A template as the app holds it. `P` is what `send` must be given. */
export interface Template<out P = object> extends DeclaredTemplate {
  readonly '~props'?: P
}

/** zod infers an index signature from a schema without fields; here that is an object without fields. */
export type Fields<T> = string extends keyof T ? Record<never, never> : T

interface Values<A, P> {
  /** The contact's attributes. */
  readonly contact: Refs<A>
  /** Address, name, locale and time zone. */
  readonly recipient: Refs<Recipient>
  readonly props: Refs<P>
}
interface Legal {
  /** The legal block in the recipient's language; required in marketing mail. */
  readonly footer: () => Piece<'mjml' | 'text'>
  /** Address of this mail's unsubscribe page. */
  readonly unsubscribeUrl: Piece<'mjml' | 'text'>
}
export interface LineContext<A, P> extends Values<A, P> {
  readonly line: Tag<'line'>
}
export interface BodyContext<A, P> extends Values<A, P>, Legal {
  readonly mjml: Tag<'mjml'>
  readonly text: Tag<'text'>
}
export interface TextContext<A, P> extends Values<A, P>, Legal {
  readonly text: Tag<'text'>
}

/** What a template is made of. The functions are called once, with references instead of values. */
export type TemplateDefinition<A, P extends z.ZodObject, T extends string> = {
  /** Values that `send` fills in. */
  readonly props?: P
  /** Key of `senders`. Default `default`. */
  readonly sender?: string
  readonly subject: (context: LineContext<A, Fields<z.output<P>>>) => Fragment<'line'>
  /** The line that inboxes show after the subject. */
  readonly preheader?: (context: LineContext<A, Fields<z.output<P>>>) => Fragment<'line'>
  /** `mjml` for HTML mail with a text part, `text` for text-only mail. */
  readonly body: (context: BodyContext<A, Fields<z.output<P>>>) => Fragment<'mjml'> | Fragment<'text'>
  /** Own text part of HTML mail; without it the text is made from the HTML. */
  readonly text?: (context: TextContext<A, Fields<z.output<P>>>) => Fragment<'text'>
} & ({ readonly purpose: 'marketing'; readonly topic: T } | { readonly purpose: 'transactional'; readonly topic?: T })

/** The untyped face of a definition, as JavaScript may give it. */
interface LooseDefinition {
  readonly purpose: unknown
  readonly topic?: unknown
  readonly props?: unknown
  readonly sender?: unknown
  readonly subject: unknown
  readonly preheader?: unknown
  readonly body: unknown
  readonly text?: unknown
}

/**
 * Calls the template's functions once and keeps what they leave as data. Throws `definition.unknown_reference`,
 * `topic.unknown` and `definition.invalid`, each with the path.
 */
export const createTemplate = (
  contact: ObjectType,
  topics: readonly string[],
  name: string,
  definition: LooseDefinition,
): DeclaredTemplate => {
  const owner = `template "${requireName('template', name)}"`
  readOptions(owner, definition ?? null, ['purpose', 'topic', 'props', 'sender', 'subject', 'preheader', 'body', 'text'])
  const purpose = readPurpose(owner, definition.purpose)
  const topic = readTopic(owner, purpose, definition.topic, topics)
  const props = readProps(owner, definition.props)
  const write = createWriter(owner, contact, props)
  const body = write('body', definition.body, 'mjml', 'text')
  if (body.syntax === 'text' && definition.text !== undefined) {
    throw invalidDefinition(`${owner}, text`, 'the body is text already. Leave one of the two out.')
  }
  const subject = write('subject', definition.subject, 'line')
  if (subject.parts.length === 0) throw invalidDefinition(`${owner}, subject`, 'is empty.')
  return Object.freeze({
    kind: 'template',
    name,
    purpose,
    topic,
    sender: definition.sender === undefined ? 'default' : requireName(`${owner}, sender`, definition.sender),
    props: props?.schema ?? null,
    subject,
    preheader: definition.preheader === undefined ? null : write('preheader', definition.preheader, 'line'),
    body,
    text: definition.text === undefined ? null : write('text', definition.text, 'text'),
  })
}

const readPurpose = (owner: string, purpose: unknown): Purpose => {
  if (purpose === 'marketing' || purpose === 'transactional') return purpose
  throw mustBe(`${owner}, purpose`, "'marketing' or 'transactional' (any ad makes a mail marketing)", purpose)
}

const readTopic = (owner: string, purpose: Purpose, topic: unknown, topics: readonly string[]): string | null => {
  if (topic === undefined && purpose === 'transactional') return null
  if (topic === undefined) throw invalidDefinition(`${owner}, topic`, 'marketing mail needs a topic that its readers can leave.')
  if (typeof topic === 'string' && topics.includes(topic)) return topic
  throw invalidDefinition(`${owner}, topic`, `${JSON.stringify(topic)} is not one of the model's topics.`, 'topic.unknown')
}

interface Props {
  readonly schema: z.ZodObject
  readonly type: ObjectType
}

const readProps = (owner: string, props: unknown): Props | null => {
  if (props === undefined) return null
  if (!(props instanceof z.ZodObject)) throw mustBe(`${owner}, props`, 'a z.object({ … }) of zod 4', props)
  return { schema: props.strict(), type: readObjectType(props, `${owner}, props`) }
}

const nothing: ObjectType = { kind: 'object', isOptional: false, fields: {} }

/** Calls one function of the definition with references that belong to this template alone. */
const createWriter = (owner: string, contact: ObjectType, props: Props | null) => {
  const origin = Symbol('template')
  const origins = new Set([origin])
  const references = {
    contact: createReferences(contact, { scope: 'contact', path: [], origins, owner }),
    recipient: createReferences(recipientType, { scope: 'recipient', path: [], origins, owner }),
    props: createReferences(props?.type ?? nothing, { scope: 'props', path: [], origins, owner }),
    footer: () => createPiece({ kind: 'footer' }, null, origins),
    unsubscribeUrl: createPiece({ kind: 'unsubscribeUrl' }, null, origins),
  }
  return (part: string, build: unknown, ...syntaxes: readonly Syntax[]) => {
    const path = `${owner}, ${part}`
    if (typeof build !== 'function') throw mustBe(path, 'a function that returns a tagged text', build)
    const fragment: unknown = build({
      ...references,
      line: createTag('line', path),
      mjml: createTag('mjml', path),
      text: createTag('text', path),
    })
    requireFragment(fragment, path, ...syntaxes)
    for (const used of originsIn(fragment)) {
      if (used !== origin)
        throw invalidDefinition(path, 'holds a reference of another definition, or one outside of its each(…).')
    }
    return fragment
  }
}
