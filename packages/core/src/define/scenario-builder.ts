import type * as z from 'zod'
import type { DeclaredScenario, DeclaredSegment, DeclaredTemplate } from './declared.ts'
import type { Events } from './event-condition.ts'
import { type MailCondition, type MailConditions, mailConditions } from './mail-condition.ts'
import type { Refs } from './reference.ts'
import type { Step } from './step.ts'
import type {
  Arms,
  AttributeChanges,
  CallOptions,
  Payload,
  SendArguments,
  SplitOptions,
  WaitForOptions,
  WaitOptions,
} from './step-options.ts'
import type { Template } from './template.ts'
import type { WaitInput } from './wait-input.ts'

/**
 * What the steps of a scenario are built from. Ids are explicit because they are stored. `Ev` is the payload of the event that
 * starts the scenario, `A` the attributes and `E` the events of the model.
 */
export interface StepBuilder<Ev, A extends z.ZodObject = z.ZodObject, E extends Events = Events> extends MailConditions {
  /** The payload of the event that started the enrolment; nothing for a scenario that no event starts. */
  readonly event: Refs<Ev>
  /** Queues a mail for the first moment that the window and quiet hours allow. */
  send<P>(id: string, template: Template<P>, ...props: SendArguments<P>): Step
  /**
   * Seconds, minutes and hours elapse; days, weeks and months are of the calendar in the contact's zone, with `at` until that
   * time of day. Counted from the planned time of the previous send, else from the entry, unless `from` says otherwise.
   */
  wait(id: string, wait: WaitInput, options?: WaitOptions<A, E>): Step
  /** Waits until the first of these comes true, or for the time-out, each with steps of its own. All go on with what follows. */
  waitFor(id: string, options: WaitForOptions<E>): Step
  /**
   * Decided when the enrolment comes here: is the contact in the segment, or what became of an earlier mail. Both arms go on
   * with what follows; an arm left out is empty.
   */
  branch(id: string, on: DeclaredSegment | MailCondition, arms: Arms): Step
  /** Shares contacts out by weight; who came into an arm once stays in it. All arms go on with what follows. */
  split(id: string, options: SplitOptions): Step
  /** Changes attributes of the contact. What follows, segments too, sees the new values. */
  update(id: string, changes: AttributeChanges<A>): Step
  /**
   * Calls a function of `createTobiishi({ handlers })`, at least once, with the same `idemKey` each time. Payload: constants, or
   * references to what the event brought. Default none.
   */
  call(id: string, handler: string, payload?: Payload, options?: CallOptions): Step
  /** Completes this enrolment and enters another scenario, which reads `event` as the payload that started it. */
  goTo(id: string, scenario: DeclaredScenario | string, event?: Payload): Step
  /** Ends the enrolment as completed. */
  end(id: string): Step
}

/** The functions of a builder; checks are the compiler's, which knows the paths. */
export const createStepBuilder = <Ev, A extends z.ZodObject, E extends Events>(event: Refs<Ev>): StepBuilder<Ev, A, E> => ({
  event,
  ...mailConditions,
  send: (id, template, ...rest) => {
    const [first, second] = rest as readonly (object | undefined)[]
    const hasProps = (template as DeclaredTemplate | undefined)?.props != null || second !== undefined
    return { kind: 'send', id, template, props: { ...(hasProps ? first : {}) }, options: hasProps ? second : first }
  },
  wait: (id, wait, options) => ({ kind: 'wait', id, wait, options }),
  waitFor: (id, options) => ({ kind: 'wait-for', id, options }),
  branch: (id, on, arms) => ({ kind: 'branch', id, on, arms }),
  split: (id, options) => ({ kind: 'split', id, options }),
  update: (id, changes) => ({ kind: 'update', id, changes }),
  call: (id, handler, payload, options) => ({ kind: 'call', id, handler, payload, options }),
  goTo: (id, scenario, event) => ({ kind: 'go-to', id, scenario, event }),
  end: (id) => ({ kind: 'end', id }),
})
