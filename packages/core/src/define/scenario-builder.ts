import type { LatePolicy } from '../domain/scenario/scenario-definition.ts'
import type { DeclaredSegment, DeclaredTemplate } from './declared.ts'
import type { Ref, Refs } from './reference.ts'
import type { CalendarWait, ElapsedSpan, WaitSpan } from './span.ts'
import type { Template } from './template.ts'

/** Props as `send` takes them: constants, or references to what the event brought. */
export type Fill<P> = { readonly [K in keyof P]: P[K] | Ref<P[K]> }

export interface SendOptions {
  /** How late the mail may be, a day being 24 hours. Default `24 hours`. */
  readonly sendWithin?: ElapsedSpan
  /** What happens when it is later: leave this mail out and go on (default), send it all the same, or end the enrolment. */
  readonly late?: LatePolicy
}

/** Props are asked for exactly when the template has required ones; a template without props takes the options at once. */
export type SendArguments<P> = [keyof P] extends [never]
  ? [options?: SendOptions]
  : object extends P
    ? [props?: Fill<P>, options?: SendOptions]
    : [props: Fill<P>, options?: SendOptions]

/** A step of the nested form that `steps` returns; compiled to the flat graph that is stored. */
export type Step =
  | {
      readonly kind: 'send'
      readonly id: string
      readonly template: DeclaredTemplate
      readonly props: { readonly [name: string]: unknown }
      readonly options: SendOptions
    }
  | { readonly kind: 'wait'; readonly id: string; readonly wait: WaitSpan | CalendarWait }
  | {
      readonly kind: 'branch'
      readonly id: string
      readonly segment: DeclaredSegment
      readonly yes: readonly Step[]
      readonly no: readonly Step[]
    }
  | { readonly kind: 'end'; readonly id: string }

/** What the steps of a scenario are built from. Ids are explicit because they are stored. */
export interface StepBuilder<Ev> {
  /** The payload of the event that started the enrolment; nothing for a scenario without `enterOn`. */
  readonly event: Refs<Ev>
  send<P>(id: string, template: Template<P>, ...props: SendArguments<P>): Step
  /**
   * Minutes and hours elapse; days, weeks and months are of the calendar in the contact's zone, with `at` until that time of
   * day. Counted from the planned time of the previous send, else from the entry.
   */
  wait(id: string, wait: WaitSpan | CalendarWait): Step
  /** Decided when the enrolment comes here. Both arms go on with what follows; an arm left out is empty. */
  branch(id: string, segment: DeclaredSegment, arms: { readonly yes?: readonly Step[]; readonly no?: readonly Step[] }): Step
  /** Ends the enrolment as completed. */
  end(id: string): Step
}

/** The functions of a builder; checks are the compiler's, which knows the paths. */
export const createStepBuilder = <Ev>(event: Refs<Ev>): StepBuilder<Ev> => ({
  event,
  send: (id, template, ...rest) => {
    const [first, second] = rest as readonly (object | undefined)[]
    const hasProps = (template as DeclaredTemplate | undefined)?.props != null || second !== undefined
    return {
      kind: 'send',
      id,
      template,
      props: { ...(hasProps ? first : {}) },
      options: { ...(hasProps ? second : first) },
    }
  },
  wait: (id, wait) => ({ kind: 'wait', id, wait }),
  branch: (id, segment, arms) => ({ kind: 'branch', id, segment, yes: arms?.yes ?? [], no: arms?.no ?? [] }),
  end: (id) => ({ kind: 'end', id }),
})
