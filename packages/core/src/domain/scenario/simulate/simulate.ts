import { TobiishiError } from '../../../errors/index.ts'
import { isTimeZone } from '../../time/time-zone.ts'
import { asksWhoWasSent } from '../asks-who-was-sent.ts'
import type { ScenarioDefinition } from '../scenario-definition.ts'
import { ContactLife } from './contact-life.ts'
import type { SimulatedEnrolment, SimulatedOutcome, Simulation, SimulationOptions } from './script.ts'

/**
 * Runs contacts through a scenario in virtual time, each with what they do, and tells who gets what when. Pure: no storage, no
 * network, the reducer alone; the same input gives the same answer. Consent, caps and suppression are not looked at, and other
 * scenarios are not run. Throws `time.invalid` for an unknown zone and whatever the calendar throws past its horizon.
 */
export const simulateScenario = (definition: ScenarioDefinition, options: SimulationOptions): Simulation => {
  const appZone = options.timeZone ?? 'Asia/Tokyo'
  if (!isTimeZone(appZone)) throw new TobiishiError('time.invalid', 'timeZone is not an IANA time zone such as Asia/Tokyo.')
  const world = { definition, options, appZone, asksWhoWasSent: asksWhoWasSent(definition) }
  const mails: SimulatedOutcome[] = []
  const enrolments: SimulatedEnrolment[] = []
  const variants = new Map<string, Map<string, number>>()
  const wentTo = new Map<string, number>()
  for (const contact of options.contacts) {
    const life = new ContactLife(world, contact).live()
    mails.push(...life.mails)
    for (const { contactId, entryKey, enteredAt, state, endReason, stepId, wakeAt } of life.enrolments)
      enrolments.push({ contactId, entryKey, enteredAt, state, endReason, stepId, wakeAt })
    for (const [experiment, variant] of life.variants) count(groupOf(variants, experiment), variant)
    for (const scenario of life.wentTo) count(wentTo, scenario)
  }
  return {
    mails,
    enrolments,
    steps: stepsOf(definition, mails),
    variants: Object.fromEntries([...variants].map(([experiment, counts]) => [experiment, Object.fromEntries(counts)])),
    wentTo: Object.fromEntries(wentTo),
  }
}

const groupOf = (groups: Map<string, Map<string, number>>, key: string): Map<string, number> => {
  const group = groups.get(key) ?? new Map<string, number>()
  groups.set(key, group)
  return group
}

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

const stepsOf = ({ steps }: ScenarioDefinition, mails: readonly SimulatedOutcome[]): Simulation['steps'] => {
  const sent = new Map<string, number>()
  const skipped = new Map<string, number>()
  for (const mail of mails) count(mail.skipped === null ? sent : skipped, mail.step)
  const sends = Object.values(steps).filter(({ kind }) => kind === 'send')
  return Object.fromEntries(sends.map(({ id }) => [id, { sent: sent.get(id) ?? 0, skipped: skipped.get(id) ?? 0 }]))
}
