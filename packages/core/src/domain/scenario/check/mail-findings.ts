import { expressionsOf } from '../event-reader.ts'
import type { MailMatch, ScenarioDefinition, ScenarioStep, SendStep } from '../scenario-definition.ts'
import type { CheckContext } from './check-context.ts'
import { type BareFinding, bare } from './finding.ts'
import { isPause, reachableFrom, waysOf } from './graph.ts'

const isSend = (step: ScenarioStep): step is SendStep => step.kind === 'send'

/** What a definition says of mail: props, mails at one moment, and questions about mail that was not sent or not read yet. */
export const mailFindings = (definition: ScenarioDefinition, context: CheckContext): readonly BareFinding[] => {
  const steps = Object.values(definition.steps)
  return [
    ...steps.filter(isSend).flatMap((step) => propFindings(step, context)),
    ...steps.flatMap((step) => eventFindings(definition, step)),
    ...steps.filter(isSend).flatMap((step) => crowdFindings(definition, step)),
    ...steps.flatMap((step) => mailsAsked(step).flatMap((asked) => fateFindings(definition, step, asked))),
  ]
}

const propFindings = (step: SendStep, { templates }: CheckContext): readonly BareFinding[] => {
  if (templates === undefined) return []
  const { template } = step
  const known = Object.hasOwn(templates, template) ? templates[template] : undefined
  if (known === undefined) return [bare('unknown-template', step.id, { template })]
  const filled = Object.keys(step.props)
  return [
    ...known.required.filter((prop) => !filled.includes(prop)).map((prop) => bare('missing-prop', step.id, { template, prop })),
    ...filled
      .filter((prop) => !known.required.includes(prop) && !known.optional.includes(prop))
      .map((prop) => bare('unknown-prop', step.id, { template, prop })),
    ...(step.urgent !== null && known.purpose === 'marketing' ? [bare('urgent-marketing', step.id)] : []),
  ]
}

/** Values that come from an event although none starts the scenario (an `enrol` may still bring one). */
const eventFindings = ({ trigger }: ScenarioDefinition, step: ScenarioStep): readonly BareFinding[] => {
  if (trigger === null || trigger.kind === 'event') return []
  return JSON.stringify(expressionsOf(step)).includes('"scope":"event"') ? [bare('no-event', step.id)] : []
}

/** Mails that leave at one moment, because no time passes between them. */
const crowdFindings = (definition: ScenarioDefinition, step: SendStep): readonly BareFinding[] => {
  const following = reachableFrom(definition, waysOf(step), (one) => !isPause(one) && !isSend(one))
  return Object.values(definition.steps)
    .filter((other) => isSend(other) && following.has(other.id) && other.id !== step.id)
    .map((other) => bare('mails-at-once', other.id, { mail: step.id }))
}

const mailsAsked = (step: ScenarioStep): readonly MailMatch[] => {
  const asked = step.kind === 'branch' ? [step.on] : step.kind === 'wait-for' ? step.arms.map(({ on }) => on) : []
  return asked.filter((on): on is MailMatch => on.kind === 'mail')
}

const fateFindings = (definition: ScenarioDefinition, step: ScenarioStep, asked: MailMatch): readonly BareFinding[] => {
  const mail = definition.steps[asked.step]
  const words = { mail: asked.step }
  if (mail === undefined || !isSend(mail) || !reachableFrom(definition, waysOf(mail)).has(step.id))
    return [bare('fate-unknown', step.id, words)]
  if (step.kind !== 'branch' || asked.fate === 'sent') return []
  const atOnce = reachableFrom(definition, waysOf(mail), (one) => !isPause(one)).has(step.id)
  return atOnce ? [bare('fate-too-early', step.id, words)] : []
}
