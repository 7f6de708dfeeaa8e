import type * as z from 'zod'
import type { DateTrigger, SendWindow } from '../domain/scenario/scenario-definition.ts'
import type { DeclaredSegment } from './declared.ts'
import type { AnyEventCondition, EventCondition, Events } from './event-condition.ts'
import type { StepBuilder } from './scenario-builder.ts'
import type { ClockTime, ElapsedSpan } from './span.ts'
import type { Step } from './step.ts'
import type { FieldOfClass } from './step-options.ts'
import type { Fields } from './template.ts'

/** Starts a scenario when a contact comes into a segment or leaves it. */
export interface SegmentEntry {
  readonly segment: DeclaredSegment
  /** Default `entry`. */
  readonly on?: 'entry' | 'exit'
}

/** Starts a scenario by a date of the contact, each date once. */
export interface DateEntry<A extends z.ZodObject> {
  /** An attribute that is a `z.iso.date()`. */
  readonly date: FieldOfClass<A, 'date'>
  /** Days after the date; negative before it. Default 0. */
  readonly days?: number
  /** Time of day in the contact's zone. */
  readonly at: ClockTime
  /** Every year, as birthdays. Default false: on the date itself. */
  readonly yearly?: boolean
  /** What 29 February is in other years, with `yearly`. Default `feb-28`. */
  readonly leapDay?: DateTrigger['leapDay']
}

/** A scenario in the app's words; `K` is the event that starts it. */
export interface ScenarioOptions<E extends Events, K extends keyof E & string, A extends z.ZodObject = z.ZodObject> {
  /** Whole and positive. Raise it with every change: a published number keeps its meaning. */
  readonly version: number
  /**
   * What starts it: an event, an event whose payload fits, coming into a segment or leaving it, or a date of the contact. Without
   * it the scenario starts by `enrol` only. `event` has fields where an event starts it.
   */
  readonly enterOn?: K | EventCondition<E, K> | SegmentEntry | DateEntry<A>
  /** One or several events that end it. Default none. */
  readonly exitOn?: (keyof E & string) | readonly (keyof E & string)[]
  /** Ends it as soon as the contact is in this segment. Default none. */
  readonly exitWhen?: DeclaredSegment
  /** What it is for: an event, if wanted with a payload that fits, or a segment. Reached, the enrolment ends and counts. Default none. */
  readonly goal?: (keyof E & string) | AnyEventCondition<E> | { readonly segment: DeclaredSegment }
  /**
   * Who may enter again. `once` (default): nobody. `after-exit`: who is out of it. `{ cooldown }`: whose last entry is that long
   * ago. `every-event`: with each event anew, several at a time. Where a date starts it, `once` and `every-event` are once each date.
   */
  readonly reentry?: 'once' | 'after-exit' | 'every-event' | { readonly cooldown: ElapsedSpan }
  /**
   * When mail may go out, in the contact's zone: half-open, `22:00`–`06:00` wraps. `days` defaults to `any`. Default: at any
   * time.
   */
  readonly window?: { readonly days?: SendWindow['days']; readonly from: ClockTime; readonly to: ClockTime }
  /** An older event or date does not start it. Default `24 hours`. */
  readonly maxEventAge?: ElapsedSpan
  /**
   * How far apart two mails to a contact stay after an outage, or as far as they were planned if that is less. `0 hours`: they
   * may come together. Default `12 hours`.
   */
  readonly minGap?: ElapsedSpan
  /** Who goes first where a cap lets only some mails of a day through: the higher. A whole number. Default 0. */
  readonly priority?: number
  /**
   * What publishing this version does to those who are in older ones: `pin` (default) lets them finish there, `migrate` brings
   * them to the step of the same id here, `exit` ends them.
   */
  readonly inFlight?: 'pin' | 'migrate' | 'exit'
  /** With `migrate`: for steps that this version lacks, where those go who stand there; null completes them. Default none. */
  readonly successors?: { readonly [step: string]: string | null }
  /** Nobody enters until it is published by `mail.scenarios.publish`. Not part of the definition. Default false. */
  readonly draft?: boolean
  readonly steps: (
    builder: StepBuilder<[K] extends [never] ? Record<never, never> : Fields<z.output<E[K]>>, A, E>,
  ) => readonly Step[]
}
