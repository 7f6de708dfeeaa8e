import * as z from 'zod'
import type { Condition, ContactScope } from './condition.ts'
import type { DeclaredModel, DeclaredTopic } from './declared.ts'
import { invalidDefinition, mustBe, requireName } from './invalid-definition.ts'
import { isOptions, readOptions } from './options.ts'
import { type ReadScenario, type ReadScenarioOptions, readScenario } from './read-scenario.ts'
import { createScenario, type Scenario } from './scenario.ts'
import type { ScenarioOptions } from './scenario-options.ts'
import { createSegment, type Segment, type SegmentBuilder, type SegmentVocabulary } from './segment-builder.ts'
import { createTemplate, type Fields, type Template, type TemplateDefinition } from './template.ts'
import { fieldTypesOf, readObjectType } from './value-type.ts'

type Events = { readonly [name: string]: z.ZodObject }

/** What an app declares once: attributes of contacts, events with their payloads, topics. All names and types follow from it. */
export interface Model<A extends z.ZodObject, E extends Events, T extends string> extends DeclaredModel {
  /** Carries the types for `Tobiishi<…>`; never there at run time. */
  readonly '~types'?: {
    readonly attributes: Fields<z.input<A>>
    readonly events: { readonly [K in keyof E]: Fields<z.input<E[K]>> }
  }
  /** A condition over contacts. Throws `definition.unknown_attribute`, `definition.unknown_event`, `segment.invalid`. */
  segment(name: string, build: (builder: SegmentBuilder<A['shape'], E>) => Condition<ContactScope>): Segment
  /**
   * A mail. Its functions are called once, here, with references instead of values. Throws `definition.unknown_reference`,
   * `topic.unknown`, `definition.invalid`.
   */
  template<P extends z.ZodObject = z.ZodObject<Record<never, never>>>(
    name: string,
    definition: TemplateDefinition<Fields<z.output<A>>, P, T>,
  ): Template<Fields<z.input<P>>>
  /** Step mail. Throws `definition.invalid`, `definition.duplicate`, `definition.unknown_event`, `definition.unknown_reference`. */
  scenario<K extends keyof E & string = never>(name: string, options: ScenarioOptions<E, K, A>): Scenario
  /**
   * A scenario from JSON, with `check`, `simulate` and `diagram` as one in code has them: for an editor, before anything is saved.
   * Needs no database. Answers all that is wrong with the JSON as such, or the scenario; what the model, `templates` and
   * `segments` do not have is found by its `check`. Throws at no JSON, only `definition.invalid` for options.
   */
  readScenario(json: unknown, options?: ReadScenarioOptions): ReadScenario
}

/** Attributes and payloads of a model as callers write them: `Tobiishi<ModelTypesOf<typeof model>>`. */
export type ModelTypesOf<M> = M extends { readonly '~types'?: infer Types extends object } ? Types : never

/**
 * Declares what an app knows of its customers. Attributes are string, enum, number, boolean, `z.iso.date`, `z.iso.datetime` or
 * lists of these, optional, nullable or with a default; payloads may hold objects and lists of objects too, as data for
 * templates that segments do not ask about. Anything else throws `definition.invalid` with its path. The schemas that come
 * back are strict: an attribute or payload field that is not declared is refused when it is given.
 */
export const defineModel = <
  A extends z.ZodObject,
  E extends Events,
  const T extends { readonly [name: string]: DeclaredTopic },
>(definition: {
  readonly contact: A
  readonly events: E
  readonly topics: T
}): Model<A, E, keyof T & string> => {
  if (!isOptions(definition)) throw mustBe('defineModel', 'an object of contact, events and topics', definition)
  readOptions('defineModel', definition, ['contact', 'events', 'topics'])
  const vocabulary = readVocabulary(definition)
  const topics = readTopics(definition.topics)
  const model: DeclaredModel = {
    contact: definition.contact.strict(),
    events: mapValues(definition.events, (schema) => schema.strict()),
    topics,
    attributeTypes: fieldTypesOf(vocabulary.contact),
    eventTypes: mapValues(vocabulary.events, fieldTypesOf),
  }
  return Object.freeze({
    ...model,
    segment: (name, build) => createSegment(vocabulary, name, build as (builder: object) => unknown),
    template: (name, template) => createTemplate(vocabulary.contact, Object.keys(topics), name, template),
    scenario: (name, options) => createScenario({ model, vocabulary, attributes: definition.contact }, name, options),
    readScenario: (json, options) => readScenario(model, json, options),
  } satisfies Model<A, E, keyof T & string>)
}

const readVocabulary = (definition: { readonly contact: unknown; readonly events: unknown }): SegmentVocabulary => {
  const contact = readObjectType(requireObject('contact', definition.contact), 'contact')
  for (const [name, type] of Object.entries(contact.fields)) {
    if (type.kind === 'object' || (type.kind === 'list' && type.item.kind === 'object')) {
      throw invalidDefinition(`contact.${name}`, 'an attribute cannot be an object. Use several attributes, or an event.')
    }
  }
  if (typeof definition.events !== 'object' || definition.events === null)
    throw mustBe('events', 'an object of schemas', definition.events)
  const events = Object.entries(definition.events).map(([name, schema]) => {
    requireName(`events["${name}"]`, name)
    return [name, readObjectType(requireObject(`events["${name}"]`, schema), `events["${name}"]`)] as const
  })
  return { contact, events: Object.fromEntries(events) }
}

const requireObject = (path: string, schema: unknown): z.ZodObject => {
  if (schema instanceof z.ZodObject) return schema
  throw mustBe(path, 'a z.object({ … }) of zod 4', schema)
}

const readTopics = (topics: unknown): { readonly [name: string]: DeclaredTopic } => {
  if (typeof topics !== 'object' || topics === null) throw mustBe('topics', 'an object of { title }', topics)
  for (const [name, topic] of Object.entries(topics)) {
    requireName(`topics["${name}"]`, name)
    const { ja, en } = (topic as Partial<DeclaredTopic> | null)?.title ?? {}
    if ([ja, en].some((title) => typeof title === 'string' && title.trim() !== '')) continue
    throw invalidDefinition(`topics["${name}"].title`, 'needs a title in ja or en: readers see it when they leave.')
  }
  return topics as { readonly [name: string]: DeclaredTopic }
}

const mapValues = <V, R>(record: { readonly [key: string]: V }, change: (value: V) => R): { readonly [key: string]: R } =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
