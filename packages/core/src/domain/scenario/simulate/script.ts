import type { JsonObject } from '../../json.ts'
import type { Instant, Milliseconds } from '../../time/instant.ts'

/** A mail as it reaches a contact of a simulation. */
export interface SimulatedMail {
  readonly contactId: string
  readonly step: string
  readonly template: string
  readonly props: JsonObject
  readonly at: Instant
  /** 0 for the first mail of the contact. */
  readonly nth: number
}

/** What a person does with a mail, after how long. Absent: nothing. */
export interface Reaction {
  readonly opensAfter?: Milliseconds
  readonly clicksAfter?: Milliseconds
  /** Address or number of the link, from 0. Default 0. */
  readonly link?: string | number
  readonly bounces?: boolean
}

/** Something that a contact does, or that changes about them, at an instant. */
export type Happening =
  | { readonly at: Instant; readonly event: string; readonly payload?: JsonObject }
  /** `null` clears one. */
  | { readonly at: Instant; readonly attributes: JsonObject }
  /** Enrolled by hand, with the payload that steps read as `event`, at a step other than the first. */
  | { readonly at: Instant; readonly enrol: { readonly event?: JsonObject; readonly step?: string } }

/** One contact of a simulation with their script. */
export interface SimulatedContact {
  readonly id: string
  /** IANA. Default: the simulation's. */
  readonly timeZone?: string
  /** In their JSON form. Default none. */
  readonly attributes?: JsonObject
  /** In any order. What lies before the start is history: it starts nothing. */
  readonly happenings?: readonly Happening[]
}

export interface SimulationOptions {
  readonly from: Instant
  /** Days of 24 hours. */
  readonly days: number
  readonly contacts: Iterable<SimulatedContact>
  /** What people do with their mail. Default: nothing. Must depend on its argument only. */
  readonly reacts?: (mail: SimulatedMail) => Reaction | undefined
  /** How a call of the app ends: true (default) with success, false given up, after `after`. */
  readonly answers?: (call: { readonly contactId: string; readonly step: string }) => {
    readonly ok: boolean
    readonly after?: Milliseconds
  }
  /** Default `Asia/Tokyo`. */
  readonly timeZone?: string
  readonly isHoliday?: (date: string) => boolean
  readonly quietHours?: { readonly from: string; readonly to: string } | null
  /** Transactional templates, which quiet hours do not hold. Default: all are marketing. */
  readonly isTransactional?: (template: string) => boolean
}

export interface SimulatedOutcome {
  readonly contactId: string
  readonly step: string
  readonly template: string
  readonly at: Instant
  /** Null: it went out. */
  readonly skipped: string | null
}

export interface SimulatedEnrolment {
  readonly contactId: string
  readonly entryKey: string
  readonly enteredAt: Instant
  readonly state: 'active' | 'completed' | 'exited' | 'failed'
  readonly endReason: string | null
  /** Where it stands at the end of the simulation; null when it has ended. */
  readonly stepId: string | null
  readonly wakeAt: Instant | null
}

/** Who gets what when. Mails by contact, then by time. */
export interface Simulation {
  readonly mails: readonly SimulatedOutcome[]
  readonly enrolments: readonly SimulatedEnrolment[]
  readonly steps: { readonly [step: string]: { readonly sent: number; readonly skipped: number } }
  /** Contacts by variant, of each experiment. */
  readonly variants: { readonly [experiment: string]: { readonly [variant: string]: number } }
  /** Entries into other scenarios. */
  readonly wentTo: { readonly [scenario: string]: number }
}
