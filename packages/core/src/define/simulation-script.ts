import type { JsonObject } from '../domain/json.ts'
import type { ScenarioDefinition } from '../domain/scenario/scenario-definition.ts'
import type { SimulationOptions } from '../domain/scenario/simulate/script.ts'
import type { InstantInput } from '../domain/time/parse-instant.ts'
import type { DeclaredModel, DeclaredTemplate } from './declared.ts'
import type { ElapsedSpan } from './span.ts'

/** Something that a contact of a simulation does, or that changes about them. */
export type HappeningScript =
  | { readonly at: InstantInput; readonly event: string; readonly payload?: JsonObject }
  /** `null` clears one. */
  | { readonly at: InstantInput; readonly attributes: JsonObject }
  | { readonly at: InstantInput; readonly enrol: { readonly event?: JsonObject; readonly step?: string } }

/** One contact of a simulation with their script; what happens before the start is history. */
export interface ContactScript {
  readonly id: string
  /** IANA. Default: the simulation's. */
  readonly timeZone?: string
  /** In their JSON form. */
  readonly attributes?: JsonObject
  readonly happenings?: readonly HappeningScript[]
}

/** What a person does with a mail, and after how long. */
export interface ReactionScript {
  readonly opensAfter?: ElapsedSpan
  readonly clicksAfter?: ElapsedSpan
  /** Address, as the template has it, or number of the link that is clicked. Numbers count from 0, the default. */
  readonly link?: string | number
  readonly bounces?: boolean
}

export interface SimulateOptions extends Pick<SimulationOptions, 'days' | 'answers' | 'timeZone' | 'isHoliday' | 'quietHours'> {
  readonly from: InstantInput
  readonly contacts: Iterable<ContactScript>
  /** Asked once a mail; must depend on the mail only. Default: nobody does anything. */
  readonly reacts?: (mail: Parameters<NonNullable<SimulationOptions['reacts']>>[0]) => ReactionScript | undefined
}

/** What a simulation is of. */
export interface SimulatedScenario {
  readonly model: DeclaredModel
  readonly definition: ScenarioDefinition
  /** By name; those that are not known are taken for marketing. */
  readonly templates: ReadonlyMap<string, DeclaredTemplate>
}
