import type * as z from 'zod'
import type { DeclaredScenario, DeclaredTemplate } from '../../define/declared.ts'
import type { ScenarioStep } from '../../domain/scenario/scenario-definition.ts'
import { TobiishiError } from '../../errors/index.ts'
import { checkSender } from '../../message/check-sender.ts'
import type { Runtime, Settings } from '../runtime.ts'
import type { TobiishiOptions, TypedModel } from './options.ts'
import { optionsSchema, partsSchema } from './options-schema.ts'
import { strangeKeys, unknownOptions } from './unknown-options.ts'

/**
 * Checks that all parts are there, and the plain options, and fills in the defaults. Throws `config.invalid`, naming every path
 * that is wrong. The lengths and ids of secrets are the signer's to judge.
 */
export const checkSettings = <D extends TypedModel, Tx>(options: TobiishiOptions<D, Tx>): Settings => {
  const parts = partsSchema.safeParse(options ?? {})
  const parsed = optionsSchema.safeParse(options ?? {})
  const unknown = unknownOptions(options ?? {})
  if (!parts.success || !parsed.success || unknown.length > 0)
    throw invalid(unknown, [...(parts.error?.issues ?? []), ...(parsed.error?.issues ?? [])])
  const { bounceAddress, ...rest } = parsed.data
  for (const [name, sender] of Object.entries(rest.senders)) checkSender(sender, name)
  const unknownEvent = rest.attribution.events.find((event) => !(event in options.model.events))
  if (unknownEvent !== undefined)
    throw new TobiishiError('config.invalid', `attribution.events names '${unknownEvent}', which the model does not have.`)
  const strayCap = rest.caps.find(({ topic }) => topic !== null && !Object.hasOwn(options.model.topics, topic))
  if (strayCap !== undefined)
    throw new TobiishiError(
      'config.invalid',
      `caps: '${strayCap.name}' counts mail of the topic '${strayCap.topic}', which the model does not have.`,
    )
  return {
    ...rest,
    bounceAddress: bounceAddress ?? null,
    isHoliday: options.isHoliday ?? (() => false),
  }
}

/** All templates by name: the given ones and those of the scenarios. Refuses two of one name and unknown senders. */
export const collectTemplates = (
  templates: readonly DeclaredTemplate[],
  scenarios: readonly DeclaredScenario[],
  settings: Settings,
): Map<string, DeclaredTemplate> => {
  const byName = new Map<string, DeclaredTemplate>()
  for (const template of [...templates, ...scenarios.flatMap((scenario) => scenario.templates)]) {
    const other = byName.get(template.name)
    if (other !== undefined && other !== template)
      throw new TobiishiError('definition.duplicate', `There are two templates named '${template.name}': rename one.`)
    if (!(template.sender in settings.senders))
      throw new TobiishiError(
        'config.invalid',
        `Template '${template.name}' is sent by '${template.sender}', which senders does not have: add it there.`,
      )
    byName.set(template.name, template)
  }
  return byName
}

/** All scenarios by name. Refuses two of one name, and steps whose template or handler did not come along. */
export const collectScenarios = (
  scenarios: readonly DeclaredScenario[],
  { templates, handlers }: Pick<Runtime, 'templates' | 'handlers'>,
): Map<string, DeclaredScenario> => {
  const byName = new Map<string, DeclaredScenario>()
  for (const scenario of scenarios) {
    const { name, steps } = scenario.definition
    if (byName.has(name))
      throw new TobiishiError('definition.duplicate', `There are two scenarios named '${name}': rename one or leave one out.`)
    for (const step of Object.values(steps)) requireParts(name, step, { templates, handlers })
    byName.set(name, scenario)
  }
  return byName
}

const requireParts = (scenario: string, step: ScenarioStep, parts: Pick<Runtime, 'templates' | 'handlers'>): void => {
  if (step.kind === 'send' && !parts.templates.has(step.template))
    throw new TobiishiError(
      'template.unknown',
      `Step '${step.id}' of scenario '${scenario}' sends '${step.template}', which is not among the templates: add it.`,
    )
  if (step.kind === 'call' && !parts.handlers.has(step.handler))
    throw new TobiishiError(
      'handler.unknown',
      `Step '${step.id}' of scenario '${scenario}' calls '${step.handler}', which is not among the handlers: give it to createTobiishi.`,
    )
}

const invalid = (unknown: readonly string[], issues: readonly z.core.$ZodIssue[]): TobiishiError => {
  const told = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? strangeKeys(issue) : [`${issue.path.map(String).join('.')}: ${issue.message}`],
  )
  const problems = [...unknown, ...told]
  return new TobiishiError('config.invalid', `createTobiishi cannot start with these options. ${problems.join('; ')}.`, {
    details: { problems },
  })
}
