import type * as z from 'zod'
import type { Purpose } from '../domain/consent/consent.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import type { FieldType, SegmentNode } from '../domain/segment/segment-node.ts'
import type { FragmentData } from './fragment.ts'

/** The untyped faces of what an app declares: what the engine and the message room read. The typed ones extend them. */
export interface DeclaredTopic {
  readonly title: { readonly ja?: string; readonly en?: string }
}

export interface DeclaredModel {
  readonly contact: z.ZodObject
  readonly events: { readonly [name: string]: z.ZodObject }
  readonly topics: { readonly [name: string]: DeclaredTopic }
  /** Field types of the contact's attributes and of each event's payload, for trees and typed reading. */
  readonly attributeTypes: { readonly [field: string]: FieldType }
  readonly eventTypes: { readonly [event: string]: { readonly [field: string]: FieldType } }
}

export interface DeclaredSegment {
  readonly kind: 'segment'
  readonly name: string
  readonly tree: SegmentNode
}

export interface DeclaredTemplate {
  readonly kind: 'template'
  readonly name: string
  readonly purpose: Purpose
  readonly topic: string | null
  /** Key of `senders`. Default `default`. */
  readonly sender: string
  readonly props: z.ZodObject | null
  readonly subject: FragmentData
  readonly preheader: FragmentData | null
  /** Syntax `mjml` for HTML mail, `text` for text-only mail. */
  readonly body: FragmentData
  /** Own text part; null: made from the HTML. */
  readonly text: FragmentData | null
}

export interface DeclaredScenario {
  readonly kind: 'scenario'
  readonly definition: ScenarioDefinition
  /** Nobody enters until it is published by name. Not part of the definition. */
  readonly isDraft: boolean
  readonly templates: readonly DeclaredTemplate[]
}
