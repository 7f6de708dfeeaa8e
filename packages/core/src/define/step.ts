import type { MailMatch } from '../domain/scenario/scenario-definition.ts'
import type { DeclaredScenario, DeclaredSegment, DeclaredTemplate } from './declared.ts'

/**
 * A step of the nested form that `steps` returns; compiled to the flat graph that is stored. What it holds is checked there,
 * because only there its path is known.
 */
export type Step =
  | SendInput
  | { readonly kind: 'wait'; readonly id: string; readonly wait: unknown; readonly options: unknown }
  | { readonly kind: 'wait-for'; readonly id: string; readonly options: unknown }
  | {
      readonly kind: 'branch'
      readonly id: string
      readonly on: DeclaredSegment | MailMatch
      readonly arms: unknown
    }
  | { readonly kind: 'split'; readonly id: string; readonly options: unknown }
  | { readonly kind: 'update'; readonly id: string; readonly changes: unknown }
  | CallInput
  | {
      readonly kind: 'go-to'
      readonly id: string
      readonly scenario: DeclaredScenario | string
      readonly event: unknown
    }
  | { readonly kind: 'end'; readonly id: string }

export interface SendInput {
  readonly kind: 'send'
  readonly id: string
  readonly template: DeclaredTemplate
  readonly props: { readonly [name: string]: unknown }
  readonly options: unknown
}

export interface CallInput {
  readonly kind: 'call'
  readonly id: string
  readonly handler: string
  readonly payload: unknown
  readonly options: unknown
}

/** One kind of step in its nested form. */
export type StepInput<K extends Step['kind']> = Extract<Step, { readonly kind: K }>
